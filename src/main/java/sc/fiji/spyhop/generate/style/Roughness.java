package sc.fiji.spyhop.generate.style;

/**
 * Total variation: the mean over all values of the squared differences to right and lower
 * neighbour.
 */
final class Roughness {

  private Roughness() {}

  /**
   * The mean, whose gradient is added.
   *
   * @param values channel by channel, row by row
   * @param weight by which the gradient is multiplied
   * @param gradient to which it is added
   */
  static double add(float[] values, int width, int height, double weight, float[] gradient) {
    int plane = width * height;
    float factor = (float) (2 * weight / values.length);
    double sum = 0;
    for (int start = 0; start < values.length; start += plane) {
      for (int y = 0; y < height; y++) {
        int row = start + y * width;
        double along = 0;
        for (int x = 0; x < width - 1; x++) {
          float d = values[row + x + 1] - values[row + x];
          along += d * d;
          gradient[row + x + 1] += factor * d;
          gradient[row + x] -= factor * d;
        }
        for (int x = 0; x < width && y < height - 1; x++) {
          float d = values[row + width + x] - values[row + x];
          along += d * d;
          gradient[row + width + x] += factor * d;
          gradient[row + x] -= factor * d;
        }
        sum += along;
      }
    }
    return sum / values.length;
  }
}
