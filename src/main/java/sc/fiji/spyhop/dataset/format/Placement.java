package sc.fiji.spyhop.dataset.format;

import java.nio.file.Path;
import java.util.Optional;
import sc.fiji.spyhop.prediction.Box;
import sc.fiji.spyhop.prediction.ImageSize;
import sc.fiji.spyhop.prediction.LabelMap;
import sc.fiji.spyhop.prediction.Mask;
import sc.fiji.spyhop.util.Strings;

/**
 * How places in the image that an annotation was made on become places in the image that is there:
 * the same, scaled, or turned as the orientation of a photograph says (EXIF 2.3, tag 274).
 * Immutable.
 */
public final class Placement {

  private final ImageSize from;
  private final ImageSize to;

  /** x' = m[0] x + m[1] y + m[2], y' = m[3] x + m[4] y + m[5]; one of each pair of factors is 0. */
  private final double[] m;

  private final boolean turned;

  private Placement(ImageSize from, ImageSize to, boolean turned, double... m) {
    this.from = from;
    this.to = to;
    this.turned = turned;
    this.m = m;
  }

  /** Every place stays where it is. */
  public static Placement same(ImageSize size) {
    return new Placement(size, size, false, 1, 0, 0, 0, 1, 0);
  }

  /**
   * From the size that an annotation says to that of the image.
   *
   * @param declared columns and rows that the annotation says
   * @param actual columns and rows of the image, as it is read
   * @param image file, whose orientation counts if the sizes are turned
   * @return empty if one size is not a multiple of the other, the same in both directions
   */
  public static Optional<Placement> of(ImageSize declared, ImageSize actual, Path image) {
    if (declared.equals(actual)) return Optional.of(same(actual));
    if (isExact(declared, actual)) return Optional.of(scaled(declared, actual));
    ImageSize across = new ImageSize(actual.height(), actual.width());
    if (!isExact(declared, across)) return Optional.empty();
    return JpegHeader.read(image)
        .filter(h -> h.orientation() >= 5)
        .map(
            h ->
                h.size().equals(actual)
                    ? turned(across, actual, inverse(h.orientation()))
                    : turned(across, actual, h.orientation()))
        .map(turn -> scaled(declared, across).then(turn));
  }

  private static boolean isExact(ImageSize a, ImageSize b) {
    return (long) a.width() * b.height() == (long) a.height() * b.width();
  }

  private static Placement scaled(ImageSize from, ImageSize to) {
    double factor = (double) to.width() / from.width();
    return new Placement(from, to, false, factor, 0, 0, 0, factor, 0);
  }

  /** Turns by a quarter leave it to the opposite turn to undo them; the others undo themselves. */
  private static int inverse(int orientation) {
    return orientation == 6 ? 8 : orientation == 8 ? 6 : orientation;
  }

  /** From pixels as they are stored to pixels as they are shown, for the orientations 5 to 8. */
  private static Placement turned(ImageSize from, ImageSize to, int orientation) {
    int w = from.width();
    int h = from.height();
    return switch (orientation) {
      case 5 -> new Placement(from, to, true, 0, 1, 0, 1, 0, 0);
      case 6 -> new Placement(from, to, true, 0, -1, h, 1, 0, 0);
      case 7 -> new Placement(from, to, true, 0, -1, h, -1, 0, w);
      default -> new Placement(from, to, true, 0, 1, 0, -1, 0, w);
    };
  }

  private Placement then(Placement next) {
    double[] n = next.m;
    return new Placement(
        from,
        next.to,
        next.turned,
        n[0] * m[0] + n[1] * m[3],
        n[0] * m[1] + n[1] * m[4],
        n[0] * m[2] + n[1] * m[5] + n[2],
        n[3] * m[0] + n[4] * m[3],
        n[3] * m[1] + n[4] * m[4],
        n[3] * m[2] + n[4] * m[5] + n[5]);
  }

  /** Whether nothing changes. */
  public boolean isSame() {
    return from.equals(to) && !turned;
  }

  /** Whether the image is turned, or mirrored. */
  public boolean isTurned() {
    return turned;
  }

  /** What it does, such as "from 2000 x 1000 to 1000 x 500 pixels". */
  @Override
  public String toString() {
    return Strings.format(
        "from %d x %d to %d x %d pixels", from.width(), from.height(), to.width(), to.height());
  }

  ImageSize from() {
    return from;
  }

  ImageSize to() {
    return to;
  }

  double x(double x, double y) {
    return m[0] * x + m[1] * y + m[2];
  }

  double y(double x, double y) {
    return m[3] * x + m[4] * y + m[5];
  }

  /**
   * Left, top, width and height of a box.
   *
   * @param width may be what no box has, which it then stays
   */
  double[] box(double x, double y, double width, double height) {
    if (isSame()) return new double[] {x, y, width, height};
    double x1 = x(x, y);
    double y1 = y(x, y);
    double dx = m[0] * width + m[1] * height;
    double dy = m[3] * width + m[4] * height;
    boolean sound = width > 0 && height > 0;
    return new double[] {
      sound ? Math.min(x1, x1 + dx) : x1,
      sound ? Math.min(y1, y1 + dy) : y1,
      sound ? Math.abs(dx) : dx,
      sound ? Math.abs(dy) : dy
    };
  }

  /** Corners, x and y in turn. */
  double[] polygon(double[] corners) {
    double[] placed = new double[corners.length];
    for (int i = 0; i + 1 < corners.length; i += 2) {
      placed[i] = x(corners[i], corners[i + 1]);
      placed[i + 1] = y(corners[i], corners[i + 1]);
    }
    return placed;
  }

  /** The pixels whose centres come from within a mask; empty if none does. */
  Optional<Mask> mask(Mask mask) {
    if (isSame()) return Optional.of(mask);
    Box of = mask.box();
    LabelMap part = mask.cutOut();
    double[] b = box(of.x(), of.y(), of.width(), of.height());
    Mask.Builder placed = new Mask.Builder(to);
    double det = m[0] * m[4] - m[1] * m[3];
    int right = (int) Math.min(to.width(), Math.ceil(b[0] + b[2]));
    int bottom = (int) Math.min(to.height(), Math.ceil(b[1] + b[3]));
    for (int x = (int) Math.max(0, b[0]); x < right; x++) {
      for (int y = (int) Math.max(0, b[1]); y < bottom; y++) {
        double dx = x + 0.5 - m[2];
        double dy = y + 0.5 - m[5];
        int column = (int) Math.floor((m[4] * dx - m[1] * dy) / det - of.x());
        int row = (int) Math.floor((m[0] * dy - m[3] * dx) / det - of.y());
        boolean within = column >= 0 && row >= 0 && column < part.width() && row < part.height();
        if (within && part.get(column, row) != 0) placed.column(x, y, y + 1);
      }
    }
    return Optional.of(placed.build()).filter(p -> !p.isEmpty());
  }
}
