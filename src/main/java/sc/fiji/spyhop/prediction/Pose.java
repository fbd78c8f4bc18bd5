package sc.fiji.spyhop.prediction;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The keypoints of one object.
 *
 * @param individual tells objects of one image apart, such as "mouse1"; empty where there is one
 * @param object the object they belong to, if it has been localised
 * @param keypoints at most one of each name. Points that are not listed are unknown
 */
public record Pose(String individual, Optional<LocalizedObject> object, List<Keypoint> keypoints) {

  /**
   * Copies the list.
   *
   * @throws IllegalArgumentException if a keypoint is there twice
   */
  public Pose {
    keypoints = List.copyOf(keypoints);
    Set<String> names = new HashSet<>();
    for (Keypoint k : keypoints) {
      if (!names.add(k.name())) {
        throw new IllegalArgumentException("pose: keypoint " + k.name() + " is there twice");
      }
    }
  }

  /** The points of the only object in an image. */
  public Pose(List<Keypoint> keypoints) {
    this("", Optional.empty(), keypoints);
  }

  /** The same further to the right and down. */
  public Pose shifted(double dx, double dy) {
    return new Pose(
        individual,
        object.map(o -> o.shifted(dx, dy)),
        keypoints.stream().map(k -> k.shifted(dx, dy)).toList());
  }

  /** The point of a name, also if it is absent; empty if the pose does not list it. */
  public Optional<Keypoint> keypoint(String name) {
    return keypoints.stream().filter(k -> k.name().equals(name)).findFirst();
  }

  /** The points that have a place. */
  public List<Keypoint> located() {
    return keypoints.stream().filter(Keypoint::isLocated).toList();
  }
}
