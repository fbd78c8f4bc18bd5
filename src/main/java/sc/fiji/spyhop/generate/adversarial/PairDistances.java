package sc.fiji.spyhop.generate.adversarial;

import java.util.Arrays;
import sc.fiji.spyhop.tensor.Tensor;

/**
 * How far the images of a minibatch are from each other: root mean squares of the differences of
 * their pixels.
 */
record PairDistances(double[] sorted, float[] mean) {

  /**
   * @param images [N, channels, height, width], at least 2 images
   */
  static PairDistances of(Tensor images) {
    int n = images.size(0);
    int length = images.length() / n;
    float[] data = images.data();
    double[] distances = new double[n * (n - 1) / 2];
    int k = 0;
    for (int a = 0; a < n; a++) {
      for (int b = 0; b < a; b++) {
        double sum = 0;
        for (int i = 0; i < length; i++) {
          double d = data[a * length + i] - data[b * length + i];
          sum += d * d;
        }
        distances[k++] = Math.sqrt(sum / length);
      }
    }
    Arrays.sort(distances);
    float[] mean = new float[length];
    for (int i = 0; i < data.length; i++) mean[i % length] += data[i] / n;
    return new PairDistances(distances, mean);
  }

  double average() {
    return Arrays.stream(sorted).average().orElse(0);
  }

  /** The distance below which a share of all pairs lies. */
  double quantile(double share) {
    return sorted[(int) (share * (sorted.length - 1))];
  }

  /** Share of pairs that are nearer to each other than a distance. */
  double nearer(double distance) {
    return (double) Arrays.stream(sorted).filter(d -> d < distance).count() / sorted.length;
  }

  /** Between the mean images of this and another. */
  double drift(PairDistances other) {
    double sum = 0;
    for (int i = 0; i < mean.length; i++) {
      double d = mean[i] - other.mean[i];
      sum += d * d;
    }
    return Math.sqrt(sum / mean.length);
  }
}
