package sc.fiji.spyhop.dataset;

import java.util.Arrays;
import java.util.Collections;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.prediction.LabelMap;
import sc.fiji.spyhop.util.Strings;

/**
 * How label images of other programs are to be taken: the same when they are checked, trained on
 * and compared with predictions.
 */
public final class LabelRules {

  /** What programs write for foreground in 8 and in 16 bits where there are but two classes. */
  private static final Set<Integer> MASK = Set.of(255, 65535);

  /** Beyond it a label is no grey value. */
  private static final int MAX_GREY = 65535;

  /** From so many on, labels up to that of a mask may be grey values. */
  private static final int FEW = 4;

  /** From so many on, all others may be as well. */
  private static final int MANY = 10;

  private LabelRules() {}

  /** Whether the pixels are 0 or the largest number of 8 or of 16 bits and nothing else. */
  public static boolean isMask(LabelMap labels) {
    Set<Integer> used = used(labels, 2);
    return used.size() == 1 && MASK.containsAll(used);
  }

  /** Labels but background and what is unlabelled, at most so many. */
  private static Set<Integer> used(LabelMap labels, int most) {
    Set<Integer> used = new TreeSet<>();
    int last = 0;
    for (int i = 0; i < labels.size() && used.size() < most; i++) {
      int label = labels.get(i);
      if (label == last || label == 0 || label == LabelMap.UNLABELLED) continue;
      used.add(label);
      last = label;
    }
    return used;
  }

  /**
   * Labels that number objects. In a mask of 0 and 255, or 65535, each connected part is an object,
   * pixels that touch at a corner being connected; in all other label images each label is one, in
   * however many parts.
   */
  public static LabelMap objects(LabelMap labels) {
    return isMask(labels) ? Regions.of(labels).labels() : labels;
  }

  /**
   * Labels that number classes. Where there are two classes, 255 is the second in a mask of 0 and
   * 255, and 65535 in one of 0 and 65535.
   *
   * @param classes how many there are
   */
  public static LabelMap classes(LabelMap labels, int classes) {
    if (classes != 2 || !isMask(labels)) return labels;
    LabelMap numbered = new LabelMap(labels.width(), labels.height());
    for (int i = 0; i < labels.size(); i++) {
      numbered.set(i, MASK.contains(labels.get(i)) ? 1 : labels.get(i));
    }
    return numbered;
  }

  /**
   * Refuses labels that are no numbers of classes.
   *
   * @param name of the image, for the message
   * @param classes how many there are
   * @param ignores whether a label stands for pixels that nobody has labelled
   * @throws SpyhopException that names the image and the first such label, and what to do
   */
  public static void requireClasses(
      String name, LabelMap labels, int classes, IntPredicate ignores) {
    for (int i = 0; i < labels.size(); i++) {
      int label = labels.get(i);
      if (label < classes || ignores.test(label)) continue;
      throw new SpyhopException(
          Strings.format(
              "%s has label %d, but there are only the classes 0 to %d (name as many classes as"
                  + " there are labels; or if it stands for pixels that nobody has labelled, give"
                  + " ignore=%2$d, or write it into a column unknown of index.csv)",
              name, label, classes - 1));
    }
  }

  /**
   * Whether there are a few labels only, 255 being the largest, as grey values of a mask are, such
   * as 0, 128 and 255.
   */
  public static boolean areFewGreys(LabelMap labels) {
    Set<Integer> used = used(labels, MANY);
    return used.size() > 1 && used.size() < MANY && Collections.max(used) == 255;
  }

  /** Whether there is one label, but that of a mask, in several connected parts. */
  public static boolean isInParts(LabelMap labels) {
    return used(labels, 2).size() == 1 && !isMask(labels) && Regions.of(labels).list().size() > 1;
  }

  /**
   * Refuses grey values in place of numbers of objects: those of a photograph, or the edges of a
   * mask that was smoothed or scaled. Most of such values lie along others and fill little of the
   * box around them, or are but one pixel thick; objects do not.
   *
   * @throws SpyhopException that says so, as a clause and what to do
   */
  public static void requireObjects(LabelMap labels) {
    int max = 0;
    for (int i = 0; i < labels.size(); i++) {
      int label = labels.get(i);
      if (label != LabelMap.UNLABELLED) max = Math.max(max, label);
    }
    if (max > MAX_GREY) return;
    Shape[] shapes = shapes(labels, max);
    long used = Arrays.stream(shapes).filter(Objects::nonNull).count();
    long grey = Arrays.stream(shapes).filter(s -> s != null && s.isGrey()).count();
    boolean likely =
        MASK.contains(max) ? used >= FEW && 2 * grey >= used : used >= MANY && 2 * grey > used;
    if (!likely) return;
    throw new SpyhopException(
        Strings.format(
            "expected a number for each object, or 0 and 255 only, received %d grey values that"
                + " outline no objects, as in a photograph or along the edges of a mask that was"
                + " smoothed or scaled. Save a clean mask: apply a threshold of half the largest"
                + " value, and store it as PNG or TIFF.",
            used));
  }

  private static Shape[] shapes(LabelMap labels, int max) {
    Shape[] shapes = new Shape[max + 1];
    for (int y = 0; y < labels.height(); y++) {
      for (int x = 0; x < labels.width(); x++) {
        int label = labels.get(x, y);
        if (label == 0 || label == LabelMap.UNLABELLED) continue;
        if (shapes[label] == null) shapes[label] = new Shape();
        shapes[label].add(x, y, isBesideAnother(labels, x, y, label));
      }
    }
    return shapes;
  }

  /** Whether one of the eight neighbours has another label. */
  private static boolean isBesideAnother(LabelMap labels, int x, int y, int label) {
    for (int v = Math.max(0, y - 1); v <= Math.min(labels.height() - 1, y + 1); v++) {
      for (int u = Math.max(0, x - 1); u <= Math.min(labels.width() - 1, x + 1); u++) {
        int other = labels.get(u, v);
        if (other != label && other != 0 && other != LabelMap.UNLABELLED) return true;
      }
    }
    return false;
  }

  /** How the pixels of a label lie. */
  private static final class Shape {
    private long pixels;
    private long beside;
    private int left = Integer.MAX_VALUE;
    private int top = Integer.MAX_VALUE;
    private int right;
    private int bottom;

    void add(int x, int y, boolean besideAnother) {
      pixels++;
      if (besideAnother) beside++;
      left = Math.min(left, x);
      top = Math.min(top, y);
      right = Math.max(right, x);
      bottom = Math.max(bottom, y);
    }

    boolean isGrey() {
      long box = (right - left + 1L) * (bottom - top + 1L);
      return 10 * beside >= 8 * pixels || (2 * beside >= pixels && 5 * pixels < box);
    }
  }

  /** Whether some pixels have a label. */
  public static boolean has(LabelMap labels, int label) {
    for (int i = 0; i < labels.size(); i++) if (labels.get(i) == label) return true;
    return false;
  }
}
