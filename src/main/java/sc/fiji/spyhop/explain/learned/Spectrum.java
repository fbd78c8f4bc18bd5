package sc.fiji.spyhop.explain.learned;

import java.util.Arrays;
import java.util.Random;

/**
 * The strongest wave in a kernel: the peak of its Fourier spectrum, powers of channels summed.
 *
 * @param frequency cycles per pixel, 0 to about 0.7; 0 if the kernel takes a mean
 * @param orientation along the wave's crests, degrees counterclockwise from the x axis as angles in
 *     ImageJ, in [0, 180): 90 for a kernel that answers to vertical edges; NaN if the frequency is
 *     0
 * @param share of the power that lies within half a cycle per kernel of the peak, 0 to 1
 */
record Spectrum(double frequency, double orientation, double share) {

  /** Frequencies along each axis. */
  private static final int N = 128;

  private static final int RANDOM_KERNELS = 200;

  /** Of random kernels, this share is not to be taken for waves. */
  private static final double QUANTILE = 0.95;

  /**
   * Of a kernel.
   *
   * @param channels values row by row
   */
  static Spectrum of(float[][] channels, int width, int height) {
    double[] power = new double[N * N];
    for (float[] c : channels) addPower(c, width, height, power);
    int peak = 0;
    for (int i = 0; i < power.length; i++) if (power[i] > power[peak]) peak = i;
    double total = Arrays.stream(power).sum();
    if (total == 0) return new Spectrum(0, Double.NaN, 0);
    double fx = frequency(peak % N);
    double fy = frequency(peak / N);
    double near = 0;
    for (int i = 0; i < power.length; i++) {
      double dx = frequency(i % N);
      double dy = frequency(i / N);
      if (isNear(dx - fx, dy - fy, width, height) || isNear(dx + fx, dy + fy, width, height)) {
        near += power[i];
      }
    }
    double frequency = Math.hypot(fx, fy);
    double angle = Math.toDegrees(Math.atan2(fx, fy)); // crests are normal to (fx, fy), y down
    double orientation = frequency == 0 ? Double.NaN : (angle % 180 + 180) % 180;
    return new Spectrum(frequency, orientation, near / total);
  }

  /** Frequencies are periodic. */
  private static boolean isNear(double dx, double dy, int width, int height) {
    return Math.hypot((dx - Math.rint(dx)) * width, (dy - Math.rint(dy)) * height) <= 0.5;
  }

  private static double frequency(int i) {
    return (i < N / 2 ? i : i - N) / (double) N;
  }

  /** The Fourier transform, first along rows, then along columns. */
  private static void addPower(float[] values, int width, int height, double[] power) {
    for (int u = 0; u < N; u++) {
      double[] re = new double[height];
      double[] im = new double[height];
      for (int i = 0; i < values.length; i++) {
        double phase = 2 * Math.PI * u * (i % width) / N;
        re[i / width] += values[i] * Math.cos(phase);
        im[i / width] -= values[i] * Math.sin(phase);
      }
      for (int v = 0; v < N; v++) {
        double a = 0;
        double b = 0;
        for (int y = 0; y < height; y++) {
          double c = Math.cos(2 * Math.PI * v * y / N);
          double s = Math.sin(2 * Math.PI * v * y / N);
          a += re[y] * c + im[y] * s;
          b += im[y] * c - re[y] * s;
        }
        power[v * N + u] += a * a + b * b;
      }
    }
  }

  /**
   * The share that 95 of 100 kernels of random numbers, drawn from a normal distribution, stay
   * below: small kernels have few waves to choose from, so that each has much of the power.
   */
  static double ofRandom(int channels, int width, int height) {
    Random random = new Random(1);
    double[] shares = new double[RANDOM_KERNELS];
    for (int k = 0; k < shares.length; k++) {
      float[][] kernel = new float[channels][width * height];
      for (float[] c : kernel) {
        for (int i = 0; i < c.length; i++) c[i] = (float) random.nextGaussian();
      }
      shares[k] = of(kernel, width, height).share;
    }
    Arrays.sort(shares);
    return shares[(int) (QUANTILE * RANDOM_KERNELS)];
  }
}
