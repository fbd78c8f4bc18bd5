package sc.fiji.spyhop.dataset;

import java.util.random.RandomGenerator;
import sc.fiji.spyhop.prediction.LabelMap;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;

/**
 * Cuts a square out of an image and varies it: one affine map from the square to the image, sampled
 * once (bilinear for pixels, nearest neighbour for truth; the image is mirrored outside), then
 * changes of intensity. Without rotation, scale or shear, pixels are moved, never interpolated.
 * Immutable; safe for use by several threads.
 */
public final class Augmenter {

  private final Augmentation augmentation;
  private final int width;
  private final int height;
  private final boolean objects;

  /**
   * @param size width and height of what is cut out, pixels
   * @param objects whether labels number objects: then connected pieces of one label (an object cut
   *     in two by the edge, or mirrored) become objects of their own
   */
  public Augmenter(Augmentation augmentation, int size, boolean objects) {
    this(augmentation, size, size, objects);
  }

  private Augmenter(Augmentation augmentation, int width, int height, boolean objects) {
    this.augmentation = augmentation;
    this.width = width;
    this.height = height;
    this.objects = objects;
  }

  /**
   * For truth other than label maps: see {@link #draw}, {@link #cut} and {@link #vary}, and {@link
   * AnnotationTransform} for boxes and points.
   *
   * @param width and {@code height} of the picture that is cut out, pixels
   */
  public Augmenter(Augmentation augmentation, int width, int height) {
    this(augmentation, width, height, false);
  }

  /**
   * A square of an image, varied.
   *
   * @param image of any size
   * @param x column that the middle of the square falls on; integers are centres of pixels
   * @param y row
   * @param random the only source of chance: equal generators give equal results
   */
  public Patch apply(Patch image, double x, double y, RandomGenerator random) {
    Affine map = draw(x, y, random);
    Tensor pixels = cut(image.pixels(), map, Border.MIRROR);
    LabelMap truth = Resampling.labels(image.truth(), map, width, height, Border.MIRROR);
    vary(pixels, random);
    return new Patch(pixels, objects ? Regions.of(truth).labels() : truth);
  }

  /**
   * Draws how a picture is cut out of an image: turned, scaled, sheared and flipped.
   *
   * @param x column of the image that the middle of the picture falls on; integers are centres of
   *     pixels
   * @param y row
   */
  public Affine draw(double x, double y, RandomGenerator random) {
    double a = 1;
    double b = 0;
    double c = 0;
    double d = 1;
    boolean warp = random.nextDouble() < augmentation.affineShare();
    if (warp) {
      double angle = Math.toRadians(Range.symmetric(augmentation.rotation()).uniform(random));
      double shear =
          Math.tan(Math.toRadians(Range.symmetric(augmentation.shear()).uniform(random)));
      double zoom = 1 / augmentation.scale().logUniform(random);
      a = zoom * Math.cos(angle);
      c = zoom * Math.sin(angle);
      b = a * shear - c;
      d = c * shear + a;
    }
    if (augmentation.quarterTurns()) {
      for (int turns = random.nextInt(4); turns > 0; turns--) {
        double t = a;
        a = b;
        b = -t;
        t = c;
        c = d;
        d = -t;
      }
    }
    if (augmentation.flipHorizontally() && random.nextBoolean()) {
      a = -a;
      c = -c;
    }
    if (augmentation.flipVertically() && random.nextBoolean()) {
      b = -b;
      d = -d;
    }
    double halfWidth = (width - 1) / 2.0;
    double halfHeight = (height - 1) / 2.0;
    double x0 = x - a * halfWidth - b * halfHeight;
    double y0 = y - c * halfWidth - d * halfHeight;
    return warp
        ? new Affine(x0, a, b, y0, c, d, false)
        : new Affine(Math.rint(x0), a, b, Math.rint(y0), c, d, true);
  }

  /**
   * Cuts a picture out of an image.
   *
   * @param image NCHW[1, channels, any height, any width]
   * @return NCHW[1, channels, height, width]
   */
  public Tensor cut(Tensor image, Affine map, Border border) {
    return new Tensor(
        Axes.NCHW,
        new int[] {1, image.size('C'), height, width},
        Resampling.pixels(image, map, width, height, border));
  }

  /**
   * Varies intensities in place.
   *
   * @param picture NCHW[1, channels, height, width], as from {@link #cut}
   */
  public void vary(Tensor picture, RandomGenerator random) {
    vary(picture.data(), picture.size('C'), random);
  }

  private void vary(float[] pixels, int channels, RandomGenerator random) {
    double blur = augmentation.blur().uniform(random);
    double exponent = augmentation.gamma().logUniform(random);
    float factor = (float) augmentation.contrast().uniform(random);
    float offset = (float) augmentation.brightness().uniform(random);
    double noise = augmentation.noise().uniform(random);
    if (blur > 0.1) blur(pixels, channels, blur);
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

  private void blur(float[] pixels, int channels, double deviation) {
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
      convolve(pixels, c * plane, new Lines(height, width, width, 1), half, 0, kernel);
      convolve(half, 0, new Lines(width, 1, height, width), pixels, c * plane, kernel);
    }
  }

  private static double gauss(int k, double deviation) {
    return Math.exp(-0.5 * k * k / (deviation * deviation));
  }

  /** Lines of pixels: how many and how far apart, how long and how far apart their pixels. */
  private record Lines(int count, int next, int length, int step) {}

  private static void convolve(
      float[] from, int fromStart, Lines lines, float[] to, int toStart, float[] kernel) {
    int radius = kernel.length / 2;
    for (int line = 0; line < lines.count; line++) {
      int first = line * lines.next;
      for (int i = 0; i < lines.length; i++) {
        float sum = 0;
        for (int k = -radius; k <= radius; k++) {
          int at = Border.MIRROR.index(i + k, lines.length) * lines.step;
          sum += kernel[k + radius] * from[fromStart + first + at];
        }
        to[toStart + first + i * lines.step] = sum;
      }
    }
  }
}
