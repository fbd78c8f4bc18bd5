package sc.fiji.spyhop.dataset;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import sc.fiji.spyhop.image.GaussianBlur;

/** Variation of intensities: blur, gamma, contrast, colour, brightness, noise. */
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
    int plane = width * height;
    boolean varies = augmentation.color().low() < augmentation.color().high();
    for (int c = 0; c < channels; c++) {
      float own = factor * (varies ? (float) augmentation.color().logUniform(random) : 1);
      for (int i = c * plane; i < (c + 1) * plane; i++) pixels[i] = pixels[i] * own + offset;
    }
    if (noise > 0) {
      for (int i = 0; i < pixels.length; i++) pixels[i] += (float) (noise * random.nextGaussian());
    }
  }

  private static void blur(float[] pixels, int channels, int width, int height, double deviation) {
    int plane = width * height;
    for (int c = 0; c < channels; c++) {
      float[] channel = Arrays.copyOfRange(pixels, c * plane, (c + 1) * plane);
      System.arraycopy(
          GaussianBlur.of(channel, width, height, deviation), 0, pixels, c * plane, plane);
    }
  }
}
