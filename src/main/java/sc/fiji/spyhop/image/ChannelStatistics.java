package sc.fiji.spyhop.image;

import java.util.Arrays;
import java.util.BitSet;
import java.util.TreeMap;
import net.imglib2.type.numeric.IntegerType;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.util.Strings;

/**
 * Statistics of the channels of a frame over the pixels that are measured, taken a block at a time:
 * exact for any number of pixels, with memory that does not depend on it.
 */
public final class ChannelStatistics {

  /** Pixels read at once. */
  private static final int BLOCK = 1 << 20;

  /** Times the range that a network expects; values that it learned from reach about 10. */
  private static final double MAX_REACH = 1e9;

  private final Frame frame;
  private final FloatBlocks blocks;

  /** For each channel the largest value without its sign, of those read so far. */
  private final float[] largest;

  /** Of an image whose pixels are read when something is asked. */
  public ChannelStatistics(Frame frame) {
    this.frame = frame;
    this.blocks = new FloatBlocks(frame);
    this.largest = new float[frame.channels()];
  }

  /** Smallest and largest value. */
  public record Range(double min, double max) {
    boolean isOneValue() {
      return min == max;
    }
  }

  /** Mean and population standard deviation. */
  public record Moments(double mean, double deviation) {}

  @FunctionalInterface
  private interface BlockConsumer {
    void accept(float[] values, int count);
  }

  /**
   * Refuses values that are not finite; reads nothing where the pixel type cannot hold any.
   *
   * @throws SpyhopException naming the first such pixel
   */
  void requireFinite() {
    if (frame.pixels().getType() instanceof IntegerType) return;
    for (int c = 0; c < frame.channels(); c++) scan(c, (values, count) -> {});
  }

  /**
   * Refuses a channel that was read if a network would be shown numbers with which it cannot
   * calculate: some pixels are so far from all others that they mean something else.
   *
   * @throws SpyhopException naming the value
   */
  void requireReach(int channel, double offset, double scale) {
    double reach = (largest[channel] + Math.abs(offset)) * Math.abs(scale);
    if (reach <= MAX_REACH) return;
    throw new SpyhopException(
        Strings.format(
            "%s: expected pixels within about %s, received %s, with which a network cannot calculate."
                + " If such pixels mean \"no data\", replace them first (in ImageJ: Process >"
                + " Math > Min... and Max...).",
            frame.name(), (float) (1 / Math.abs(scale)), largest[channel]));
  }

  /**
   * Smallest and largest value of a channel.
   *
   * @throws SpyhopException if a value is not finite
   */
  public Range range(int channel) {
    float[] range = {Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY};
    scan(
        channel,
        (values, count) -> {
          float min = range[0];
          float max = range[1];
          for (int i = 0; i < count; i++) {
            min = Math.min(min, values[i]);
            max = Math.max(max, values[i]);
          }
          range[0] = min;
          range[1] = max;
        });
    return new Range(range[0], range[1]);
  }

  /**
   * Mean and deviation of a channel. Means and sums of squared deviations of the blocks are merged
   * after Chan et al. 1979.
   *
   * @throws SpyhopException if a value is not finite
   */
  public Moments moments(int channel) {
    double[] merged = new double[3];
    scan(
        channel,
        (values, count) -> {
          double sum = 0;
          for (int i = 0; i < count; i++) sum += values[i];
          double mean = sum / count;
          double squares = 0;
          for (int i = 0; i < count; i++) squares += (values[i] - mean) * (values[i] - mean);
          double before = merged[0];
          double total = before + count;
          double delta = mean - merged[1];
          merged[0] = total;
          merged[1] += delta * count / total;
          merged[2] += squares + delta * delta * before * count / total;
        });
    return new Moments(merged[1], Math.sqrt(merged[2] / merged[0]));
  }

