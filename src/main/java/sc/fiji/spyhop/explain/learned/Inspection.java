package sc.fiji.spyhop.explain.learned;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.Device;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.engine.RectifierRule;
import sc.fiji.spyhop.engine.selection.Engines;
import sc.fiji.spyhop.image.Affine;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.Resize;
import sc.fiji.spyhop.inference.Runner;
import sc.fiji.spyhop.model.Model;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.ReceptiveField;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.network.Shapes;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.util.Strings;

/** A layer of a network that runs, looked into. */
final class Inspection implements AutoCloseable {

  /** Width and height that a network which takes any size is shown at once, its own pixels. */
  private static final int SIDE = 512;

  /** Shares of pixel values that are shown as black and as white. */
  private static final double DARK = 0.002;

  private final Runner<?> runner;
  private final Network network;
  private final String input;
  private final String layer;
  private final int channels;
  private final List<Integer> field;
  private final List<Double> stride;
  private final ReceptiveField.Positions rows;
  private final ReceptiveField.Positions columns;
  private final boolean open;
  private final int multiple;
  private final List<Integer> smallest;

  /**
   * What the network is shown of an image, or of a part of one.
   *
   * @param image its name
   * @param normalized [1, channels, height, width]
   * @param pixels the same before normalization
   * @param toImage from pixels of what is shown to those of the image
   * @param low value to show as black
   * @param high value to show as white
   */
  record View(
      String image, Tensor normalized, float[] pixels, Affine toImage, double low, double high) {

    int width() {
      return normalized.size('W');
    }

    int height() {
      return normalized.size('H');
    }
  }

  /** A rectangle of what is shown. */
  private record Rect(int x, int y, int width, int height) {}

  Inspection(Model asked, String name) {
    asked.requireLayers("its layers cannot be looked into");
    Model model = asked.unquantized();
    network = model.network();
    if (network.inputs().size() != 1) {
      throw new SpyhopException(
          Strings.format(
              "Model %s: expected a network with one input, received one with %d.",
              model.spec().name(), network.inputs().size()));
    }
    input = network.inputs().get(0).name();
    layer = name.isEmpty() ? last(network) : named(network, name);
    channels = Shapes.of(network).get(layer).channels();
    field = ReceptiveField.sizes(network).get(layer);
    stride = ReceptiveField.strides(network).get(layer);
    rows = ReceptiveField.positions(network, layer, 0).orElseThrow();
    columns = ReceptiveField.positions(network, layer, 1).orElseThrow();
    open = network.inputs().get(0).shape().space().stream().allMatch(s -> s == Shape.ANY);
    multiple = ReceptiveField.of(network).sizeMultiple().stream().max(Integer::compare).orElse(1);
    smallest = Shapes.smallest(network);
    Engine engine = Engines.forGradients();
    runner = Runner.of(model, Runner.Options.DEFAULT, engine, engine.devices().get(0));
  }

  /** Layers that give maps, whose positions have a place in the image. */
  private static List<Layer> mapped(Network network) {
    Map<String, List<Integer>> fields = ReceptiveField.sizes(network);
    return network.layers().stream()
        .filter(l -> fields.getOrDefault(l.name(), List.of()).size() == 2)
        .toList();
  }

  private static String last(Network network) {
    List<Layer> mapped = mapped(network);
    if (mapped.isEmpty()) throw none();
    for (int i = mapped.size() - 1; i >= 0; i--) {
      if (mapped.get(i).rectifies()) return mapped.get(i).name();
    }
    return mapped.get(mapped.size() - 1).name();
  }

  private static SpyhopException none() {
    return new SpyhopException("Layer: the network has no layer with feature maps of images.");
  }

  private static String named(Network network, String name) {
    List<String> known = mapped(network).stream().map(Layer::name).toList();
    if (known.contains(name)) return name;
    if (known.isEmpty()) throw none();
    String some = String.join(", ", known.subList(Math.max(0, known.size() - 5), known.size()));
    boolean there = network.layers().stream().anyMatch(l -> l.name().equals(name));
    throw new SpyhopException(
        "Layer: expected one with feature maps, such as "
            + some
            + ", received "
            + (there ? name + ", which sees all of the image at once." : '"' + name + "\"."));
  }

  String layer() {
    return layer;
  }

  /** Number of maps. */
  int channels() {
    return channels;
  }

  Device device() {
    return runner.device();
  }

  /**
   * What the network is shown of an image: all at once or, if the image is large and the network
   * takes any size, parts side by side.
   *
   * @throws SpyhopException if the model cannot be shown the image
   */
  List<View> views(Frame frame) {
    ModelSpec spec = runner.spec();
    spec.requireChannels(frame);
    Resize fit = spec.input().fit();
    if (!open || fit.isFixed()) return List.of(view(frame, frame, fit, 0, 0));
    double scale = runner.scale(List.of(frame), Progress.NONE).factor();
    double own = fit instanceof Resize.Scaled s ? s.factor() : 1;
    Resize.Scaled scaled = new Resize.Scaled(own * scale, multiple);
    int side = Math.max(1, (int) (SIDE / scaled.factor()));
    List<View> views = new ArrayList<>();
    for (int y = 0; y < frame.height(); y += side) {
      for (int x = 0; x < frame.width(); x += side) {
        int width = Math.min(side, frame.width() - x);
        int height = Math.min(side, frame.height() - y);
        views.add(view(frame.crop(x, y, width, height), frame, scaled, x, y));
      }
    }
    return views;
  }

