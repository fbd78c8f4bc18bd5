package sc.fiji.spyhop.prediction;

import java.util.Arrays;
import java.util.Optional;

/**
 * A whole number for every pixel of a plane: 0 for background, otherwise the number of an object or
 * of a class. Row-major. Stored in 16 bits while labels fit, in 32-bit floats (exact to 2^24)
 * beyond: just what ImageJ can show, without a copy however large the image. As an image of ImgLib2
 * they are given by {@code image.Imgs}. Where labels number objects, their classes may be known as
 * well.
 */
public final class LabelMap {

  /** Largest label. */
  public static final int MAX_LABEL = (1 << 24) - 1;

  /**
   * In a truth: nobody has said what this pixel shows. It trains nothing and is not scored. No
   * label, whatever number files have for it.
   */
  public static final int UNLABELLED = MAX_LABEL + 1;

  private static final int MAX_SHORT = 0xFFFF;

  private final int width;
  private final int height;
  private short[] shorts;
  private float[] floats;
  private final ObjectClasses classes;

  /**
   * All background.
   *
   * @param width columns, at least 1
   * @param height rows, at least 1; all pixels together fit an array
   */
  public LabelMap(int width, int height) {
    this(width, height, new short[Math.multiplyExact(width, height)], null, ObjectClasses.NONE);
  }

  private LabelMap(int width, int height, short[] shorts, float[] floats, ObjectClasses classes) {
    this.width = width;
    this.height = height;
    this.shorts = shorts;
    this.floats = floats;
    this.classes = classes;
  }

  /**
   * All background, stored so that labels up to the given one need no second, wider copy.
   *
   * @param maxLabel in [0, {@link #MAX_LABEL}], or {@link #UNLABELLED}
   */
  public static LabelMap sized(int width, int height, int maxLabel) {
    int size = Math.multiplyExact(width, height);
    return check(maxLabel) <= MAX_SHORT
        ? new LabelMap(width, height, new short[size], null, ObjectClasses.NONE)
        : new LabelMap(width, height, null, new float[size], ObjectClasses.NONE);
  }

  /**
   * A copy of labels in row-major order.
   *
   * @param width columns
   * @param height rows
   * @param labels {@code width * height} values in [0, {@link #MAX_LABEL}], or {@link #UNLABELLED}
   */
  public static LabelMap of(int width, int height, int... labels) {
    LabelMap map = new LabelMap(width, height);
    if (labels.length != map.size()) {
      throw new IllegalArgumentException(
          "label map: expected " + map.size() + " labels, received " + labels.length);
    }
    for (int i = 0; i < labels.length; i++) map.set(i, labels[i]);
    return map;
  }

  /** Columns. */
  public int width() {
    return width;
  }

  /** Rows. */
  public int height() {
    return height;
  }

  /**
   * The same labels of objects whose classes are known. The pixels are shared: neither map is to be
   * changed any more.
   *
   * @param known numbers of classes by label
   */
  public LabelMap withClasses(ObjectClasses known) {
    return known.equals(classes) ? this : new LabelMap(width, height, shorts, floats, known);
  }

  /** Classes of the objects; none where labels number classes, or nobody has said it. */
  public ObjectClasses classes() {
    return classes;
  }

  /** Number of pixels. */
  public int size() {
    return width * height;
  }

  /**
   * Label of the pixel in column {@code x} and row {@code y}, from 0; beyond the width it is one of
   * the next row.
   */
  public int get(int x, int y) {
    return get(y * width + x);
  }

  /**
   * Label at a row-major index.
   *
   * @param index {@code row * width + column}
   */
  public int get(int index) {
    return floats == null ? shorts[index] & MAX_SHORT : (int) floats[index];
  }

  /**
   * Sets the label of the pixel in column {@code x} and row {@code y}, from 0, as {@link #set(int,
   * int)} does.
   */
  public void set(int x, int y, int label) {
    set(y * width + x, label);
  }

  /**
   * Sets the label at a row-major index.
   *
   * @param index {@code row * width + column}
   * @param label in [0, {@link #MAX_LABEL}], or {@link #UNLABELLED}
   */
  public void set(int index, int label) {
    if (floats != null) {
      floats[index] = check(label);
    } else if (label >= 0 && label <= MAX_SHORT) {
      shorts[index] = (short) label;
    } else {
      check(label);
      widen();
      floats[index] = label;
    }
  }

  private static int check(int label) {
    if (label < 0 || label > UNLABELLED) {
      throw new IllegalArgumentException(
          "label map: expected a label in 0.." + MAX_LABEL + ", received " + label);
    }
    return label;
  }

  private void widen() {
    floats = new float[shorts.length];
    for (int i = 0; i < shorts.length; i++) floats[i] = shorts[i] & MAX_SHORT;
    shorts = null;
  }

  /** Largest label present, that of unlabelled pixels too. */
  public int max() {
    int max = 0;
    for (int i = 0; i < size(); i++) max = Math.max(max, get(i));
    return max;
  }

  /** The labels themselves as unsigned numbers of 16 bits; absent if they are in floats. */
  public Optional<short[]> shorts() {
    return Optional.ofNullable(shorts);
  }

  /** The labels themselves as floats; absent if they are in 16 bits. */
  public Optional<float[]> floats() {
    return Optional.ofNullable(floats);
  }

  @Override
  public boolean equals(Object other) {
    if (!(other instanceof LabelMap that) || width != that.width || height != that.height) {
      return false;
    }
    if (!classes.equals(that.classes)) return false;
    if (shorts != null && that.shorts != null) return Arrays.equals(shorts, that.shorts);
    for (int i = 0; i < size(); i++) if (get(i) != that.get(i)) return false;
    return true;
  }

  @Override
  public int hashCode() {
    int hash = 31 * width + height;
    for (int i = 0; i < size(); i++) hash = 31 * hash + get(i);
    return hash;
  }
}
