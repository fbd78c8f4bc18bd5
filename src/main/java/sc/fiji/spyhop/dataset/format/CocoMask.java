package sc.fiji.spyhop.dataset.format;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import sc.fiji.spyhop.prediction.Box;
import sc.fiji.spyhop.prediction.ImageSize;
import sc.fiji.spyhop.prediction.Mask;

/**
 * The pixels of a COCO segmentation, and the box around it: polygons, or runs of background and
 * foreground in turn, down the columns, as numbers or packed into text (cocoapi's maskApi.c).
 */
final class CocoMask {

  private CocoMask() {}

  /** Whether nothing is said, as opposed to what makes no sense. */
  static boolean isEmpty(JsonNode segmentation) {
    if (!segmentation.isArray()) return segmentation.isMissingNode() || segmentation.isNull();
    for (JsonNode polygon : segmentation)
      if (!polygon.isArray() || polygon.size() > 0) return false;
    return true;
  }

  /** What was expected in place of a segmentation that makes no sense, as a clause. */
  static String expected(JsonNode segmentation) {
    return segmentation.isArray()
        ? "segmentation: expected polygons, each a list of 6 or more numbers, x and y in turn"
        : "segmentation: expected counts that add up to the pixels of size, [rows, columns], which"
            + " are those of the image";
  }

  /** Empty if the mask is empty or makes no sense. */
  static Optional<Box> box(JsonNode segmentation) {
    if (segmentation.isArray()) return polygons(segmentation);
    JsonNode size = segmentation.path("size");
    long height = size.path(0).asLong();
    long width = size.path(1).asLong();
    if (height < 1 || width < 1 || height > 1 << 24 || width > 1 << 24) return Optional.empty();
    JsonNode counts = segmentation.path("counts");
    Bounds bounds = new Bounds(height);
    return read(counts, new Runs(width * height, bounds)) ? bounds.box() : Optional.empty();
  }

  /**
   * Empty if there is none, it makes no sense, has no pixel in the image, or is of an image of
   * another size than both that the annotation was made on and that which is there.
   */
  static Optional<Mask> mask(JsonNode segmentation, Placement placement) {
    if (!Mask.fits(placement.to())) return Optional.empty();
    if (segmentation.isArray()) {
      if (polygons(segmentation).isEmpty()) return Optional.empty();
      List<double[]> polygons = new ArrayList<>();
      for (JsonNode polygon : segmentation) {
        double[] corners = new double[polygon.size()];
        for (int i = 0; i < corners.length; i++) corners[i] = CocoJson.number(polygon.get(i));
        polygons.add(placement.polygon(corners));
      }
      return PolygonMask.of(polygons, placement.to());
    }
    if (isOf(segmentation, placement.from())) {
      return runs(segmentation, placement.from()).flatMap(placement::mask);
    }
    return isOf(segmentation, placement.to())
        ? runs(segmentation, placement.to())
        : Optional.empty();
  }

  private static boolean isOf(JsonNode segmentation, ImageSize size) {
    return segmentation.path("size").path(0).asLong() == size.height()
        && segmentation.path("size").path(1).asLong() == size.width();
  }

  private static Optional<Mask> runs(JsonNode segmentation, ImageSize size) {
    if (!Mask.fits(size)) return Optional.empty();
    Mask.Builder mask = new Mask.Builder(size);
    Runs runs = new Runs((long) size.width() * size.height(), mask::add);
    return read(segmentation.path("counts"), runs)
        ? Optional.of(mask.build()).filter(m -> !m.isEmpty())
        : Optional.empty();
  }

  private static boolean read(JsonNode counts, Runs runs) {
    return counts.isTextual()
        ? unpack(counts.asText(), runs)
        : counts.isArray() && list(counts, runs);
  }

  /** Runs as text: the reverse of {@link #unpack}, as cocoapi's rleToString has it. */
  static String pack(int[] runs) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < runs.length; i++) {
      int value = i > 2 ? runs[i] - runs[i - 2] : runs[i];
      boolean more = true;
      while (more) {
        int bits = value & 31;
        value >>= 5;
        more = (bits & 16) != 0 ? value != -1 : value != 0;
        text.append((char) ((more ? bits | 32 : bits) + 48));
      }
    }
    return text.toString();
  }

  private static Optional<Box> polygons(JsonNode polygons) {
    double left = Double.POSITIVE_INFINITY;
    double top = Double.POSITIVE_INFINITY;
    double right = Double.NEGATIVE_INFINITY;
    double bottom = Double.NEGATIVE_INFINITY;
    for (JsonNode polygon : polygons) {
      if (polygon.size() < 6 || polygon.size() % 2 == 1) return Optional.empty();
      for (int i = 0; i < polygon.size(); i += 2) {
        double x = CocoJson.number(polygon.get(i));
        double y = CocoJson.number(polygon.get(i + 1));
        left = Math.min(left, x);
        right = Math.max(right, x);
        top = Math.min(top, y);
        bottom = Math.max(bottom, y);
      }
    }
    boolean area = right > left && bottom > top && Double.isFinite(right - left + bottom - top);
    return area ? Optional.of(Box.between(left, top, right, bottom)) : Optional.empty();
  }

  private static boolean list(JsonNode counts, Runs runs) {
    for (JsonNode count : counts) if (!runs.add(count.asLong(-1))) return false;
    return runs.isComplete();
  }

  /**
   * Five bits a character from '0', the sixth says that more follow; differences from the third.
   */
  private static boolean unpack(String text, Runs runs) {
    long beforeLast = 0;
    long last = 0;
    int n = 0;
    for (int i = 0; i < text.length(); n++) {
      long value = 0;
      int shift = 0;
      boolean more = true;
      while (more) {
        if (i == text.length() || shift > 60) return false;
        int c = text.charAt(i++) - 48;
        if (c < 0 || c > 63) return false;
        value |= (long) (c & 31) << shift;
        shift += 5;
        more = (c & 32) != 0;
        if (!more && (c & 16) != 0) value |= -1L << shift;
      }
      if (n > 2) value += beforeLast;
      if (!runs.add(value)) return false;
      beforeLast = last;
      last = value;
    }
    return runs.isComplete();
  }

  /** Takes a stretch of pixels: the first, and the first behind it. */
  private interface Spans {
    void add(long start, long end);
  }

  private static final class Runs {
    private final long pixels;
    private final Spans spans;
    private long at;
    private boolean foreground;

    Runs(long pixels, Spans spans) {
      this.pixels = pixels;
      this.spans = spans;
    }

    /** False if the run does not fit. */
    boolean add(long length) {
      if (length < 0 || length > pixels - at) return false;
      if (foreground && length > 0) spans.add(at, at + length);
      at += length;
      foreground = !foreground;
      return true;
    }

    boolean isComplete() {
      return at == pixels;
    }
  }

  private static final class Bounds implements Spans {
    private final long height;
    private long left = Long.MAX_VALUE;
    private long top = Long.MAX_VALUE;
    private long right = -1;
    private long bottom = -1;

    Bounds(long height) {
      this.height = height;
    }

    @Override
    public void add(long start, long end) {
      long last = end - 1;
      boolean oneColumn = start / height == last / height;
      left = Math.min(left, start / height);
      right = Math.max(right, last / height);
      top = Math.min(top, oneColumn ? start % height : 0);
      bottom = Math.max(bottom, oneColumn ? last % height : height - 1);
    }

    Optional<Box> box() {
      return right < 0
          ? Optional.empty()
          : Optional.of(Box.between(left, top, right + 1, bottom + 1));
    }
  }
}
