package sc.fiji.spyhop.dataset.format;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import sc.fiji.spyhop.prediction.Box;

/**
 * The box around a COCO segmentation: polygons, or runs of background and foreground in turn, down
 * the columns, as numbers or packed into text (cocoapi's maskApi.c).
 */
final class CocoMask {

  private CocoMask() {}

  /** Empty if the mask is empty or makes no sense. */
  static Optional<Box> box(JsonNode segmentation) {
    if (segmentation.isArray()) return polygons(segmentation);
    JsonNode size = segmentation.path("size");
    long height = size.path(0).asLong();
    long width = size.path(1).asLong();
    if (height < 1 || width < 1 || height > 1 << 24 || width > 1 << 24) return Optional.empty();
    JsonNode counts = segmentation.path("counts");
    Runs runs = new Runs(width, height);
    boolean whole =
        counts.isTextual() ? unpack(counts.asText(), runs) : counts.isArray() && list(counts, runs);
    return whole ? runs.box() : Optional.empty();
  }

  private static Optional<Box> polygons(JsonNode polygons) {
    double left = Double.POSITIVE_INFINITY;
    double top = Double.POSITIVE_INFINITY;
    double right = Double.NEGATIVE_INFINITY;
    double bottom = Double.NEGATIVE_INFINITY;
    for (JsonNode polygon : polygons) {
      if (polygon.size() < 6 || polygon.size() % 2 == 1) return Optional.empty();
      for (int i = 0; i < polygon.size(); i += 2) {
        double x = polygon.get(i).asDouble(Double.NaN);
        double y = polygon.get(i + 1).asDouble(Double.NaN);
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

  private static final class Runs {
    private final long height;
    private final long pixels;
    private long at;
    private boolean foreground;
    private long left = Long.MAX_VALUE;
    private long top = Long.MAX_VALUE;
    private long right = -1;
    private long bottom = -1;

    Runs(long width, long height) {
      this.height = height;
      pixels = width * height;
    }

    /** False if the run does not fit. */
    boolean add(long length) {
      if (length < 0 || length > pixels - at) return false;
      if (foreground && length > 0) {
        long last = at + length - 1;
        boolean oneColumn = at / height == last / height;
        left = Math.min(left, at / height);
        right = Math.max(right, last / height);
        top = Math.min(top, oneColumn ? at % height : 0);
        bottom = Math.max(bottom, oneColumn ? last % height : height - 1);
      }
      at += length;
      foreground = !foreground;
      return true;
    }

    boolean isComplete() {
      return at == pixels;
    }

    Optional<Box> box() {
      return right < 0
          ? Optional.empty()
          : Optional.of(Box.between(left, top, right + 1, bottom + 1));
    }
  }
}