  /**
   * Percentiles by linear interpolation between the two nearest ranks: of n sorted values, the
   * percentile p lies at index {@code p / 100 * (n - 1)}, counted from 0 (method "linear" of
   * numpy).
   *
   * <p>The ranks are found by counting: a first pass counts the upper 16 bits of every value, a
   * second one the lower 16 bits of those values that share the upper bits of a rank.
   *
   * @param percents from 0 to 100
   * @throws SpyhopException if a value is not finite
   */
  public double[] percentiles(int channel, double... percents) {
    long[] upper = new long[1 << 16];
    int[] lowBits = {0};
    scan(
        channel,
        (values, count) -> {
          int seen = 0;
          for (int i = 0; i < count; i++) {
            int bits = Float.floatToRawIntBits(values[i] + 0f);
            seen |= bits;
            upper[key(bits) >>> 16]++;
          }
          lowBits[0] |= seen & 0xFFFF;
        });
    boolean negatives = Arrays.stream(upper, 0, 1 << 15).anyMatch(n -> n > 0);
    TreeMap<Integer, long[]> lower = new TreeMap<>();
    long pixels =
        frame
            .measured()
            .map(inside -> (long) inside.cardinality())
            .orElse((long) frame.width() * frame.height());
    for (double percent : percents) {
      double index = percent / 100 * (pixels - 1);
      lower.put(bucket(upper, (long) Math.floor(index)), new long[1 << 16]);
      lower.put(bucket(upper, (long) Math.ceil(index)), new long[1 << 16]);
    }
    if (lowBits[0] == 0 && !negatives) {
      lower.forEach((bucket, counts) -> counts[0] = upper[bucket]);
    } else {
      long[][] direct = new long[1 << 16][];
      lower.forEach((bucket, counts) -> direct[bucket] = counts);
      scan(
          channel,
          (values, count) -> {
            for (int i = 0; i < count; i++) {
              int key = key(Float.floatToRawIntBits(values[i] + 0f));
              long[] counts = direct[key >>> 16];
              if (counts != null) counts[key & 0xFFFF]++;
            }
          });
    }
    double[] found = new double[percents.length];
    for (int i = 0; i < percents.length; i++) {
      double index = percents[i] / 100 * (pixels - 1);
      double low = ranked(upper, lower, (long) Math.floor(index));
      double high = ranked(upper, lower, (long) Math.ceil(index));
      found[i] = low + (high - low) * (index - Math.floor(index));
    }
    return found;
  }

  /** Orders the bits of floats as unsigned integers. */
  private static int key(int bits) {
    return bits ^ (bits >> 31 | 0x80000000);
  }

  private static float value(int key) {
    return Float.intBitsToFloat(key < 0 ? key ^ 0x80000000 : ~key);
  }

  private static int bucket(long[] counts, long rank) {
    int bucket = 0;
    for (long before = counts[0]; before <= rank; before += counts[bucket]) bucket++;
    return bucket;
  }

  private static double ranked(long[] upper, TreeMap<Integer, long[]> lower, long rank) {
    int bucket = bucket(upper, rank);
    long before = 0;
    for (int i = 0; i < bucket; i++) before += upper[i];
    return value(bucket << 16 | bucket(lower.get(bucket), rank - before));
  }

  private void scan(int channel, BlockConsumer consumer) {
    int width = frame.width();
    int height = frame.height();
    int columns = Math.min(width, BLOCK);
    int rows = Math.min(height, Math.max(1, BLOCK / columns));
    float[] values = new float[columns * rows];
    for (int y = 0; y < height; y += rows) {
      int h = Math.min(rows, height - y);
      for (int x = 0; x < width; x += columns) {
        int w = Math.min(columns, width - x);
        blocks.read(x, y, channel, w, h, values);
        checkFinite(values, x, y, channel, w, w * h);
        int count = measured(values, x, y, w, h);
        if (count > 0) consumer.accept(values, count);
      }
    }
  }

  /** Brings the values that are measured to the front; how many they are. */
  private int measured(float[] values, int x, int y, int width, int height) {
    if (frame.measured().isEmpty()) return width * height;
    BitSet inside = frame.measured().get();
    int count = 0;
    for (int row = 0, i = 0; row < height; row++) {
      int first = (y + row) * frame.width() + x;
      for (int column = 0; column < width; column++, i++) {
        if (inside.get(first + column)) values[count++] = values[i];
      }
    }
    return count;
  }

  private void checkFinite(float[] values, int x, int y, int channel, int width, int count) {
    float zero = 0;
    float far = largest[channel];
    for (int i = 0; i < count; i++) {
      zero += values[i] * 0f;
      far = Math.max(far, Math.abs(values[i]));
    }
    largest[channel] = far;
    if (zero == 0) return;
    for (int i = 0; i < count; i++) {
      if (Float.isFinite(values[i])) continue;
      throw new SpyhopException(
          Strings.format(
              "%s: expected finite numbers, received %s at column %d, row %d%s."
                  + " Replace such pixels first (in ImageJ: Process > %s).",
              frame.name(),
              values[i],
              x + i % width,
              y + i / width,
              frame.channels() > 1 ? ", channel " + (channel + 1) : "",
              Float.isNaN(values[i])
                  ? "Noise > Remove NaNs..."
                  : values[i] > 0 ? "Math > Max..." : "Math > Min..."));
    }
  }
}
