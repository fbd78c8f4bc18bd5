package sc.fiji.spyhop.dataset;

import java.util.random.RandomGenerator;
import sc.fiji.spyhop.prediction.LabelMap;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;

/**
 * Cuts a square out of an image and varies it: one affine map from the square to the image, sampled
 * once (bilinear for pixels, nearest neighbour for truth; the image is mirrored outside, edge
 * pixels repeated), then changes of intensity. Without rotation, scale or shear, pixels are moved,
 * never interpolated. Immutable; safe for use by several threads.
 */
public final class Augmenter {

  private final Augmentation augmentation;
  private final int size;
  private final boolean objects;

  /**
   * @param size width and height of what is cut out, pixels
   * @param objects whether labels number objects: then connected pieces of one label (an object cut
   *     in two by the edge, or mirrored) become objects of their own
   */
  public Augmenter(Augmentation augmentation, int size, boolean objects) {
    this.augmentation = augmentation;
    this.size = size;
    this.objects = objects;
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
    float[] pixels = new float[Math.multiplyExact(image.channels(), size * size)];
    LabelMap truth = new LabelMap(size, size);
    if (map.exact) move(image, map, pixels, truth);
    else sample(image, map, pixels, truth);
    Intensities.vary(pixels, image.channels(), size, size, augmentation, random);
    return new Patch(
        new Tensor(Axes.NCHW, new int[] {1, image.channels(), size, size}, pixels),
        objects ? Regions.of(truth).labels() : truth);
  }

  /** From the square to the image: {@code x = x0 + i * xi + j * xj} for column i, row j. */
  record Affine(double x0, double xi, double xj, double y0, double yi, double yj, boolean exact) {}

  Affine draw(double x, double y, RandomGenerator random) {
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
    double half = (size - 1) / 2.0;
    double x0 = x - (a + b) * half;
    double y0 = y - (c + d) * half;
    return warp
        ? new Affine(x0, a, b, y0, c, d, false)
        : new Affine(Math.rint(x0), a, b, Math.rint(y0), c, d, true);
  }

  private void move(Patch image, Affine map, float[] pixels, LabelMap truth) {
    int width = image.width();
    int height = image.height();
    int plane = width * height;
    float[] source = image.pixels().data();
    LabelMap labels = image.truth();
    int to = 0;
    for (int j = 0; j < size; j++) {
      for (int i = 0; i < size; i++, to++) {
        int u = mirror((int) (map.x0 + i * map.xi + j * map.xj), width);
        int v = mirror((int) (map.y0 + i * map.yi + j * map.yj), height);
        int from = v * width + u;
        truth.set(to, labels.get(from));
        for (int c = 0, o = to; c < image.channels(); c++, o += size * size) {
          pixels[o] = source[c * plane + from];
        }
      }
    }
  }

  private void sample(Patch image, Affine map, float[] pixels, LabelMap truth) {
    int width = image.width();
    int height = image.height();
    int plane = width * height;
    float[] source = image.pixels().data();
    LabelMap labels = image.truth();
    int to = 0;
    for (int j = 0; j < size; j++) {
      for (int i = 0; i < size; i++, to++) {
        double x = map.x0 + i * map.xi + j * map.xj;
        double y = map.y0 + i * map.yi + j * map.yj;
        int u = (int) Math.floor(x);
        int v = (int) Math.floor(y);
        float fx = (float) (x - u);
        float fy = (float) (y - v);
        int u0 = mirror(u, width);
        int u1 = mirror(u + 1, width);
        int v0 = mirror(v, height) * width;
        int v1 = mirror(v + 1, height) * width;
        truth.set(to, labels.get((fy < 0.5f ? v0 : v1) + (fx < 0.5f ? u0 : u1)));
        for (int c = 0, o = to; c < image.channels(); c++, o += size * size) {
          int at = c * plane;
          float above = source[at + v0 + u0] * (1 - fx) + source[at + v0 + u1] * fx;
          float below = source[at + v1 + u0] * (1 - fx) + source[at + v1 + u1] * fx;
          pixels[o] = above * (1 - fy) + below * fy;
        }
      }
    }
  }

  /** Index within [0, length) of an index anywhere, mirrored at the edges, edge pixels repeated. */
  static int mirror(int index, int length) {
    if (index >= 0 && index < length) return index;
    int i = Math.floorMod(index, 2 * length);
    return i < length ? i : 2 * length - 1 - i;
  }
}
