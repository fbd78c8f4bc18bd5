package sc.fiji.spyhop.task.metrics;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import sc.fiji.spyhop.util.Strings;

/**
 * Whether scores mean what they say: of the objects that were found with a score of about 0.8, are
 * about 80 % right? Scores are put into ten bins of equal width, (0, 0.1], (0.1, 0.2] ... (0.9, 1];
 * 0 belongs to the first. The expected calibration error is the mean over all objects of the
 * difference between the mean score and the share that is right in the bin of each (Guo et al.
 * 2017, On Calibration of Modern Neural Networks).
 */
public final class Reliability {

  /** Number of bins. */
  public static final int BINS = 10;

  /** What there is to say of a bin. */
  public static final List<String> COLUMNS =
      List.of("from", "to", "objects", "mean_score", "share_right");

  private final long[] counts = new long[BINS];
  private final long[] right = new long[BINS];
  private final double[] sums = new double[BINS];

  /**
   * Objects whose scores are in a range.
   *
   * @param from lower end, which does not belong to it
   * @param to upper end, which does
   * @param count number of objects
   * @param score mean of their scores; NaN without objects
   * @param right share of them that is right, in [0, 1]; NaN without objects
   */
  public record Bin(double from, double to, long count, double score, double right) {}

  /**
   * Takes in an object.
   *
   * @param score in [0, 1]
   * @throws IllegalArgumentException if the score is beyond that
   */
  public void add(double score, boolean isRight) {
    if (!(score >= 0 && score <= 1)) {
      throw new IllegalArgumentException("score: expected 0 to 1, received " + score);
    }
    int bin = 0;
    while (score > upper(bin)) bin++;
    counts[bin]++;
    sums[bin] += score;
    if (isRight) right[bin]++;
  }

  /** Takes in all objects of another. */
  public void add(Reliability other) {
    for (int i = 0; i < BINS; i++) {
      counts[i] += other.counts[i];
      right[i] += other.right[i];
      sums[i] += other.sums[i];
    }
  }

  private static double upper(int bin) {
    return (bin + 1.0) / BINS;
  }

  /** Number of objects. */
  public long count() {
    long sum = 0;
    for (long n : counts) sum += n;
    return sum;
  }

  /** All bins, in ascending order of scores. */
  public List<Bin> bins() {
    List<Bin> bins = new ArrayList<>();
    for (int i = 0; i < BINS; i++) {
      double n = counts[i];
      bins.add(new Bin((double) i / BINS, upper(i), counts[i], sums[i] / n, right[i] / n));
    }
    return bins;
  }

  /** In [0, 1]; 0 if all scores are right on average in their bins, NaN without objects. */
  public double expectedCalibrationError() {
    double sum = 0;
    for (int i = 0; i < BINS; i++) sum += Math.abs(sums[i] - right[i]);
    return sum / count();
  }

  /** As lines of text: one for each bin that has objects. */
  public String table() {
    StringBuilder text = new StringBuilder();
    text.append(
        Strings.format(
            "Scores of %,d objects: expected calibration error %.4f%n%14s%14s%14s%14s",
            count(), expectedCalibrationError(), "score", "objects", "mean score", "share right"));
    for (Bin bin : bins()) {
      if (bin.count == 0) continue;
      String range = Strings.format("%.1f to %.1f", bin.from, bin.to);
      text.append(Strings.format("%n%14s%14d%14.4f%14.4f", range, bin.count, bin.score, bin.right));
    }
    return text.toString();
  }

  /** For a JSON writer: the error, and the bins that have objects. */
  public Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("objects", count());
    map.put("expected_calibration_error", expectedCalibrationError());
    map.put("bins", bins().stream().filter(b -> b.count > 0).map(Reliability::row).toList());
    return map;
  }

  /** A bin by {@link #COLUMNS}. */
  public static Map<String, Object> row(Bin bin) {
    List<Object> cells = List.of(bin.from, bin.to, bin.count, bin.score, bin.right);
    Map<String, Object> row = new LinkedHashMap<>();
    for (int i = 0; i < cells.size(); i++) row.put(COLUMNS.get(i), cells.get(i));
    return row;
  }
}
