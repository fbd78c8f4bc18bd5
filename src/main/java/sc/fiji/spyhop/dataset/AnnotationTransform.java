package sc.fiji.spyhop.dataset;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import sc.fiji.spyhop.prediction.Annotation;
import sc.fiji.spyhop.prediction.Box;
import sc.fiji.spyhop.prediction.ImageSize;
import sc.fiji.spyhop.prediction.Keypoint;
import sc.fiji.spyhop.prediction.KeypointLayout;
import sc.fiji.spyhop.prediction.LocalizedObject;
import sc.fiji.spyhop.prediction.Pose;

/**
 * Moves boxes and points the way an image is moved. A box becomes the axis-aligned box around its
 * moved corners, or around the moved ellipse in it, which is tighter for round objects when they
 * are turned; it is cut off at the edge. Points that come to lie outside are absent then; those
 * that nobody marked stay unknown. In a mirror image, paired keypoints change their names.
 *
 * @param layout which keypoints are pairs
 * @param tight box around the ellipse instead of around the corners
 * @param visible least share of an object's moved box, in [0, 1], that has to be in the picture;
 *     else it is dropped
 */
public record AnnotationTransform(
    KeypointLayout layout, boolean tight, ToDoubleFunction<LocalizedObject> visible) {

  /** Boxes of which fewer pixels are left in either direction are dropped. */
  private static final double SMALLEST = 1;

  /**
   * What is known of a picture.
   *
   * @param truth of the image that it was cut from
   * @param picture its size
   */
  public Annotation apply(Annotation truth, Cutout map, ImageSize picture) {
    List<LocalizedObject> objects = new ArrayList<>();
    Map<LocalizedObject, LocalizedObject> moved = new IdentityHashMap<>();
    for (LocalizedObject o : truth.objects()) {
      Box hull = tight ? aroundEllipse(o.box(), map) : aroundCorners(o.box(), map);
      hull.intersection(picture.box())
          .filter(b -> b.area() >= visible.applyAsDouble(o) * hull.area())
          .filter(b -> b.width() >= SMALLEST && b.height() >= SMALLEST)
          .map(o::withBox)
          .ifPresent(
              kept -> {
                objects.add(kept);
                moved.put(o, kept);
              });
    }
    List<Pose> poses = new ArrayList<>();
    for (Pose pose : truth.poses()) {
      List<Keypoint> points = pose.keypoints().stream().map(k -> move(k, map, picture)).toList();
      Optional<LocalizedObject> object =
          pose.object().flatMap(o -> Optional.ofNullable(moved.get(same(truth, o))));
      poses.add(new Pose(pose.individual(), object, points));
    }
    return new Annotation(picture, objects, poses);
  }

  /** The very object of the list that equals one. */
  private static LocalizedObject same(Annotation truth, LocalizedObject object) {
    return truth.objects().get(truth.objects().indexOf(object));
  }

  private Keypoint move(Keypoint k, Cutout map, ImageSize picture) {
    String name = map.isMirrored() ? layout.mirror(k.name()) : k.name();
    if (!k.isLocated()) return Keypoint.absent(name);
    double[] p = map.toPicture(k.x(), k.y());
    boolean inside = p[0] >= 0 && p[1] >= 0 && p[0] <= picture.width() && p[1] <= picture.height();
    return inside
        ? new Keypoint(name, p[0], p[1], k.confidence(), k.visibility())
        : Keypoint.absent(name);
  }

  private static Box aroundCorners(Box b, Cutout map) {
    double[][] corners = {
      map.toPicture(b.x(), b.y()),
      map.toPicture(b.right(), b.y()),
      map.toPicture(b.x(), b.bottom()),
      map.toPicture(b.right(), b.bottom())
    };
    double left = Double.POSITIVE_INFINITY;
    double top = Double.POSITIVE_INFINITY;
    double right = Double.NEGATIVE_INFINITY;
    double bottom = Double.NEGATIVE_INFINITY;
    for (double[] c : corners) {
      left = Math.min(left, c[0]);
      right = Math.max(right, c[0]);
      top = Math.min(top, c[1]);
      bottom = Math.max(bottom, c[1]);
    }
    return Box.between(left, top, right, bottom);
  }

  /** An ellipse's half width is the root of the squares of what its half axes contribute. */
  private static Box aroundEllipse(Box b, Cutout map) {
    double[] center = map.toPicture(b.centerX(), b.centerY());
    double[] east = map.toPicture(b.right(), b.centerY());
    double[] south = map.toPicture(b.centerX(), b.bottom());
    double w = Math.hypot(east[0] - center[0], south[0] - center[0]);
    double h = Math.hypot(east[1] - center[1], south[1] - center[1]);
    return new Box(center[0] - w, center[1] - h, 2 * w, 2 * h);
  }
}
