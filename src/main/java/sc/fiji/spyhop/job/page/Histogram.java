package sc.fiji.spyhop.job.page;

import java.util.ArrayList;
import java.util.List;

/**
 * How often numbers are how large, in bars of a round width.
 *
 * @param whole whether all are whole numbers
 * @param cut whether a few are larger than the last bar
 */
record Histogram(List<Bar> bars, boolean whole, boolean cut) {

  private static final int BARS = 40;

  /** Of numbers, the rest being so much larger that the bars would be thin. */
  private static final double SHOWN = 0.995;

  /** What is shown. */
  enum Way {
    ALL,
    /** But for the largest few in a thousand. */
    MOST,
    /** All, in bars of a hundredth at least. */
    PERCENT
  }

  /**
   * A bar.
   *
   * @param to beyond it
   * @param share of all numbers, from 0 to 1
   */
  record Bar(double from, double to, double share) {}

  /** Of a sample of numbers that are not all alike. */
  static Histogram of(Sample sample, Way way) {
    double[] sorted = sample.sorted();
    double min = sorted[0];
    double shown =
        way != Way.MOST ? sample.max() : sorted[(int) Math.ceil((sorted.length - 1) * SHOWN)];
    if (shown == min) shown = sample.max();
    double least = sample.isWhole() ? 1 : way == Way.PERCENT ? 0.01 : 0;
    double width = Math.max(least, round((shown - min) / BARS));
    long first = (long) Math.floor(min / width);
    // what is wholly sure is in the last bar, as 1 is no beginning of another
    double end = way == Way.PERCENT ? Math.nextDown(shown) : shown;
    long last = Math.max(first, (long) Math.floor(end / width));
    int[] counts = new int[(int) (last - first + 1)];
    for (double value : sorted) {
      if (value > shown) continue;
      counts[(int) Math.min(last, (long) Math.floor(value / width)) - (int) first]++;
    }
    List<Bar> bars = new ArrayList<>();
    for (int i = 0; i < counts.length; i++) {
      // a whole number is in the middle of its bar
      double from = (first + i) * width - (sample.isWhole() ? 0.5 : 0);
      bars.add(new Bar(from, from + width, (double) counts[i] / sorted.length));
    }
    return new Histogram(bars, sample.isWhole(), sample.max() > shown);
  }

  /** The next larger of 1, 2 and 5 times a power of ten. */
  private static double round(double width) {
    if (width <= 0) return 0;
    double power = Math.pow(10, Math.floor(Math.log10(width)));
    for (double step : new double[] {1, 2, 5}) if (step * power >= width) return step * power;
    return 10 * power;
  }
}
