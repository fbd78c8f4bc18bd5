package sc.fiji.spyhop.image;

import java.util.List;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;

/**
 * An image shown to a network in another scale, and maps of the network brought back to the image.
 *
 * @param width of the image
 * @param height of the image
 * @param fit gives what is shown of it; any multiple is left out of account
 */
public record Zoom(int width, int height, Resize.Scaled fit) {

  /**
   * A part of the image, and what is shown of it.
   *
   * @param image core and region in the image
   * @param shown the same in what the network is shown; the region holds what the maps of the
   *     image's region are interpolated from
   */
  public record Part(Tile image, Tile shown) {}

  /** In a scale. */
  public static Zoom of(int width, int height, double factor) {
    return new Zoom(width, height, new Resize.Scaled(factor, 1));
  }

  private int shownWidth() {
    return fit.view(width, height).width();
  }

  private int shownHeight() {
    return fit.view(width, height).height();
  }

  /**
   * Parts whose cores partition both the image and what is shown of it.
   *
   * @param tile largest width and height of a core, in pixels of whichever has fewer
   * @param overlap how far a region reaches beyond its core, in pixels of what is shown
   */
  public List<Part> plan(int tile, int overlap) {
    if (isReduced()) {
      return Tiles.plan(shownWidth(), shownHeight(), tile, overlap + 1).stream()
          .map(t -> new Part(elsewhere(t), t))
          .toList();
    }
    int around = (int) Math.ceil(overlap / fit.factor());
    return Tiles.plan(width, height, tile, around).stream()
        .map(t -> new Part(t, elsewhere(t)))
        .toList();
  }

  /**
   * A region of the image by itself, and what is shown of it.
   *
   * @param region core and region are one
   */
  public Part part(Tile region) {
    int[] x = shown(region.regionX(), region.regionWidth(), shownWidth());
    int[] y = shown(region.regionY(), region.regionHeight(), shownHeight());
    return new Part(region, new Tile(x[0], y[0], x[1] - x[0], y[1] - y[0]));
  }

  /** First and last, which is not in it, of the pixels shown that some are interpolated from. */
  private int[] shown(int at, int length, int shown) {
    int first = (int) Math.floor((at + 0.5) * fit.factor() - 0.5);
    int last = (int) Math.floor((at + length - 0.5) * fit.factor() - 0.5) + 1;
    return new int[] {Math.max(0, Math.min(shown - 1, first)), Math.min(shown, last + 1)};
  }

  private boolean isReduced() {
    return fit.factor() <= 1;
  }

  /** A tile of the plane with fewer pixels, in the other plane. */
  private Tile elsewhere(Tile t) {
    Side x = new Side(t.x(), t.width(), t.regionX(), t.regionWidth());
    Side y = new Side(t.y(), t.height(), t.regionY(), t.regionHeight());
    Side u = elsewhere(x, width, shownWidth());
    Side v = elsewhere(y, height, shownHeight());
    return new Tile(
        u.at, v.at, u.length, v.length, u.regionAt, v.regionAt, u.regionLength, v.regionLength);
  }

  private Side elsewhere(Side side, int image, int shown) {
    return isReduced()
        ? side.inImage(fit.factor(), shown, image)
        : side.inShown(fit.factor(), image, shown);
  }

  /** A core and its region along one dimension. What ends with one plane ends with the other. */
  private record Side(int at, int length, int regionAt, int regionLength) {

    /** Of what is shown: pixels of the image that can be interpolated from its region. */
    Side inImage(double factor, int shown, int image) {
      int first = regionAt == 0 ? 0 : (int) Math.ceil((regionAt + 0.5) / factor - 0.5);
      int last = (int) Math.floor((regionAt + regionLength - 0.5) / factor - 0.5);
      return between(
          (int) Math.rint(at / factor),
          at + length == shown ? image : (int) Math.rint((at + length) / factor),
          first,
          regionAt + regionLength == shown ? image : Math.min(last + 1, image));
    }

    /** Of the image: pixels of what is shown that its region is interpolated from. */
    Side inShown(double factor, int image, int shown) {
      int from = (int) Math.rint(at * factor);
      int to = at + length == image ? shown : (int) Math.rint((at + length) * factor);
      int first = (int) Math.floor((regionAt + 0.5) * factor - 0.5);
      int last = (int) Math.floor((regionAt + regionLength - 0.5) * factor - 0.5) + 1;
      return between(
          from,
          to,
          Math.max(0, Math.min(first, from)),
          regionAt + regionLength == image ? shown : Math.min(shown, Math.max(last + 1, to)));
    }

    private static Side between(int from, int to, int regionFrom, int regionTo) {
      return new Side(from, to - from, regionFrom, regionTo - regionFrom);
    }
  }

  /**
   * Brings maps of a part back to the image, bilinear.
   *
   * @param maps NCHW of one sample, of the size of the region that is shown
   * @return NCHW of the size of the region in the image
   */
  public List<Tensor> toImage(Part part, List<Tensor> maps) {
    Tile from = part.shown();
    Tile to = part.image();
    Weights x = new Weights(to.regionX(), to.regionWidth(), from.regionX(), from.regionWidth());
    Weights y = new Weights(to.regionY(), to.regionHeight(), from.regionY(), from.regionHeight());
    return maps.stream().map(map -> interpolated(map, x, y)).toList();
  }

  /** The two pixels of what is shown beside each pixel of the image, along one dimension. */
  private final class Weights {
    final int[] below;
    final int[] above;
    final float[] share;

    Weights(int at, int length, int shownAt, int shownLength) {
      below = new int[length];
      above = new int[length];
      share = new float[length];
      for (int i = 0; i < length; i++) {
        double centre = (at + i + 0.5) * fit.factor() - 0.5 - shownAt;
        double inside = Math.max(0, Math.min(shownLength - 1, centre));
        below[i] = (int) inside;
        above[i] = Math.min(below[i] + 1, shownLength - 1);
        share[i] = (float) (inside - below[i]);
      }
    }
  }

  private static Tensor interpolated(Tensor map, Weights x, Weights y) {
    int channels = map.size('C');
    int w = map.size('W');
    int h = map.size('H');
    int width = x.below.length;
    int height = y.below.length;
    float[] from = map.data();
    float[] to = new float[Math.multiplyExact(Math.multiplyExact(width, height), channels)];
    float[][] rows = new float[2][width];
    for (int c = 0, o = 0; c < channels; c++) {
      int kept = -1;
      for (int j = 0; j < height; j++) {
        if (y.below[j] != kept) {
          row(from, (c * h + y.below[j]) * w, x, rows[0]);
          row(from, (c * h + y.above[j]) * w, x, rows[1]);
          kept = y.below[j];
        }
        float share = y.share[j];
        for (int i = 0; i < width; i++) {
          to[o++] = rows[0][i] + share * (rows[1][i] - rows[0][i]);
        }
      }
    }
    return new Tensor(Axes.NCHW, new int[] {1, channels, height, width}, to);
  }

  private static void row(float[] from, int at, Weights x, float[] to) {
    for (int i = 0; i < to.length; i++) {
      float left = from[at + x.below[i]];
      to[i] = left + x.share[i] * (from[at + x.above[i]] - left);
    }
  }
}
