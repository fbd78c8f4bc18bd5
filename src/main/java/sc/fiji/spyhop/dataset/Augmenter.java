package sc.fiji.spyhop.dataset;

import java.util.random.RandomGenerator;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.plugin.Plugins;
import sc.fiji.spyhop.plugin.Use;
import sc.fiji.spyhop.prediction.LabelMap;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.util.Strings;

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
   * Varies crops of one size.
   *
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
    Cutout map = draw(x, y, random);
    Tensor pixels = cut(image.pixels(), map, Border.MIRROR);
    LabelMap truth = CutoutSampler.labels(image.truth(), map, width, height, Border.MIRROR);
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
  public Cutout draw(double x, double y, RandomGenerator random) {
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
    Cutout map =
        warp
            ? new Cutout(x0, a, b, y0, c, d, false)
            : new Cutout(Math.rint(x0), a, b, Math.rint(y0), c, d, true);
    for (Variation v : augmentation.plugins()) map = moved(v.use(), map, random);
    return map;
  }

  private Cutout moved(Use<AugmentationPlugin> use, Cutout map, RandomGenerator random) {
    AugmentationPlugin plugin = use.plugin();
    Cutout moved =
        Plugins.call(plugin, () -> plugin.move(map, width, height, use.settings(), random));
    if (moved.isInvertible()) return moved;
    throw new SpyhopException(
        "The plugin " + Plugins.describe(plugin) + " shrinks pictures to nothing: " + moved + ".");
  }

  /**
   * Cuts a picture out of an image.
   *
   * @param image NCHW[1, channels, any height, any width]
   * @return NCHW[1, channels, height, width]
   */
  public Tensor cut(Tensor image, Cutout map, Border border) {
    return new Tensor(
        Axes.NCHW,
        new int[] {1, image.size('C'), height, width},
        CutoutSampler.pixels(image, map, width, height, border));
  }

  /**
   * Varies intensities in place.
   *
   * @param picture NCHW[1, channels, height, width], as from {@link #cut}
   */
  public void vary(Tensor picture, RandomGenerator random) {
    Intensities.vary(picture.data(), picture.size('C'), width, height, augmentation, random);
    for (Variation v : augmentation.plugins()) vary(v.use(), picture, random);
  }

  private static void vary(Use<AugmentationPlugin> use, Tensor picture, RandomGenerator random) {
    AugmentationPlugin plugin = use.plugin();
    Plugins.call(
        plugin,
        () -> {
          plugin.vary(picture, use.settings(), random);
          return plugin;
        });
    for (float value : picture.data()) {
      if (Float.isFinite(value)) continue;
      throw new SpyhopException(
          Strings.format(
              "The plugin %s: expected finite intensities, received %s.",
              Plugins.describe(plugin), value));
    }
  }
}