  /** A part of an image, as bright as it is in the whole. */
  private View view(Frame part, Frame whole, Resize fit, int x, int y) {
    ModelSpec.Input in = runner.spec().input();
    float[] pixels = fit.read(in.arranged(part));
    float[] values = pixels.clone();
    in.normalization().fit(in.arranged(whole)).apply(values, in.channels());
    Resize.View view = fit.view(part.width(), part.height());
    int[] shape = {1, in.channels(), view.height(), view.width()};
    float[] sorted = pixels.clone();
    Arrays.sort(sorted);
    return new View(
        whole.name(),
        new Tensor(Axes.NCHW, shape, values),
        pixels,
        view.toImage().then(Affine.translation(x, y)),
        sorted[(int) (DARK * (sorted.length - 1))],
        sorted[(int) ((1 - DARK) * (sorted.length - 1))]);
  }

  /** [1, maps, height, width]. */
  Tensor activations(View view) {
    return runner.activations(view.normalized, List.of(layer)).get(layer);
  }

  /** What a position sees, and its projection. */
  Patch patch(View view, Activations.Peak peak) {
    Rect seen = seen(view, peak);
    boolean isLocal = open && !ReceptiveField.amongAll(network).contains(layer);
    Rect run = isLocal ? around(seen, view) : new Rect(0, 0, view.width(), view.height());
    Tensor shown = run(view, run);
    Shape map =
        Shapes.of(network, Map.of(input, Shape.of(shown.size('C'), run.height, run.width)))
            .get(layer);
    int mapHeight = map.space().get(0);
    int mapWidth = map.space().get(1);
    int x = peak.x() - (int) Math.round(run.x / stride.get(1));
    int y = peak.y() - (int) Math.round(run.y / stride.get(0));
    Tensor weight = Tensor.zeros(Axes.NCHW, 1, channels, mapHeight, mapWidth);
    weight.data()[(peak.map() * mapHeight + y) * mapWidth + x] = peak.activation();
    Tensor back = runner.gradient(shown, layer, weight, input, RectifierRule.DECONVNET);
    double middleX = seen.x + seen.width / 2.0;
    double middleY = seen.y + seen.height / 2.0;
    return new Patch(
        view.image,
        peak.activation(),
        view.toImage.x(middleX, middleY),
        view.toImage.y(middleX, middleY),
        seen.width,
        seen.height,
        cut(view.pixels, new Rect(0, 0, view.width(), view.height()), seen, Float.NaN),
        view.low,
        view.high,
        cut(back.data(), run, seen, 0));
  }

  /** As large for all positions of a layer, and no larger than what is shown. */
  private Rect seen(View view, Activations.Peak peak) {
    int height = Math.min(field.get(0), view.height());
    int width = Math.min(field.get(1), view.width());
    return new Rect(
        from(columns, peak.x(), width, view.width()),
        from(rows, peak.y(), height, view.height()),
        width,
        height);
  }

  private static int from(ReceptiveField.Positions along, int at, int length, int size) {
    if (length == size) return 0;
    long seen = along.last(at) - along.first(at) + 1;
    return (int) (along.first(at) + Math.floorDiv(seen - length, 2L));
  }

  /** All that the network needs to see for that, on its grid, if it can be shown so little. */
  private Rect around(Rect seen, View view) {
    int x = Math.max(0, Math.floorDiv(seen.x, multiple) * multiple);
    int y = Math.max(0, Math.floorDiv(seen.y, multiple) * multiple);
    int right = Math.min(view.width(), -Math.floorDiv(-seen.x - seen.width, multiple) * multiple);
    int bottom =
        Math.min(view.height(), -Math.floorDiv(-seen.y - seen.height, multiple) * multiple);
    boolean fits = right - x >= smallest.get(1) && bottom - y >= smallest.get(0);
    return fits
        ? new Rect(x, y, right - x, bottom - y)
        : new Rect(0, 0, view.width(), view.height());
  }

  private static Tensor run(View view, Rect part) {
    Rect whole = new Rect(0, 0, view.width(), view.height());
    if (part.equals(whole)) return view.normalized;
    float[][] cut = cut(view.normalized.data(), whole, part, 0);
    float[] joined = new float[cut.length * part.width * part.height];
    for (int c = 0; c < cut.length; c++) {
      System.arraycopy(cut[c], 0, joined, c * cut[c].length, cut[c].length);
    }
    return new Tensor(Axes.NCHW, new int[] {1, cut.length, part.height, part.width}, joined);
  }

  /**
   * A rectangle of values, channel by channel.
   *
   * @param of where the values lie
   * @param beyond value of what lies beyond them
   */
  private static float[][] cut(float[] values, Rect of, Rect part, float beyond) {
    int size = of.width * of.height;
    float[][] cut = new float[values.length / size][part.width * part.height];
    for (int c = 0; c < cut.length; c++) {
      for (int i = 0; i < cut[c].length; i++) {
        int x = part.x + i % part.width - of.x;
        int y = part.y + i / part.width - of.y;
        boolean inside = x >= 0 && y >= 0 && x < of.width && y < of.height;
        cut[c][i] = inside ? values[c * size + y * of.width + x] : beyond;
      }
    }
    return cut;
  }

  @Override
  public void close() {
    runner.close();
  }
}
