package sc.fiji.spyhop.dataset;

import java.util.random.RandomGenerator;

/** Variation of intensities: blur, gamma, contrast, brightness, noise. */
final class Intensities {

  private Intensities() {}

  /** Changes pixels in place: channel by channel, row by row. */
  static void vary(
      float[] pixels,
      int channels,
      int width,
      int height,
      Augmentation augmentation,
      RandomGenerator random) {
    double blur = augmentation.blur().uniform(random);
    double exponent = augmentation.gamma().logUniform(random);
    float factor = (float) augmentation.contrast().uniform(random);
    float offset = (float) augmentation.brightness().uniform(random);
    double noise = augmentation.noise().uniform(random);
    if (blur > 0.1) blur(pixels, channels, width, height, blur);
    if (exponent != 1) {
      for (int i = 0; i < pixels.length; i++) {
        pixels[i] = (float) Math.copySign(Math.pow(Math.abs(pixels[i]), exponent), pixels[i]);
      }
    }
    for (int i = 0; i < pixels.length; i++) pixels[i] = pixels[i] * factor + offset;
    if (noise > 0) {
      for (int i = 0; i < pixels.length; i++) pixels[i] += (float) (noise * random.nextGaussian());
    }
  }

  private static void blur(float[] pixels, int channels, int width, int height, double deviation) {
    int radius = (int) Math.ceil(3 * deviation);
    float[] kernel = new float[2 * radius + 1];
    double sum = 0;
    for (int k = -radius; k <= radius; k++) sum += gauss(k, deviation);
    for (int k = -radius; k <= radius; k++) {
      kernel[k + radius] = (float) (gauss(k, deviation) / sum);
    }
    int plane = width * height;
    float[] half = new float[plane];
    for (int c = 0; c < channels; c++) {
      convolve(pixels, c * plane, height, width, 1, width, half, 0, kernel);
      convolve(half, 0, width, height, width, 1, pixels, c * plane, kernel);
    }
  }

  private static double gauss(int k, double deviation) {
    return Math.exp(-0.5 * k * k / (deviation * deviation));
  }

  /** Along lines whose pixels are {@code step} apart and whose starts are {@code next} apart. */
  private static void convolve(
      float[] from,
      int fromStart,
      int lines,
      int length,
      int step,
      int next,
      float[] to,
      int toStart,
      float[] kernel) {
    int radius = kernel.length / 2;
    for (int line = 0; line < lines; line++) {
      for (int i = 0; i < length; i++) {
        float sum = 0;
        for (int k = -radius; k <= radius; k++) {
          sum +=
              kernel[k + radius]
                  * from[fromStart + line * next + Border.MIRROR.index(i + k, length) * step];
        }
        to[toStart + line * next + i * step] = sum;
      }
    }
  }
}
