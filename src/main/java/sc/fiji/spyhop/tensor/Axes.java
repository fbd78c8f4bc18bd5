package sc.fiji.spyhop.tensor;

/**
 * What the dimensions of a tensor mean, slowest first, one letter each.
 *
 * <p>Images: {@code N} sample, {@code C} channel, {@code D} depth, {@code H} row, {@code W} column.
 * Weights: {@code O} output channel, {@code I} input channel, with {@code D H W} for the kernel.
 *
 * @param letters distinct upper-case letters
 */
public record Axes(String letters) {

  /** Batch of planes: sample, channel, row, column. */
  public static final Axes NCHW = new Axes("NCHW");

  /** Batch of volumes: sample, channel, depth, row, column. */
  public static final Axes NCDHW = new Axes("NCDHW");

  /** Batch of vectors: sample, feature. */
  public static final Axes NC = new Axes("NC");

  /** Kernel of a convolution: output channel, input channel, row, column. */
  public static final Axes OIHW = new Axes("OIHW");

  /** Kernel of a transposed convolution: input channel, output channel, row, column. */
  public static final Axes IOHW = new Axes("IOHW");

  /** Matrix of a dense layer: output, input. */
  public static final Axes OI = new Axes("OI");

  /** One value per channel. */
  public static final Axes C = new Axes("C");

  /**
   * Throws an {@link IllegalArgumentException} if there is anything but letters from A to Z, each
   * once.
   */
  public Axes {
    if (!letters.chars().allMatch(c -> c >= 'A' && c <= 'Z')
        || letters.chars().distinct().count() != letters.length()) {
      throw new IllegalArgumentException(
          "axes: expected distinct letters A-Z, received \"" + letters + "\"");
    }
  }

  /** Number of dimensions; 0 for a single value. */
  public int rank() {
    return letters.length();
  }

  /** Position of an axis, or -1 if it is not there. */
  public int indexOf(char axis) {
    return letters.indexOf(axis);
  }

  @Override
  public String toString() {
    return letters;
  }
}
