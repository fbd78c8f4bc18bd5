package sc.fiji.spyhop.exchange;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.engine.FileRunner;
import sc.fiji.spyhop.engine.FileRunner.Values;
import sc.fiji.spyhop.engine.selection.Engines;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.OnnxContent;
import sc.fiji.spyhop.network.OnnxGraph;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;

/** Finds out by trying what a file does to images: of which sizes, and how far it looks. */
final class AsIsProbe implements AutoCloseable {

  /** Longest run; nobody waits so long for one image. */
  static final Duration LIMIT = Duration.ofSeconds(60);

  /** Most pixels that sizes may have to be multiples of. */
  private static final int MAX_MULTIPLE = 128;

  /** Sides of images by which it is found how far a network looks; the second if it looks far. */
  private static final List<Integer> SIDES = List.of(256, 512);

  /** Share of the largest value up to which two values are equal. */
  private static final double TOLERANCE = 1e-4;

  /** How maps hang on images: see {@link OnnxGraph}. */
  record Reach(int stride, int halo, int multiple) {}

  private final FileRunner runner;
  private final int channels;
  private final boolean channelsLast;

  AsIsProbe(OnnxContent file, int channels, boolean channelsLast) {
    this.channels = channels;
    this.channelsLast = channelsLast;
    Network any =
        new Network(
            List.of(new Network.Input("input", Shape.of(channels, Shape.ANY, Shape.ANY))),
            List.of(
                new OnnxGraph(
                    "network", "input", file, "output", 1, 0, 0, 1, channelsLast, List.of())),
            List.of("network"));
    Engine engine = Engines.forPrediction(any);
    runner = engine.runner(file, Optional.of(LIMIT), engine.devices().get(0));
  }

  /** What all outputs say of noise. */
  Map<String, Values> run(List<Integer> sides) {
    return runner.run(noise(sides.get(0), sides.get(1)), channelsLast, List.of());
  }

  /** Whether an output has as many values for images of another size. */
  boolean takesAnother(List<Integer> sides, String output, int values) {
    try {
      Values other = run(List.of(sides.get(0) + 32, sides.get(1) + 32)).get(output);
      return other.values().length == values;
    } catch (SpyhopException e) {
      return false;
    }
  }

  /**
   * How far each place of a map sees, and on which grid.
   *
   * @return nothing if it sees all of the image, or as good as that
   */
  Optional<Reach> reach(String output, int stride) {
    for (int side : SIDES) {
      for (int multiple = stride; multiple <= MAX_MULTIPLE; multiple *= 2) {
        int grid = multiple;
        Optional<Reach> found =
            halo(output, stride, grid, side).map(h -> new Reach(stride, h, grid));
        if (found.isPresent()) return found;
      }
    }
    return Optional.empty();
  }

  /**
   * Compares an image with itself, cut at one side or the other by one step of the grid: values
   * near the cut may differ, those that are further away than the halo do not.
   */
  private Optional<Integer> halo(String output, int stride, int grid, int side) {
    int whole = (side / grid | 1) * grid;
    int part = whole - grid;
    Tensor image = sloped(noise(whole, whole));
    try {
      Map2 all = map(image, output, stride);
      Map2 left = map(cut(image, grid, part), output, stride);
      Map2 right = map(cut(image, 0, part), output, stride);
      double tolerance = TOLERANCE * all.largest();
      int places = part / stride;
      int from = grid / stride;
      int near =
          Math.max(
              left.differs(all, from, tolerance, false), right.differs(all, 0, tolerance, true));
      return near * 2 >= places ? Optional.empty() : Optional.of(near * stride);
    } catch (SpyhopException e) {
      return Optional.empty();
    }
  }

  private Map2 map(Tensor image, String output, int stride) {
    Values values = runner.run(image, channelsLast, List.of(output)).get(output);
    int side = image.size('H') / stride;
    List<Integer> shape = values.shape();
    int rows = shape.size() == 4 ? shape.get(channelsLast ? 1 : 2) : 0;
    int columns = shape.size() == 4 ? shape.get(channelsLast ? 2 : 3) : 0;
    if (rows != side || columns != side) {
      throw new SpyhopException("a map of another size: " + shape);
    }
    return new Map2(values.values(), side, channelsLast);
  }

  /** A square map of any number of channels. */
  private record Map2(float[] values, int side, boolean channelsLast) {

    double largest() {
      double largest = 0;
      for (float v : values) largest = Math.max(largest, Math.abs(v));
      return largest;
    }

    private float get(int channel, int row, int column) {
      int channels = values.length / side / side;
      return channelsLast
          ? values[(row * side + column) * channels + channel]
          : values[(channel * side + row) * side + column];
    }

    /**
     * How many rows or columns from the begin, or the end, on differ.
     *
     * @param shift of this within the other
     */
    int differs(Map2 other, int shift, double tolerance, boolean atEnd) {
      int channels = values.length / side / side;
      int most = 0;
      for (int c = 0; c < channels; c++) {
        for (int y = 0; y < side; y++) {
          for (int x = 0; x < side; x++) {
            double d = Math.abs(get(c, y, x) - other.get(c, y + shift, x + shift));
            if (d <= tolerance) continue;
            int from = atEnd ? side - Math.max(x, y) : Math.min(x, y) + 1;
            most = Math.max(most, from);
          }
        }
      }
      return most;
    }
  }

  private Tensor noise(int height, int width) {
    float[] values = new float[channels * height * width];
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < values.length; i++) values[i] = (float) (4 * random.nextDouble() - 2);
    return new Tensor(Axes.NCHW, new int[] {1, channels, height, width}, values);
  }

  /** Brighter to the right and the bottom, so that what is cut off changes means and extremes. */
  private static Tensor sloped(Tensor image) {
    int side = image.size('W');
    for (int i = 0; i < image.length(); i++) {
      image.data()[i] += 4f * (i % side + i / side % side) / side;
    }
    return image;
  }

  private static Tensor cut(Tensor image, int from, int side) {
    int channels = image.size('C');
    int whole = image.size('H');
    float[] values = new float[channels * side * side];
    for (int c = 0; c < channels; c++) {
      for (int y = 0; y < side; y++) {
        int row = (c * whole + from + y) * whole + from;
        System.arraycopy(image.data(), row, values, (c * side + y) * side, side);
      }
    }
    return new Tensor(Axes.NCHW, new int[] {1, channels, side, side}, values);
  }

  @Override
  public void close() {
    runner.close();
  }
}
