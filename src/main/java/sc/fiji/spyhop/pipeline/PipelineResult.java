package sc.fiji.spyhop.pipeline;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import sc.fiji.spyhop.prediction.Annotation;
import sc.fiji.spyhop.prediction.ImageSize;
import sc.fiji.spyhop.prediction.LocalizedObject;
import sc.fiji.spyhop.prediction.Pose;

/**
 * What a chain says of one image.
 *
 * @param size of the image that all coordinates refer to
 * @param findings one for each object; empty if a step found none
 * @param others boxes of objects of classes that are left out
 */
public record PipelineResult(ImageSize size, List<Finding> findings, List<LocalizedObject> others) {

  /** Copies the lists. */
  public PipelineResult {
    findings = List.copyOf(findings);
    others = List.copyOf(others);
  }

  /** The same in an image in which all lies further to the right and down. */
  PipelineResult shifted(int dx, int dy) {
    if (dx == 0 && dy == 0) return this;
    return new PipelineResult(
        size,
        findings.stream().map(f -> f.shifted(dx, dy)).toList(),
        others.stream().map(o -> o.shifted(dx, dy)).toList());
  }

  /**
   * Boxes and keypoints as such; the class of a box is the most likely one, or all it is said to be
   * of, where there are any, its score that of the step that localised it.
   *
   * @param classes names of the classes of the scores
   */
  public Annotation annotation(List<String> classes) {
    List<LocalizedObject> objects = new ArrayList<>();
    List<Pose> poses = new ArrayList<>();
    for (Finding f : findings) {
      Optional<LocalizedObject> object =
          f.object()
              .map(
                  o ->
                      f.told()
                          .map(t -> new LocalizedObject(o.box(), t.label(classes), o.score()))
                          .orElse(o));
      object.ifPresent(objects::add);
      f.pose().ifPresent(p -> poses.add(new Pose(p.individual(), object, p.keypoints())));
    }
    return new Annotation(size, objects, poses);
  }

  /** In short, such as {@code whale_03 0.98, nothing for object 2 (no keypoints)}. */
  public String summary(List<String> classes) {
    if (findings.isEmpty()) return "nothing found";
    return findings.stream()
        .map(
            f ->
                f.missing()
                    .map(m -> "nothing for object " + f.number() + " (" + m + ")")
                    .or(() -> f.told().map(t -> t.caption(classes)))
                    .orElse("object " + f.number()))
        .collect(Collectors.joining(", "));
  }
}
