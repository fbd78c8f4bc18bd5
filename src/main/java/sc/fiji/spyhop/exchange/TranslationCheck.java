package sc.fiji.spyhop.exchange;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.Device;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.engine.FileRunner;
import sc.fiji.spyhop.engine.MapShapes;
import sc.fiji.spyhop.engine.Predictor;
import sc.fiji.spyhop.engine.selection.Engines;
import sc.fiji.spyhop.exchange.graph.Feature;
import sc.fiji.spyhop.exchange.graph.Imported;
import sc.fiji.spyhop.exchange.onnx.OnnxExport;
import sc.fiji.spyhop.exchange.onnx.OnnxValues;
import sc.fiji.spyhop.exchange.onnx.OnnxWriter;
import sc.fiji.spyhop.image.Normalization;
import sc.fiji.spyhop.network.Activation;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.OnnxContent;
import sc.fiji.spyhop.network.Quantization;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.util.Strings;

/**
 * Holds a network that was imported against ONNX Runtime, on one picture of noise: what comes out,
 * and what a softmax or the like at the end is made of, has to be the same. Networks of ONNX are
 * held against the file itself; those of other formats, which no other program aboard runs, against
 * their own export to ONNX, so that what is checked is all but the reading of the file.
 */
public final class TranslationCheck {

  /** Largest difference of two values that are the same, as a share of the largest value. */
  private static final double TOLERANCE = 1e-4;

  /** The same where the file is computed in 16 bits, of which Spyhop makes 32. */
  private static final double TOLERANCE_OF_HALF = 2e-2;

  /** Most values of all maps of a network together, and of those that are compared at a time. */
  private static final long MAX_VALUES = 1L << 28;

  private static final long MAX_AT_A_TIME = 1L << 25;

  private static final Normalization.Fixed ANY_RANGE =
      new Normalization.Fixed(List.of(127.5), List.of(1 / 63.75));

  /** The network as another program has it. */
  private interface Original {

    /** A file that gives some of its values. */
    byte[] giving(Collection<String> values);

    /** Where a value comes from, in words. */
    String where(String value);
  }

