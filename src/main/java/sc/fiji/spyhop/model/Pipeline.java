package sc.fiji.spyhop.model;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.util.Strings;

/**
 * A chain of steps and the models they need. What a {@code .spyhop} file of a pipeline holds; see
 * {@link PipelineFile}.
 *
 * @param models by the names that the steps call them
 */
public record Pipeline(PipelineSpec spec, Map<String, Model> models) {

  /**
   * Checks the steps against their models.
   *
   * @throws SpyhopException if a model is missing, is needed by no step or is for something else,
   *     or a step asks for classes or keypoints that no model gives; names the step
   */
  public Pipeline {
    Set<String> needed = new TreeSet<>(spec.models());
    if (!needed.equals(new TreeSet<>(models.keySet()))) {
      throw new SpyhopException(
          Strings.format(
              "Pipeline %s: expected the models %s, received %s.",
              spec.name(), needed, new TreeSet<>(models.keySet())));
    }
    Map<String, Model> ordered = new LinkedHashMap<>();
    for (String name : spec.models()) ordered.put(name, models.get(name));
    models = Collections.unmodifiableMap(ordered);
    List<String> keypoints = List.of();
    for (int i = 0; i < spec.steps().size(); i++) {
      PipelineStep step = spec.steps().get(i);
      String where = Strings.format("Pipeline %s, step %d (%s)", spec.name(), i + 1, step.label());
      try {
        if (step.modelName().isPresent()) {
          models.get(step.modelName().get()).spec().task(step.kind().orElseThrow());
        }
        if (step instanceof PipelineStep.Localize s) {
          among(where, "classes", s.classes(), models.get(s.model()).spec().names());
        } else if (step instanceof PipelineStep.Keypoints s) {
          keypoints = models.get(s.model()).spec().names();
        } else if (step instanceof PipelineStep.Align s) {
          List<String> names = s.anchors().stream().map(PipelineStep.Anchor::keypoint).toList();
          among(where, "keypoints", names, keypoints);
        }
      } catch (SpyhopException e) {
        if (e.getMessage().startsWith(where)) throw e;
        throw new SpyhopException(where + ": " + e.getMessage(), e);
      }
    }
    requireOneImage(spec.name(), models);
  }

  /** All models look at the same image, of as many channels. */
  private static void requireOneImage(String name, Map<String, Model> models) {
    List<ModelSpec.Input> inputs = models.values().stream().map(m -> m.spec().input()).toList();
    boolean one =
        inputs.stream()
            .map(ModelSpec.Input::channels)
            .flatMap(c -> Stream.of(1, c))
            .anyMatch(c -> inputs.stream().allMatch(i -> i.colors().fits(c, i.channels())));
    if (one || inputs.isEmpty()) return;
    throw new SpyhopException(
        Strings.format(
            "Pipeline %s: its models look at the same image, but do not take as many channels: %s."
                + " Choose models for images of one kind.",
            name,
            models.entrySet().stream()
                .map(m -> m.getKey() + " takes " + m.getValue().spec().input().channels())
                .collect(Collectors.joining(", "))));
  }

  private static void among(String where, String what, List<String> asked, List<String> known) {
    for (String name : asked) {
      if (known.contains(name)) continue;
      throw new SpyhopException(
          Strings.format(
              "%s: expected %s of the model before, %s, received %s.",
              where, what, String.join(", ", known), name));
    }
  }

  /**
   * The model of a step.
   *
   * @param name by which steps call it
   */
  public Model model(String name) {
    return models.get(name);
  }

  /** CRC-32, in hexadecimal, of the file that {@link PipelineFile#write} would write. */
  public String crc32() {
    return Checksums.crc32(out -> PipelineFile.write(this, out));
  }
}
