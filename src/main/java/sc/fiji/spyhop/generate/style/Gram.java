package sc.fiji.spyhop.generate.style;

import java.util.Arrays;
import sc.fiji.spyhop.util.Parallel;

/**
 * Products of feature maps with each other: how often two channels answer at the same place. Maps
 * are channel by channel, each of the same number of positions. Inner loops go over arrays from the
 * same index, which Java computes several of at a time.
 */
final class Gram {

  /** Positions that are multiplied while they are near to the processor. */
  private static final int BLOCK = 256;

  /** Channels that are computed together, about. */
  private static final int STEP = 32;

  /** Positions that are summed up in one go, and above which they are divided. */
  private static final int SHARE = 4096;

  /** Sums that are made beside each other; not as many as there are processors: rounding stays. */
  private static final int MAX_SHARES = 8;

  /** Values of a matrix up to which there are several of it. */
  private static final int SMALL = 1 << 20;

  private Gram() {}

  /**
   * The mean over positions of the product of each two channels.
   *
   * @param maps channel by channel
   * @return channels x channels, row by row; symmetric
   */
  static float[] of(float[] maps, int channels) {
    int positions = maps.length / channels;
    int most = channels * channels <= SMALL ? MAX_SHARES : 2;
    int shares = Math.max(1, Math.min(most, positions / SHARE));
    int groups = (channels + STEP - 1) / STEP;
    float[][][] sums = new float[shares][channels][];
    Parallel.each(
        shares * groups,
        (long) positions * channels * channels,
        task -> {
          int s = task / groups;
          int from = (int) ((long) positions * s / shares);
          int to = (int) ((long) positions * (s + 1) / shares);
          sum(maps, channels, from, to, task % groups * STEP, sums[s]);
        });
    float each = 1f / positions;
    float[] gram = new float[channels * channels];
    for (int i = 0; i < channels; i++) {
      for (int j = i; j < channels; j++) {
        float sum = 0;
        for (float[][] share : sums) sum += share[i][j - i / STEP * STEP];
        gram[i * channels + j] = sum * each;
        gram[j * channels + i] = gram[i * channels + j];
      }
    }
    return gram;
  }

  /**
   * Sums of products over some positions, of {@link #STEP} channels with themselves and those that
   * follow.
   *
   * @param first of the channels
   * @param sums gets a row for each, which begins with the product with the first
   */
  private static void sum(float[] maps, int channels, int from, int to, int first, float[][] sums) {
    int positions = maps.length / channels;
    int last = Math.min(channels, first + STEP);
    int length = channels - first;
    for (int i = first; i < last; i++) sums[i] = new float[length];
    float[][] turned = new float[BLOCK][length];
    for (int start = from; start < to; start += BLOCK) {
      int n = Math.min(BLOCK, to - start);
      int padded = (n + 3) / 4 * 4;
      for (int k = n; k < padded; k++) Arrays.fill(turned[k], 0);
      for (int c = 0; c < length; c++) {
        int at = (first + c) * positions + start;
        for (int k = 0; k < n; k++) turned[k][c] = maps[at + k];
      }
      for (int i = first; i < last; i++) {
        int own = i - first;
        for (int k = 0; k < padded; k += 4) {
          float[] t0 = turned[k];
          float[] t1 = turned[k + 1];
          float[] t2 = turned[k + 2];
          float[] t3 = turned[k + 3];
          addFour(t0[own], t0, t1[own], t1, t2[own], t2, t3[own], t3, sums[i]);
        }
      }
    }
  }

  /** Adds four arrays, each times a number: as much at a time as Java computes in one go. */
  private static void addFour(
      float a0,
      float[] t0,
      float a1,
      float[] t1,
      float a2,
      float[] t2,
      float a3,
      float[] t3,
      float[] sum) {
    for (int j = 0; j < sum.length; j++) {
      sum[j] += a0 * t0[j] + a1 * t1[j] + a2 * t2[j] + a3 * t3[j];
    }
  }

  /**
   * A symmetric matrix times maps.
   *
   * @param matrix channels x channels
   * @param maps channel by channel
   * @param factor by which all is multiplied
   * @param sum to which it is added, of the size of the maps
   */
  static void addProduct(float[] matrix, float[] maps, int channels, float factor, float[] sum) {
    int positions = maps.length / channels;
    int blocks = (positions + BLOCK - 1) / BLOCK;
    int shares = Math.max(1, Math.min(blocks, 4 * Runtime.getRuntime().availableProcessors()));
    Parallel.each(
        shares,
        (long) positions * channels,
        s -> {
          int padded = (channels + 3) / 4 * 4;
          float[][] rows = new float[padded][BLOCK];
          float[] row = new float[padded];
          float[] product = new float[BLOCK];
          for (int b = s; b < blocks; b += shares) {
            int from = b * BLOCK;
            int n = Math.min(BLOCK, positions - from);
            for (int c = 0; c < channels; c++) {
              System.arraycopy(maps, c * positions + from, rows[c], 0, n);
            }
            for (int i = 0; i < channels; i++) {
              System.arraycopy(matrix, i * channels, row, 0, channels);
              Arrays.fill(product, 0);
              for (int k = 0; k < padded; k += 4) {
                addFour(
                    row[k],
                    rows[k],
                    row[k + 1],
                    rows[k + 1],
                    row[k + 2],
                    rows[k + 2],
                    row[k + 3],
                    rows[k + 3],
                    product);
              }
              int at = i * positions + from;
              for (int p = 0; p < n; p++) sum[at + p] += factor * product[p];
            }
          }
        });
  }
}
