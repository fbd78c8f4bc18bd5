package sc.fiji.spyhop.prediction;

import java.util.Arrays;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import sc.fiji.spyhop.util.Strings;

/**
 * The pixels of one object in a plane, as stretches down the columns, the order in which COCO
 * counts them: pixel (x, y) has the number {@code x * height + y}. Memory goes with the outline,
 * not with the area. Immutable.
 */
public final class Mask {

  private final ImageSize size;

  /** First and first behind of each stretch in turn, ascending; stretches do not touch. */
  private final int[] spans;

  private Mask(ImageSize size, int[] spans) {
    this.size = size;
    this.spans = spans;
  }

  /** Whether a plane has no more pixels than can be numbered, 2^31 - 1. */
  public static boolean fits(ImageSize size) {
    return (long) size.width() * size.height() <= Integer.MAX_VALUE;
  }

  /**
   * The pixels of each label, by label; none of 0 and what is unlabelled.
   *
   * @return none for labels that no pixel has
   */
  public static SortedMap<Integer, Mask> of(LabelMap labels) {
    ImageSize size = new ImageSize(labels.width(), labels.height());
    Map<Integer, Builder> builders = new TreeMap<>();
    int start = 0;
    int label = labels.get(0, 0);
    for (int x = 0, at = 0; x < labels.width(); x++) {
      for (int y = 0; y < labels.height(); y++, at++) {
        int here = labels.get(x, y);
        if (here == label) continue;
        if (isObject(label)) builders.computeIfAbsent(label, l -> new Builder(size)).add(start, at);
        start = at;
        label = here;
      }
    }
    if (isObject(label)) {
      builders.computeIfAbsent(label, l -> new Builder(size)).add(start, labels.size());
    }
    SortedMap<Integer, Mask> masks = new TreeMap<>();
    builders.forEach((l, builder) -> masks.put(l, builder.build()));
    return masks;
  }

  private static boolean isObject(int label) {
    return label != 0 && label != LabelMap.UNLABELLED;
  }

  /** The pixels whose centres lie within the ellipse that a box in the plane is drawn around. */
  public static Mask ellipse(ImageSize size, Box box) {
    Builder mask = new Builder(size);
    double cx = box.x() + box.width() / 2;
    double cy = box.y() + box.height() / 2;
    int last = (int) Math.min(size.width(), Math.ceil(box.right()));
    for (int x = (int) Math.max(0, box.x()); x < last; x++) {
      double u = 2 * (x + 0.5 - cx) / box.width();
      double half = box.height() / 2 * Math.sqrt(Math.max(0, 1 - u * u));
      int top = (int) Math.max(0, Math.ceil(cy - half - 0.5));
      int bottom = (int) Math.min(size.height(), Math.ceil(cy + half - 0.5));
      mask.column(x, top, Math.max(top, bottom));
    }
    return mask.build();
  }

  /** Of the plane that it is in. */
  public ImageSize size() {
    return size;
  }

  /** Whether it covers no pixel. */
  public boolean isEmpty() {
    return spans.length == 0;
  }

  /** Number of pixels. */
  public int area() {
    int area = 0;
    for (int i = 0; i < spans.length; i += 2) area += spans[i + 1] - spans[i];
    return area;
  }

  /**
   * The smallest box around the pixels.
   *
   * @throws IllegalStateException if there are none
   */
  public Box box() {
    if (isEmpty()) throw new IllegalStateException("mask: an empty one has no box");
    int height = size.height();
    int top = height;
    int bottom = 0;
    for (int i = 0; i < spans.length; i += 2) {
      int last = spans[i + 1] - 1;
      boolean oneColumn = spans[i] / height == last / height;
      top = Math.min(top, oneColumn ? spans[i] % height : 0);
      bottom = Math.max(bottom, oneColumn ? last % height + 1 : height);
    }
    int right = (spans[spans.length - 1] - 1) / height + 1;
    return Box.between(spans[0] / height, top, right, bottom);
  }

