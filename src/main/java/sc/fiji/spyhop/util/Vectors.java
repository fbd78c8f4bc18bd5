package sc.fiji.spyhop.util;

/** Sums over arrays of equal length, in loops of which Java computes several values at a time. */
public final class Vectors {

  /** Sums that are made beside each other, in 32 bits, and added up in 64. */
  private static final int LANES = 256;

  private Vectors() {}

  /** The sum of the products of values at the same place. */
  public static double dot(float[] a, float[] b) {
    float[] sums = new float[LANES];
    int i = 0;
    for (; i + LANES <= a.length; i += LANES) {
      for (int k = 0; k < LANES; k++) sums[k] += a[i + k] * b[i + k];
    }
    double sum = 0;
    for (; i < a.length; i++) sum += (double) a[i] * b[i];
    for (float s : sums) sum += s;
    return sum;
  }

  /** The sum of the squared differences of values at the same place. */
  public static double squaredDistance(float[] a, float[] b) {
    float[] sums = new float[LANES];
    int i = 0;
    for (; i + LANES <= a.length; i += LANES) {
      for (int k = 0; k < LANES; k++) {
        float difference = a[i + k] - b[i + k];
        sums[k] += difference * difference;
      }
    }
    double sum = 0;
    for (; i < a.length; i++) sum += (double) (a[i] - b[i]) * (a[i] - b[i]);
    for (float s : sums) sum += s;
    return sum;
  }

  /** Adds values times a factor. */
  public static void addTimes(float[] sum, double factor, float[] values) {
    float f = (float) factor;
    for (int i = 0; i < sum.length; i++) sum[i] += f * values[i];
  }
}
