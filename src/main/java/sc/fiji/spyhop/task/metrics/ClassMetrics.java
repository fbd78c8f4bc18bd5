package sc.fiji.spyhop.task.metrics;

import java.util.function.IntPredicate;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.prediction.LabelMap;

/**
 * Agreement of class maps with their truth, from pixel counts pooled over all images added. Pixels
 * whose truth is ignored are not counted.
 */
public final class ClassMetrics {

  private final int classes;
  private final IntPredicate ignored;

  /** Pixels, [truth][predicted]. */
  private final long[][] counts;

  /**
   * Of no images yet.
   *
   * @param classes number of classes, labels 0 to {@code classes - 1}
   * @param ignored truth values that are skipped
   */
  public ClassMetrics(int classes, IntPredicate ignored) {
    this.classes = classes;
    this.ignored = ignored;
    counts = new long[classes][classes];
  }

  /** Adds an image. */
  public void add(LabelMap predicted, LabelMap truth) {
    Sizes.requireEqual(predicted, truth);
    for (int i = 0; i < truth.size(); i++) {
      int t = truth.get(i);
      if (ignored.test(t)) continue;
      int p = predicted.get(i);
      if (t >= classes || p >= classes) {
        throw new SpyhopException(
            "Class maps: expected class numbers from 0 to "
                + (classes - 1)
                + ", received "
                + Math.max(t, p)
                + ".");
      }
      counts[t][p]++;
    }
  }

  /** Adds what another has counted, of as many classes. */
  public void add(ClassMetrics other) {
    for (int t = 0; t < classes; t++) {
      for (int p = 0; p < classes; p++) counts[t][p] += other.counts[t][p];
    }
  }

  /** Intersection over union of a class; NaN if it is neither in the truth nor predicted. */
  public double iou(int label) {
    long both = counts[label][label];
    return (double) both / (truePixels(label) + predictedPixels(label) - both);
  }

  /** {@code 2 |P and T| / (|P| + |T|)} of a class; NaN if neither in the truth nor predicted. */
  public double dice(int label) {
    return 2.0 * counts[label][label] / (truePixels(label) + predictedPixels(label));
  }

  /** Share of what was taken for a class that is; NaN if nothing was. */
  public double precision(int label) {
    return (double) counts[label][label] / predictedPixels(label);
  }

  /** Share of a class that was found; NaN if it is not in the truth. */
  public double recall(int label) {
    return (double) counts[label][label] / truePixels(label);
  }

  /** Mean of {@link #iou} over the classes that occur; 0 if no pixel was counted. */
  public double meanIou() {
    return mean(this::iou);
  }

  /** Mean of {@link #dice} over the classes that occur; 0 if no pixel was counted. */
  public double meanDice() {
    return mean(this::dice);
  }

  /** Share of the counted pixels that are right; 0 if no pixel was counted. */
  public double accuracy() {
    long right = 0;
    long all = 0;
    for (int c = 0; c < classes; c++) {
      right += counts[c][c];
      all += truePixels(c);
    }
    return all == 0 ? 0 : (double) right / all;
  }

  /** Pixels whose truth is one class and whose prediction another. */
  public long count(int truth, int predicted) {
    return counts[truth][predicted];
  }

  /** Pixels of a class. */
  public long truePixels(int label) {
    long sum = 0;
    for (long n : counts[label]) sum += n;
    return sum;
  }

  /** Pixels taken for a class. */
  public long predictedPixels(int label) {
    long sum = 0;
    for (long[] row : counts) sum += row[label];
    return sum;
  }

  private double mean(java.util.function.IntToDoubleFunction figure) {
    double sum = 0;
    int n = 0;
    for (int c = 0; c < classes; c++) {
      double value = figure.applyAsDouble(c);
      if (!Double.isNaN(value)) {
        sum += value;
        n++;
      }
    }
    return n == 0 ? 0 : sum / n;
  }
}
