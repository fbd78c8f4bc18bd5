package sc.fiji.spyhop.exchange;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.FileRunner.Values;
import sc.fiji.spyhop.exchange.graph.Imported;
import sc.fiji.spyhop.exchange.onnx.OnnxFile;
import sc.fiji.spyhop.network.Activation;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.OnnxContent;
import sc.fiji.spyhop.network.OnnxGraph;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.network.Upsampling;
import sc.fiji.spyhop.util.Strings;
import sc.fiji.spyhop.weights.Weights;

/**
 * Takes an ONNX file as it is: a network of {@link OnnxGraph}s, with a softmax or sigmoid at its
 * end as a layer of ours. What its outputs look like is found by running it.
 */
final class AsIs {

  private static final List<Integer> ANY = List.of(Shape.ANY, Shape.ANY);

  /** Tried in this order where a file leaves the size of images open. */
  private static final List<Integer> SIDES = List.of(224, 256, 320, 384, 512, 640);

  /** Of tiles, for networks that look at the whole image and take any size. */
  private static final int TILE = 256;

  private final Path path;
  private final OnnxFile file;
  private final OnnxFile.Port input;
  private final boolean channelsLast;
  private final int channels;
  private final List<String> missing;
  private final List<String> notes = new ArrayList<>();

  private AsIs(Path path, String why) {
    this.path = path;
    this.file = OnnxFile.read(path);
    this.missing = missing(why, file);
    if (file.inputs().size() != 1 || file.inputs().get(0).sizes().size() != 4) {
      throw refused("expected one image as input, received " + file.inputs());
    }
    input = file.inputs().get(0);
    List<Integer> sizes = input.sizes();
    channelsLast = isFew(sizes.get(3)) && !isFew(sizes.get(1));
    channels = sizes.get(channelsLast ? 3 : 1);
    if (channels == Shape.ANY) {
      throw refused("its number of channels is left open. Export it with a fixed one.");
    }
    if (sizes.get(0) > 1) {
      throw refused("takes batches of " + sizes.get(0) + ". Export it with a batch of 1 or any.");
    }
  }

  private static boolean isFew(int channels) {
    return channels >= 1 && channels <= 4;
  }

  private SpyhopException refused(String why) {
    return new SpyhopException(path + ": as it is: " + why);
  }

  /** Operators that a message about a translation names. */
  private static List<String> missing(String why, OnnxFile file) {
    List<String> named =
        file.operators().stream()
            .filter(o -> Pattern.compile("\\b" + Pattern.quote(o) + "\\b").matcher(why).find())
            .toList();
    return named.isEmpty() && !why.isEmpty() ? List.of("all of it") : named;
  }

  /**
   * Takes the only output, of classes of an image or of its pixels.
   *
   * @param size height and width of the images it will be given, where it leaves them open
   * @param why it is not translated, as the translation says; empty: as was asked for
   */
  static Imported read(Path path, Optional<List<Integer>> size, String why) {
    return new AsIs(path, why).ofOne(size);
  }

  private Imported ofOne(Optional<List<Integer>> size) {
    if (file.outputs().size() != 1) {
      throw refused(
          "has "
              + file.outputs().size()
              + " outputs ("
              + String.join(", ", file.outputs().stream().map(OnnxFile.Port::name).toList())
              + "). Say what they are with --outputs, such as ssd; see docs/import.md.");
    }
    OnnxFile.Port output = file.outputs().get(0);
    List<Integer> sides;
    Values seen;
    try (AsIsProbe probe = probe(file.content())) {
      sides = sides(probe, size);
      seen = probe.run(sides).get(output.name());
    }
    List<Integer> shape = seen.shape();
    boolean map = shape.size() == 4 && rows(shape) * columns(shape) > 1;
    if (shape.get(0) != 1 || shape.size() != 2 && shape.size() != 4) {
      throw refused(
          "its output "
              + output.name()
              + " has the shape "
              + shape
              + "; expected classes of the image [1, classes] or of places [1, classes, rows,"
              + " columns]. If these are boxes, say how with --outputs; see docs/import.md.");
    }
    int axis = shape.size() == 4 && channelsLast ? 3 : 1;
    Optional<OnnxFile.Ending> ending = file.ending(output.name(), axis, shape.size());
    String value = ending.map(OnnxFile.Ending::before).orElse(output.name());
    OnnxContent content = ending.map(e -> file.giving(e.before())).orElseGet(file::content);
    List<Layer> layers = new ArrayList<>();
    List<Integer> space;
    try (AsIsProbe probe = probe(content)) {
      boolean open = isOpen() && size.isEmpty();
      if (map) {
        int stride = stride(sides, shape);
        Optional<AsIsProbe.Reach> reach = open ? probe.reach(value, stride) : Optional.empty();
        space = reach.isPresent() ? ANY : open ? tile(probe) : sides;
        layers.add(graph(content, value, shape.get(axis), reach.orElse(whole(stride))));
        if (stride > 1) layers.add(enlarged(stride));
      } else {
        int values = seen.values().length;
        space = open && probe.takesAnother(sides, value, values) ? ANY : sides;
        layers.add(graph(content, value, values, new AsIsProbe.Reach(0, 0, 1)));
      }
    }
    String last = layers.get(layers.size() - 1).name();
    ending.ifPresent(e -> layers.add(new Activation("output", last, e.function())));
    return imported(layers, List.of(layers.get(layers.size() - 1).name()), space);
  }

