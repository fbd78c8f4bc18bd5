package sc.fiji.spyhop.task.decode;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;
import sc.fiji.spyhop.prediction.LocalizedObject;

/** Leaves of boxes of one class that overlap the best one alone: non-maximum suppression. */
public final class NonMaximum {

  private NonMaximum() {}

  /**
   * Suppresses class by class.
   *
   * @param overlap intersection over union above which a box is the same object as a better one
   * @param soft whether such a box loses score by its overlap (Bodla et al. 2017) instead of being
   *     dropped
   * @param most boxes that are kept
   * @param least score of a class from which a box of it is kept
   * @return best first
   */
  public static List<LocalizedObject> suppressed(
      List<LocalizedObject> found,
      double overlap,
      boolean soft,
      int most,
      ToDoubleFunction<String> least) {
    List<LocalizedObject> kept = new ArrayList<>();
    Comparator<LocalizedObject> better = Comparator.comparingDouble(o -> -o.score());
    List<LocalizedObject> open = new ArrayList<>(found);
    open.sort(better);
    while (!open.isEmpty() && kept.size() < most) {
      LocalizedObject best = open.remove(0);
      kept.add(best);
      boolean changed = false;
      for (int i = open.size() - 1; i >= 0; i--) {
        LocalizedObject o = open.get(i);
        double iou = o.type().equals(best.type()) ? o.box().iou(best.box()) : 0;
        if (iou <= overlap) continue;
        double score = soft ? o.score() * (1 - iou) : 0;
        if (score > 0 && score >= least.applyAsDouble(o.type())) {
          open.set(i, new LocalizedObject(o.box(), o.type(), score));
          changed = true;
        } else {
          open.remove(i);
        }
      }
      if (changed) open.sort(better);
    }
    return kept;
  }
}
