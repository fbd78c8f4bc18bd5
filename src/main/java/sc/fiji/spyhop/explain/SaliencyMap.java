package sc.fiji.spyhop.explain;

/**
 * How much each pixel of an image matters for what a network said.
 *
 * @param width of the image, pixels
 * @param height of the image, pixels
 * @param values row by row: how much the pixel matters, as the explanation measures it; negative
 *     where it speaks against it
 * @param name class, or what is measured
 * @param score of the whole image: its probability, or the value
 * @param explanation with the settings that were used
 */
public record SaliencyMap(
    int width, int height, float[] values, String name, double score, Explanation explanation) {

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
}
