package sc.fiji.spyhop.dataset;

import sc.fiji.spyhop.prediction.LabelMap;
import sc.fiji.spyhop.tensor.Tensor;

/** Fills a picture with what an affine map says lies there. */
final class CutoutSampler {

  private CutoutSampler() {}

  /** Bilinear; channel by channel, row-major. */
  static float[] pixels(Tensor image, Cutout map, int width, int height, Border border) {
    int channels = image.size('C');
    int fromWidth = image.size('W');
    int fromHeight = image.size('H');
    int plane = fromWidth * fromHeight;
    int area = Math.multiplyExact(width, height);
    float[] source = image.data();
    float[] pixels = new float[Math.multiplyExact(channels, area)];
    int to = 0;
    for (int j = 0; j < height; j++) {
      for (int i = 0; i < width; i++, to++) {
        double x = map.x0() + i * map.xi() + j * map.xj();
        double y = map.y0() + i * map.yi() + j * map.yj();
        int u = map.exact() ? (int) x : (int) Math.floor(x);
        int v = map.exact() ? (int) y : (int) Math.floor(y);
        int u0 = border.index(u, fromWidth);
        int v0 = border.index(v, fromHeight) * fromWidth;
        if (map.exact()) {
          for (int c = 0, o = to; c < channels; c++, o += area) {
            pixels[o] = source[c * plane + v0 + u0];
          }
          continue;
        }
        float fx = (float) (x - u);
        float fy = (float) (y - v);
        int u1 = border.index(u + 1, fromWidth);
        int v1 = border.index(v + 1, fromHeight) * fromWidth;
        for (int c = 0, o = to; c < channels; c++, o += area) {
          int at = c * plane;
          float above = source[at + v0 + u0] * (1 - fx) + source[at + v0 + u1] * fx;
          float below = source[at + v1 + u0] * (1 - fx) + source[at + v1 + u1] * fx;
          pixels[o] = above * (1 - fy) + below * fy;
        }
      }
    }
    return pixels;
  }

  /** Nearest neighbour. */
  static LabelMap labels(LabelMap labels, Cutout map, int width, int height, Border border) {
    LabelMap result = new LabelMap(width, height);
    int to = 0;
    for (int j = 0; j < height; j++) {
      for (int i = 0; i < width; i++, to++) {
        int u = nearest(map.x0() + i * map.xi() + j * map.xj(), map.exact());
        int v = nearest(map.y0() + i * map.yi() + j * map.yj(), map.exact());
        int from = border.index(v, labels.height()) * labels.width();
        result.set(to, labels.get(from + border.index(u, labels.width())));
      }
    }
    return result.withClasses(labels.classes());
  }

  /** Halves are rounded up, and the fraction is a float as it is for pixels. */
  private static int nearest(double value, boolean exact) {
    if (exact) return (int) value;
    int floor = (int) Math.floor(value);
    return (float) (value - floor) < 0.5f ? floor : floor + 1;
  }
}