  private AsIsProbe probe(OnnxContent content) {
    return new AsIsProbe(content, channels, channelsLast);
  }

  private int rows(List<Integer> shape) {
    return shape.get(channelsLast ? 1 : 2);
  }

  private int columns(List<Integer> shape) {
    return shape.get(channelsLast ? 2 : 3);
  }

  private int stride(List<Integer> sides, List<Integer> shape) {
    int stride = sides.get(0) / rows(shape);
    if (stride * rows(shape) != sides.get(0) || stride * columns(shape) != sides.get(1)) {
      throw refused(
          "makes a map of the shape "
              + shape
              + " of an image of "
              + sides
              + " (rows, columns); expected the same whole number of pixels for each place.");
    }
    return stride;
  }

  private static AsIsProbe.Reach whole(int stride) {
    return new AsIsProbe.Reach(stride, 0, stride);
  }

  /** Of a network that takes any size, but sees all of it. */
  private List<Integer> tile(AsIsProbe probe) {
    List<Integer> tile = List.of(TILE, TILE);
    probe.run(tile);
    notes.add(
        Strings.format(
            "What the network says of a place hangs on the whole of what it is shown, so it is shown parts of %d x %d pixels; say another size with the preparation, such as \"crop 512\".",
            TILE, TILE));
    return tile;
  }

  private Upsampling enlarged(int stride) {
    notes.add(
        "Its map has one place for "
            + stride
            + " x "
            + stride
            + " pixels, between which values are interpolated.");
    return new Upsampling(
        "enlarged", "network", List.of(stride, stride), Layer.Interpolation.BILINEAR);
  }

  private boolean isOpen() {
    return rows(input.sizes()) == Shape.ANY && columns(input.sizes()) == Shape.ANY;
  }

  private OnnxGraph graph(
      OnnxContent content, String value, int outputChannels, AsIsProbe.Reach reach) {
    return new OnnxGraph(
        "network",
        "input",
        content,
        value,
        outputChannels,
        reach.stride(),
        reach.halo(),
        reach.multiple(),
        channelsLast,
        missing);
  }

  private Imported imported(List<Layer> layers, List<String> outputs, List<Integer> space) {
    Network network =
        new Network(
            List.of(new Network.Input("input", new Shape(channels, space))), layers, outputs);
    notes.add(
        0,
        "The network is kept as it is, for prediction only"
            + (missing.isEmpty() ? "" : ": Spyhop has no layer for " + String.join(", ", missing))
            + ". ONNX Runtime computes it; it cannot be trained further.");
    return new Imported(network, new Weights(Map.of()), notes);
  }

  /** Rows and columns of images it is looked at with. */
  private List<Integer> sides(AsIsProbe probe, Optional<List<Integer>> size) {
    int h = rows(input.sizes());
    int w = columns(input.sizes());
    if (h != Shape.ANY && w != Shape.ANY) return List.of(h, w);
    if (size.isPresent()) {
      return List.of(
          h == Shape.ANY ? size.get().get(0) : h, w == Shape.ANY ? size.get().get(1) : w);
    }
    SpyhopException last = refused("no size fits");
    for (int side : SIDES) {
      List<Integer> sides = List.of(h == Shape.ANY ? side : h, w == Shape.ANY ? side : w);
      try {
        probe.run(sides);
        return sides;
      } catch (SpyhopException e) {
        last = e;
      }
    }
    throw refused(
        "it runs on images of none of the sizes "
            + SIDES
            + ". Say its size with the preparation, such as \"crop 300\". "
            + last.getMessage());
  }
}
