package sc.fiji.spyhop.prediction;

import java.util.ArrayList;
import java.util.List;

/**
 * Labels of pixels that may be of several classes: sets of classes as bits, the first class being
 * bit 0, so that 0 is a pixel of none.
 */
public final class Overlaps {

  /** So many classes have a bit in a {@link LabelMap}. */
  public static final int MAX_CLASSES = 24;

  private Overlaps() {}

  /** The bit of a class, counted from 0. */
  public static int bit(int index) {
    return 1 << index;
  }

  /** Whether a label holds a class, counted from 0; one that is unlabelled holds none. */
  public static boolean has(int label, int index) {
    return label != LabelMap.UNLABELLED && (label & 1 << index) != 0;
  }

  /** The classes of a label, counted from 0, ascending; none of one that is unlabelled. */
  public static List<Integer> classes(int label) {
    List<Integer> classes = new ArrayList<>();
    for (int c = 0; c < MAX_CLASSES; c++) if (has(label, c)) classes.add(c);
    return classes;
  }

  /**
   * Where one class is.
   *
   * @param index of the class, from 0
   * @param label what its pixels get; all others are 0
   */
  public static LabelMap layer(LabelMap sets, int index, int label) {
    LabelMap layer = LabelMap.sized(sets.width(), sets.height(), label);
    for (int i = 0; i < sets.size(); i++) if (has(sets.get(i), index)) layer.set(i, label);
    return layer;
  }

  /**
   * Adds a class to pixels.
   *
   * @param layer of the same size; 0 where the class is not
   * @param index of the class, from 0
   */
  public static void add(LabelMap sets, LabelMap layer, int index) {
    for (int i = 0; i < sets.size(); i++) {
      if (layer.get(i) != 0) sets.set(i, sets.get(i) | bit(index));
    }
  }
}
