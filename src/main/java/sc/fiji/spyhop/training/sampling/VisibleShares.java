package sc.fiji.spyhop.training.sampling;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import sc.fiji.spyhop.prediction.Annotation;
import sc.fiji.spyhop.prediction.Box;
import sc.fiji.spyhop.prediction.Diameters;
import sc.fiji.spyhop.prediction.ImageSize;
import sc.fiji.spyhop.prediction.LocalizedObject;

/**
 * How much of an object has to be in a picture for its box to count. The edges of images cut
 * objects off as those of pictures do, and whoever annotates boxes them from some share on. It is
 * taken from the boxes at the edges of images: the area that nine in ten of them exceed, per median
 * area of the others of the class.
 *
 * @param byClass in [{@link #MIN}, {@link #MAX}], where there are {@link #ENOUGH} boxes at edges
 *     and as many others; elsewhere it is the former
 */
record VisibleShares(Map<String, Double> byClass) {

  static final double MIN = 0.3;
  static final double MAX = 0.65;
  static final int ENOUGH = 20;

  private static final double LOW = 0.1;

  /** Boxes closer to an edge than this touch it, pixels. */
  private static final double NEAR = 1;

  /** Of the annotations of whole images, in the scale that the network is shown. */
  static VisibleShares of(List<Annotation> images) {
    Map<String, List<Box>> cut = new HashMap<>();
    Map<String, List<Box>> whole = new HashMap<>();
    for (Annotation image : images) {
      for (LocalizedObject o : image.objects()) {
        (isCut(o.box(), image.size()) ? cut : whole)
            .computeIfAbsent(o.type(), t -> new ArrayList<>())
            .add(o.box());
      }
    }
    Map<String, Double> shares = new HashMap<>();
    cut.forEach(
        (type, boxes) -> {
          List<Box> others = whole.getOrDefault(type, List.of());
          if (boxes.size() < ENOUGH || others.size() < ENOUGH) return;
          double ratio =
              diameters(boxes).quantile(LOW).orElseThrow()
                  / diameters(others).median().orElseThrow();
          shares.put(type, Math.max(MIN, Math.min(MAX, ratio * ratio)));
        });
    return new VisibleShares(Map.copyOf(shares));
  }

  private static boolean isCut(Box box, ImageSize image) {
    return box.x() < NEAR
        || box.y() < NEAR
        || box.right() > image.width() - NEAR
        || box.bottom() > image.height() - NEAR;
  }

  private static Diameters diameters(List<Box> boxes) {
    return new Diameters(boxes.stream().mapToDouble(b -> Diameters.ofArea(b.area())).toArray());
  }

  /** The minimum share of an object. */
  double of(LocalizedObject object) {
    return byClass.getOrDefault(object.type(), MIN);
  }
}