  /** It cannot be said whether they are the same. */
  private static final class Unchecked extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Unchecked(String reason) {
      super(reason);
    }
  }

  private final Original original;
  private final Network network;
  private final Map<String, Feature> values;
  private final double tolerance;
  private final Progress progress;

  private TranslationCheck(
      Original original,
      Network network,
      Map<String, Feature> values,
      double tolerance,
      Progress progress) {
    this.original = original;
    this.network = network;
    this.values = values;
    this.tolerance = tolerance;
    this.progress = progress;
  }

  /**
   * Holds a network against the ONNX file that it was read from.
   *
   * @param range what becomes of the values of a pixel, 0 to 255; empty: -2 to 2
   * @return what was found, or why nothing was checked; a sentence
   * @throws SpyhopException if the two differ; names the first node behind which they do
   */
  public static String ofFile(
      Path file, Imported imported, Optional<Normalization.Fixed> range, Progress progress) {
    OnnxValues onnx = OnnxValues.of(file);
    Original original =
        new Original() {
          @Override
          public byte[] giving(Collection<String> asked) {
            return onnx.giving(asked);
          }

          @Override
          public String where(String value) {
            return onnx.where(value);
          }
        };
    double tolerance = onnx.isHalf() ? TOLERANCE_OF_HALF : TOLERANCE;
    TranslationCheck check =
        new TranslationCheck(original, imported.network(), imported.values(), tolerance, progress);
    return check.sentence(file, imported, range, "of ONNX Runtime on the file itself");
  }

  /**
   * Holds a network against its own export to ONNX.
   *
   * @param file that it was read from
   * @param range as above
   * @return as above
   * @throws SpyhopException as above
   */
  public static String ofExport(
      Path file, Imported imported, Optional<Normalization.Fixed> range, Progress progress) {
    Network network = imported.network();
    Map<String, Feature> all = new LinkedHashMap<>();
    network.inputs().forEach(i -> all.put(i.name(), Feature.of(i.name(), i.shape())));
    for (Layer layer : network.layers()) {
      all.put(layer.name(), Feature.of(layer.name(), Shape.of(1)));
    }
    Original original =
        new Original() {
          @Override
          public byte[] giving(Collection<String> asked) {
            return OnnxWriter.toBytes(
                OnnxExport.of(network, imported.weights(), Quantization.NONE, asked));
          }

          @Override
          public String where(String value) {
            return "layer " + value;
          }
        };
    TranslationCheck check = new TranslationCheck(original, network, all, TOLERANCE, progress);
    return check.sentence(file, imported, range, "of ONNX Runtime on the network's export to ONNX");
  }

  private String sentence(
      Path file, Imported imported, Optional<Normalization.Fixed> range, String whose) {
    try {
      double found = largestDifference(file, imported, range.orElse(ANY_RANGE));
      return Strings.format("Checked: what comes out is that %s, up to %.1e.", whose, found);
    } catch (Unchecked e) {
      return Strings.format(
          "Not checked whether what comes out is that %s: %s", whose, e.getMessage());
    }
  }

  private double largestDifference(Path file, Imported imported, Normalization.Fixed range) {
    Engine files =
        Engines.forFiles()
            .orElseThrow(() -> new Unchecked("ONNX Runtime does not run on this machine."));
    Device processor =
        files.devices().stream()
            .filter(d -> d.kind() == Device.Kind.CPU)
            .findFirst()
            .orElseThrow(() -> new Unchecked("ONNX Runtime does not run on this processor."));
    Tensor noise = noise(range);
    Map<String, int[]> shapes =
        MapShapes.of(network, Map.of(network.inputs().get(0).name(), noise));
    if (shapes.values().stream().mapToLong(Tensor::length).sum() > MAX_VALUES) {
      throw new Unchecked("its maps take too much memory.");
    }
    Engine engine = Engines.forGradients();
    try (Predictor ours = engine.predictor(network, imported.weights(), engine.devices().get(0))) {
      Comparison comparison = new Comparison(ours, files, processor, noise);
      Optional<Difference> wrong = Optional.empty();
      double largest = 0;
      for (Difference d : comparison.of(ends())) {
        if (d.share > tolerance && wrong.isEmpty()) wrong = Optional.of(d);
        largest = Math.max(largest, d.share);
      }
      if (wrong.isEmpty()) return largest;
      Difference first = first(comparison, shapes).orElse(wrong.get());
      throw new SpyhopException(
          Strings.format(
              "%s: was not brought over right: from %s on, layer %s gives other values than ONNX Runtime does, which differ by %.2g of the largest. It is not imported; please report this, with the file.",
              file, original.where(first.value), first.layer, first.share));
    }
  }

  /** A picture of noise of the network's size, or a small one that is wider than high. */
  private Tensor noise(Normalization.Fixed range) {
    Shape input = network.inputs().get(0).shape();
    if (network.inputs().size() != 1 || input.rank() != 2) {
      throw new Unchecked("it reads other things than one image.");
    }
    List<Integer> sides = input.isFixed() ? input.space() : ExampleSize.of(network);
    int channels = input.channels();
    int area = sides.get(0) * sides.get(1);
    float[] noise = new float[channels * area];
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < noise.length; i++) {
      int c = range.offset().size() == 1 ? 0 : i / area;
      noise[i] = (float) ((random.nextInt(256) - range.offset().get(c)) * range.scale().get(c));
    }
    return new Tensor(Axes.NCHW, new int[] {1, channels, sides.get(0), sides.get(1)}, noise);
  }

  /** Values that the network ends with, and those before functions that flatten differences. */
  private List<String> ends() {
    Set<String> layers = new LinkedHashSet<>();
    for (String output : network.outputs()) {
      if (network.layer(output) instanceof Activation a) layers.add(a.input());
      layers.add(output);
    }
    List<String> ends = new ArrayList<>();
    Set<String> found = new LinkedHashSet<>();
    values.forEach(
        (name, feature) -> {
          if (layers.contains(feature.layer()) && found.add(feature.layer())) ends.add(name);
        });
    if (!found.containsAll(network.outputs())) {
      throw new Unchecked("what comes out is no value of the file.");
    }
    return ends;
  }

  /** The first value that differs, of those that both have. */
  private Optional<Difference> first(Comparison comparison, Map<String, int[]> shapes) {
    List<String> part = new ArrayList<>();
    long length = 0;
    for (Map.Entry<String, Feature> e : values.entrySet()) {
      String layer = e.getValue().layer();
      if (network.inputs().stream().anyMatch(i -> i.name().equals(layer))) continue;
      part.add(e.getKey());
      length += Tensor.length(shapes.get(layer));
      if (length < MAX_AT_A_TIME) continue;
      Optional<Difference> found = first(comparison, part);
      if (found.isPresent()) return found;
      part.clear();
      length = 0;
    }
    return first(comparison, part);
  }

  private Optional<Difference> first(Comparison comparison, List<String> part) {
    if (part.isEmpty()) return Optional.empty();
    return comparison.of(part).stream().filter(d -> d.share > tolerance).findFirst();
  }

  /**
   * How much two values differ.
   *
   * @param share of the largest value; infinite if one is not a finite number, or their sizes
   *     differ
   */
  private record Difference(String value, String layer, double share) {}

  /** Runs both. */
  private final class Comparison {
    private final Predictor ours;
    private final Engine files;
    private final Device processor;
    private final Tensor image;

    Comparison(Predictor ours, Engine files, Device processor, Tensor image) {
      this.ours = ours;
      this.files = files;
      this.processor = processor;
      this.image = image;
    }

    List<Difference> of(List<String> names) {
      progress.checkCancelled();
      Network.Input input = network.inputs().get(0);
      Set<String> layers = new LinkedHashSet<>();
      names.forEach(n -> layers.add(values.get(n).layer()));
      Map<String, Tensor> received = ours.activations(Map.of(input.name(), image), layers);
      Map<String, FileRunner.Values> expected = expected(names);
      List<Difference> differences = new ArrayList<>();
      for (String name : names) {
        Feature feature = values.get(name);
        float[] theirs = expected.get(name).values();
        double share = share(received.get(feature.layer()), theirs, feature);
        differences.add(new Difference(name, feature.layer(), share));
      }
      return differences;
    }

    private Map<String, FileRunner.Values> expected(List<String> names) {
      String input = network.inputs().get(0).name();
      boolean last =
          values.values().stream()
              .filter(f -> f.layer().equals(input))
              .findFirst()
              .map(Feature::channelsLast)
              .orElse(false);
      try (FileRunner runner =
          files.runner(
              OnnxContent.of(original.giving(names)), Optional.of(AsIsProbe.LIMIT), processor)) {
        return runner.run(image, last, names);
      } catch (SpyhopException e) {
        throw new Unchecked(e.getMessage());
      }
    }
  }

  private static double share(Tensor ours, float[] theirs, Feature feature) {
    if (ours.length() != theirs.length) return Double.POSITIVE_INFINITY;
    int channels = feature.rows().map(map -> map.shape().channels()).orElse(ours.size(1));
    boolean last = feature.rows().isPresent() || feature.isMap() && feature.channelsLast();
    int places = theirs.length / channels;
    double largest = 0;
    double difference = 0;
    for (int i = 0; i < theirs.length; i++) {
      float a = ours.data()[i];
      float b = theirs[last ? i % places * channels + i / places : i];
      if (Float.isNaN(a) && Float.isNaN(b) || a == b && Float.isInfinite(a)) continue;
      difference = Math.max(difference, Math.abs((double) a - b));
      if (Double.isNaN(difference)) return Double.POSITIVE_INFINITY;
      largest = Math.max(largest, Math.abs(b));
    }
    return difference == 0 ? 0 : difference / largest;
  }
}
