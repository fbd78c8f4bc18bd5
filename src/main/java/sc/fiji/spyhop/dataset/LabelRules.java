package sc.fiji.spyhop.dataset;

import java.util.Set;
import java.util.TreeSet;
import sc.fiji.spyhop.prediction.LabelMap;

/**
 * How label images of other programs are to be taken: the same when they are checked, trained on
 * and compared with predictions.
 */
public final class LabelRules {

  /** What programs write for foreground in 8 bits where there are but two classes. */
  public static final int MASK = 255;

  private LabelRules() {}

  /** Whether the pixels are 0 or 255 and nothing else, some of them 255. */
  public static boolean isMask(LabelMap labels) {
    return Set.of(MASK).equals(used(labels, 2));
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
   * Labels that number objects. In a mask of 0 and 255 each connected part is an object, pixels
   * that touch at a corner being connected; in all other label images each label is one, in however
   * many parts.
   */
  public static LabelMap objects(LabelMap labels) {
    return isMask(labels) ? Regions.of(labels).labels() : labels;
  }

  /**
   * Labels that number classes. Where there are two classes, 255 is the second in a mask of 0 and
   * 255.
   *
   * @param classes how many there are
   */
  public static LabelMap classes(LabelMap labels, int classes) {
    if (classes != 2 || !isMask(labels)) return labels;
    LabelMap numbered = new LabelMap(labels.width(), labels.height());
    for (int i = 0; i < labels.size(); i++) {
      numbered.set(i, labels.get(i) == MASK ? 1 : labels.get(i));
    }
    return numbered;
  }

  /** Whether there is one label, but 255, in several connected parts. */
  public static boolean isInParts(LabelMap labels) {
    return used(labels, 2).size() == 1 && !isMask(labels) && Regions.of(labels).list().size() > 1;
  }

  /** Whether some pixels have a label. */
  public static boolean has(LabelMap labels, int label) {
    for (int i = 0; i < labels.size(); i++) if (labels.get(i) == label) return true;
    return false;
  }
}
