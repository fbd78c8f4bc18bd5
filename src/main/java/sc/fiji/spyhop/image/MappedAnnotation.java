package sc.fiji.spyhop.image;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import sc.fiji.spyhop.prediction.Annotation;
import sc.fiji.spyhop.prediction.Box;
import sc.fiji.spyhop.prediction.ImageSize;
import sc.fiji.spyhop.prediction.Keypoint;
import sc.fiji.spyhop.prediction.LocalizedObject;
import sc.fiji.spyhop.prediction.Pose;

/** Brings boxes and points from an image to what a network is shown of it, and back. */
public final class MappedAnnotation {

  private MappedAnnotation() {}

  /**
   * The same in other coordinates.
   *
   * @param map scales and shifts only
   * @param size of the image it leads to; nothing is cut off there
   */
  public static Annotation of(Annotation annotation, Affine map, ImageSize size) {
    List<LocalizedObject> objects = new ArrayList<>();
    for (LocalizedObject o : annotation.objects()) {
      objects.add(o.withBox(box(o.box(), map)));
    }
    List<Pose> poses =
        annotation.poses().stream()
            .map(
                p ->
                    new Pose(
                        p.individual(),
                        p.object().map(o -> objects.get(annotation.objects().indexOf(o))),
                        p.keypoints().stream().map(k -> point(k, map)).toList()))
            .toList();
    return new Annotation(size, objects, poses);
  }

  /** A pose without its object, in other coordinates; the map may rotate. */
  public static Pose pose(Pose pose, Affine map) {
    return new Pose(
        pose.individual(),
        Optional.empty(),
        pose.keypoints().stream().map(k -> point(k, map)).toList());
  }

  private static Box box(Box b, Affine map) {
    return Box.between(
        map.x(b.x(), b.y()),
        map.y(b.x(), b.y()),
        map.x(b.right(), b.bottom()),
        map.y(b.right(), b.bottom()));
  }

  private static Keypoint point(Keypoint k, Affine map) {
    return k.isLocated() ? k.movedTo(map.x(k.x(), k.y()), map.y(k.x(), k.y())) : k;
  }
}
