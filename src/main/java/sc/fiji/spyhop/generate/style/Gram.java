package sc.fiji.spyhop.generate.style;

import java.util.Arrays;
import sc.fiji.spyhop.util.Parallel;

/**
 * Products of feature maps with each other: how often two channels answer at the same place. Maps
 * are channel by channel, each of the same number of positions.
 */
final class Gram {

  /** Positions that are multiplied while they are near to the processor. */
  private static final int BLOCK = 128;

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
    int size = channels * channels;
    int most = size <= SMALL ? MAX_SHARES : 2;
    int shares = Math.max(1, Math.min(most, positions / SHARE));
    float[][] sums = new float[shares][size];
    Parallel.each(
        shares,
        (long) positions * channels,
        s -> {
          int from = (int) ((long) positions * s / shares);
          int to = (int) ((long) positions * (s + 1) / shares);
          add(maps, channels, positions, from, to, sums[s]);
        });
    float[] gram = sums[0];
    for (int s = 1; s < shares; s++) {
      for (int i = 0; i < size; i++) gram[i] += sums[s][i];
    }
    float each = 1f / positions;
    for (int i = 0; i < channels; i++) {
      for (int j = i; j < channels; j++) {
        gram[i * channels + j] *= each;
        gram[j * channels + i] = gram[i * channels + j];
      }
    }
    return gram;
  }

  /** Adds products of some positions to the upper half of a matrix. */
  private static void add(
      float[] maps, int channels, int positions, int from, int to, float[] sums) {
    float[] turned = new float[BLOCK * channels];
    for (int start = from; start < to; start += BLOCK) {
      int n = Math.min(BLOCK, to - start);
      int padded = (n + 3) / 4 * 4;
      Arrays.fill(turned, n * channels, padded * channels, 0);
      for (int c = 0; c < channels; c++) {
        int at = c * positions + start;
        for (int k = 0; k < n; k++) turned[k * channels + c] = maps[at + k];
      }
      for (int i = 0; i < channels; i += 2) {
        int j = Math.min(i + 1, channels - 1);
        for (int k = 0; k < padded; k += 4) {
          int row = k * channels;
          if (j == i) addOne(turned, row, channels, i, sums);
          else addTwo(turned, row, channels, i, sums);
        }
      }
    }
  }

  /** Of four positions: what two channels have in common with all from the first of them on. */
  private static void addTwo(float[] turned, int row, int channels, int i, float[] sums) {
    int r1 = row + channels;
    int r2 = r1 + channels;
    int r3 = r2 + channels;
    float a0 = turned[row + i];
    float a1 = turned[r1 + i];
    float a2 = turned[r2 + i];
    float a3 = turned[r3 + i];
    float b0 = turned[row + i + 1];
    float b1 = turned[r1 + i + 1];
    float b2 = turned[r2 + i + 1];
    float b3 = turned[r3 + i + 1];
    int first = i * channels;
    int second = first + channels;
    for (int j = i; j < channels; j++) {
      float t0 = turned[row + j];
      float t1 = turned[r1 + j];
      float t2 = turned[r2 + j];
      float t3 = turned[r3 + j];
      sums[first + j] += a0 * t0 + a1 * t1 + a2 * t2 + a3 * t3;
      sums[second + j] += b0 * t0 + b1 * t1 + b2 * t2 + b3 * t3;
    }
  }

  private static void addOne(float[] turned, int row, int channels, int i, float[] sums) {
    for (int k = 0; k < 4; k++) {
      int at = row + k * channels;
      float a = turned[at + i];
      for (int j = i; j < channels; j++) sums[i * channels + j] += a * turned[at + j];
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
    Parallel.each(
        blocks,
        (long) positions * channels,
        b -> {
          int from = b * BLOCK;
          int n = Math.min(BLOCK, positions - from);
          float[] first = new float[BLOCK];
          float[] second = new float[BLOCK];
          for (int i = 0; i < channels; i += 2) {
            int j = Math.min(i + 1, channels - 1);
            Arrays.fill(first, 0);
            Arrays.fill(second, 0);
            int k = 0;
            for (; k + 4 <= channels; k += 4) {
              addFour(
                  matrix,
                  i * channels + k,
                  j * channels + k,
                  maps,
                  positions,
                  k,
                  from,
                  n,
                  first,
                  second);
            }
            for (; k < channels; k++) {
              float a = matrix[i * channels + k];
              float c = matrix[j * channels + k];
              int at = k * positions + from;
              for (int p = 0; p < n; p++) {
                first[p] += a * maps[at + p];
                second[p] += c * maps[at + p];
              }
            }
            int at = i * positions + from;
            for (int p = 0; p < n; p++) sum[at + p] += factor * first[p];
            if (j == i) continue;
            at = j * positions + from;
            for (int p = 0; p < n; p++) sum[at + p] += factor * second[p];
          }
        });
  }

  private static void addFour(
      float[] matrix,
      int row,
      int next,
      float[] maps,
      int positions,
      int channel,
      int from,
      int n,
      float[] first,
      float[] second) {
    float a0 = matrix[row];
    float a1 = matrix[row + 1];
    float a2 = matrix[row + 2];
    float a3 = matrix[row + 3];
    float b0 = matrix[next];
    float b1 = matrix[next + 1];
    float b2 = matrix[next + 2];
    float b3 = matrix[next + 3];
    int p0 = channel * positions + from;
    int p1 = p0 + positions;
    int p2 = p1 + positions;
    int p3 = p2 + positions;
    for (int p = 0; p < n; p++) {
      float t0 = maps[p0 + p];
      float t1 = maps[p1 + p];
      float t2 = maps[p2 + p];
      float t3 = maps[p3 + p];
      first[p] += a0 * t0 + a1 * t1 + a2 * t2 + a3 * t3;
      second[p] += b0 * t0 + b1 * t1 + b2 * t2 + b3 * t3;
    }
  }
}
