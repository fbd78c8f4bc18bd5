package sc.fiji.spyhop.prediction;

import java.util.List;

/**
 * What is in one plane of an image, as an annotator or a network says it.
 *
 * @param size of the image that all coordinates refer to, which begins at (0, 0) unless it is a
 *     view of another
 * @param objects boxes with classes
 * @param poses keypoints, one pose for each object that has some; a pose's object, if it has been
 *     localised, is one of the objects
 */
public record Annotation(ImageSize size, List<LocalizedObject> objects, List<Pose> poses) {

  /**
   * Copies the lists.
   *
   * @throws IllegalArgumentException if a pose names an object that is not among the objects
   */
  public Annotation {
    objects = List.copyOf(objects);
    poses = List.copyOf(poses);
    for (Pose pose : poses) {
      if (pose.object().isPresent() && !objects.contains(pose.object().get())) {
        throw new IllegalArgumentException("annotation: a pose's object is not among the objects");
      }
    }
  }

  /** Nothing in the image. */
  public static Annotation empty(ImageSize size) {
    return new Annotation(size, List.of(), List.of());
  }

  /** Objects of some classes alone, with their poses, and poses of no object. */
  public Annotation only(KeptClasses classes) {
    if (classes.areAll()) return this;
    return new Annotation(
        size,
        objects.stream().filter(o -> classes.contain(o.type())).toList(),
        poses.stream()
            .filter(p -> p.object().map(o -> classes.contain(o.type())).orElse(true))
            .toList());
  }

  /**
   * The same in an image in which all lies further to the right and down. Pixels of objects, where
   * an annotator drew them, are forgotten.
   */
  public Annotation shifted(double dx, double dy) {
    if (dx == 0 && dy == 0) return this;
    return new Annotation(
        size,
        objects.stream().map(o -> o.shifted(dx, dy)).toList(),
        poses.stream().map(p -> p.shifted(dx, dy)).toList());
  }

  /** Whether there is neither a box nor a keypoint. */
  public boolean isEmpty() {
    return objects.isEmpty() && poses.isEmpty();
  }
}
