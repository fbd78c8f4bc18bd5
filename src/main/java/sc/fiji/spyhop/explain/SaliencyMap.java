package sc.fiji.spyhop.explain;

import java.util.Arrays;
import java.util.List;
import net.imglib2.img.Img;
import net.imglib2.img.array.ArrayImgs;
import net.imglib2.type.numeric.real.FloatType;
import sc.fiji.spyhop.image.Imgs;

/**
 * How much each pixel of an image matters for what a network said.
 *
 * @param width of the image, pixels
 * @param height of the image, pixels
 * @param values row by row: how much the pixel matters, as the explanation measures it; negative
 *     where it speaks against it
 * @param figures what else the explanation tells, see {@link Explanation#figures()}
 * @param name class, or what is measured
 * @param score of the whole image: its probability, or the value
 * @param explanation with the settings that were used
 * @param reported whether the model says so, of the image or at the place that was asked about
 * @param x column of the image that the first value belongs to: 0, but for those of a view
 * @param y row of the image that the first value belongs to
 */
public record SaliencyMap(
    int width,
    int height,
    float[] values,
    List<Double> figures,
    String name,
    double score,
    Explanation explanation,
    boolean reported,
    int x,
    int y) {

  private static final double TOP = 0.1;

  /** Of an image that begins at (0, 0). */
  public SaliencyMap(
      int width,
      int height,
      float[] values,
      List<Double> figures,
      String name,
      double score,
      Explanation explanation,
      boolean reported) {
    this(width, height, values, figures, name, score, explanation, reported, 0, 0);
  }

  /** The map as an image, which shares the values: columns and rows, in the image's coordinates. */
  public Img<FloatType> img() {
    return Imgs.at(ArrayImgs.floats(values, width, height), x, y);
  }

  /** The same in an image in which all lies further to the right and down. */
  SaliencyMap shifted(int dx, int dy) {
    return new SaliencyMap(
        width, height, values, figures, name, score, explanation, reported, x + dx, y + dy);
  }

  /** Position of the largest value, the first of equals. */
  public int peak() {
    int peak = 0;
    for (int i = 1; i < values.length; i++) if (values[i] > values[peak]) peak = i;
    return peak;
  }

  /** The largest value. */
  public float largest() {
    return values[peak()];
  }

  /** The sum of all values. */
  public double sum() {
    double sum = 0;
    for (float v : values) sum += v;
    return sum;
  }

  /**
   * The share of what speaks for it that lies in the tenth of the pixels where most does: 0.1 if it
   * is everywhere alike, 1 if it is all there, 0 if nothing speaks for it.
   */
  public double topTenth() {
    float[] sorted = values.clone();
    Arrays.sort(sorted);
    double top = 0;
    double all = 0;
    int first = sorted.length - (int) Math.ceil(TOP * sorted.length);
    for (int i = 0; i < sorted.length; i++) {
      double v = Math.max(0, sorted[i]);
      all += v;
      if (i >= first) top += v;
    }
    return all == 0 ? 0 : top / all;
  }

  /** Whether all values are 0. */
  public boolean isZero() {
    for (float v : values) if (v != 0) return false;
    return true;
  }

  /** What it tells, in short, and what is to be kept in mind. */
  public String effect() {
    return explanation.effect(this) + remark();
  }

  /** What is to be kept in mind, after a semicolon; empty if there is nothing. */
  public String remark() {
    String remark = "";
    if (!reported) {
      remark +=
          "; the model does not say "
              + name
              + " here, the map is about the little that speaks for it: choose another place or"
              + " class to see why it says something";
    }
    if (isZero()) {
      remark += "; the map is 0 everywhere: choose another place, class or method";
    }
    return remark;
  }

  /**
   * The map of an image of which this one's is a part; 0 around it.
   *
   * @param left where the part begins in the whole
   * @param top the same
   */
  public SaliencyMap within(int left, int top, int wholeWidth, int wholeHeight) {
    float[] whole = new float[Math.multiplyExact(wholeWidth, wholeHeight)];
    for (int row = 0; row < height; row++) {
      System.arraycopy(values, row * width, whole, (top + row) * wholeWidth + left, width);
    }
    return new SaliencyMap(
        wholeWidth, wholeHeight, whole, figures, name, score, explanation, reported);
  }
}