  /**
   * Gives the pixels a label.
   *
   * @param labels of the size of the plane
   */
  public void paint(LabelMap labels, int label) {
    if (labels.width() != size.width() || labels.height() != size.height()) {
      throw new IllegalArgumentException(
          Strings.format(
              "mask: expected a label map of %d x %d pixels, received %d x %d",
              size.width(), size.height(), labels.width(), labels.height()));
    }
    for (int i = 0; i < spans.length; i += 2) {
      int x = spans[i] / size.height();
      int y = spans[i] % size.height();
      for (int at = spans[i]; at < spans[i + 1]; at++) {
        labels.set(x, y, label);
        if (++y == size.height()) {
          y = 0;
          x++;
        }
      }
    }
  }

  /**
   * The part within {@link #box}, 1 where the object is.
   *
   * @throws IllegalStateException if there is none
   */
  public LabelMap cutOut() {
    Box box = box();
    int height = size.height();
    LabelMap labels = new LabelMap((int) box.width(), (int) box.height());
    for (int i = 0; i < spans.length; i += 2) {
      for (int at = spans[i]; at < spans[i + 1]; at++) {
        labels.set(at / height - (int) box.x(), at % height - (int) box.y(), 1);
      }
    }
    return labels;
  }

  /** Lengths of background and object in turn, background first, as COCO writes them. */
  public int[] runs() {
    int pixels = size.width() * size.height();
    int[] runs = new int[spans.length + 1];
    int at = 0;
    for (int i = 0; i < spans.length; i++) {
      runs[i] = spans[i] - at;
      at = spans[i];
    }
    runs[spans.length] = pixels - at;
    return at == pixels ? Arrays.copyOf(runs, spans.length) : runs;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Mask that && size.equals(that.size) && Arrays.equals(spans, that.spans);
  }

  @Override
  public int hashCode() {
    return 31 * size.hashCode() + Arrays.hashCode(spans);
  }

  @Override
  public String toString() {
    return "mask of " + area() + " pixels";
  }

  /** Collects stretches in any order; they may overlap. */
  public static final class Builder {

    private final ImageSize size;
    private final int pixels;

    /** First pixel in the upper half, first behind in the lower. */
    private long[] spans = new long[8];

    private int n;

    /**
     * Begins with no pixel of a plane of this size.
     *
     * @throws IllegalArgumentException if the plane does not {@link #fits fit}
     */
    public Builder(ImageSize size) {
      if (!fits(size)) {
        throw new IllegalArgumentException(
            Strings.format(
                "mask: expected at most 2^31 - 1 pixels, received %d x %d",
                size.width(), size.height()));
      }
      this.size = size;
      pixels = size.width() * size.height();
    }

    /**
     * Adds a stretch.
     *
     * @param start number of its first pixel
     * @param end number of the first pixel behind; nothing is added if that is not above start
     */
    public Builder add(long start, long end) {
      if (start < 0 || end > pixels) {
        throw new IllegalArgumentException(
            Strings.format(
                "mask: expected pixels from 0 to %d, received %d to %d", pixels, start, end));
      }
      if (end <= start) return this;
      if (n == spans.length) spans = Arrays.copyOf(spans, 2 * n);
      spans[n++] = start << 32 | end;
      return this;
    }

    /** Adds the rows from {@code top} up to {@code bottom} of a column, as far as they exist. */
    public Builder column(int x, double top, double bottom) {
      if (x < 0 || x >= size.width()) return this;
      long first = (long) Math.max(0, Math.min(size.height(), top));
      long behind = (long) Math.max(0, Math.min(size.height(), bottom));
      long column = (long) x * size.height();
      return add(column + first, column + behind);
    }

    /** The mask of all that was added, stretches that touch or overlap being joined. */
    public Mask build() {
      long[] sorted = Arrays.copyOf(spans, n);
      Arrays.sort(sorted);
      int[] merged = new int[2 * n];
      int m = 0;
      for (long span : sorted) {
        int start = (int) (span >>> 32);
        int end = (int) span;
        if (m > 0 && start <= merged[m - 1]) {
          merged[m - 1] = Math.max(merged[m - 1], end);
        } else {
          merged[m++] = start;
          merged[m++] = end;
        }
      }
      return new Mask(size, Arrays.copyOf(merged, m));
    }
  }
}
