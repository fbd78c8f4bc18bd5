package sc.fiji.spyhop.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.util.Strings;

/**
 * What {@code pipeline.json} holds.
 *
 * @param name short: letters, digits, dot, hyphen and underscore
 * @param description what it finds in what images, a sentence or two
 * @param steps in order, 1 to 20; the chain fits
 * @param training where it comes from, and how good the whole chain is
 * @param author who answers for it; may be empty
 * @param license an SPDX identifier where there is one; may be empty
 * @param citation what to cite; may be empty
 */
public record PipelineSpec(
    @JsonProperty("name") String name,
    @JsonProperty("description") String description,
    @JsonProperty("steps") List<PipelineStep> steps,
    @JsonProperty("training") ModelSpec.Training training,
    @JsonProperty("author") String author,
    @JsonProperty("license") String license,
    @JsonProperty("citation") String citation) {

  private static final int MAX_STEPS = 20;

  /**
   * Checks the steps against each other.
   *
   * @throws SpyhopException if a step does not take what the one before gives; names the joint
   */
  public PipelineSpec {
    steps = List.copyOf(steps);
    requireName("Pipeline", name);
    if (steps.isEmpty() || steps.size() > MAX_STEPS) {
      throw new SpyhopException(
          Strings.format(
              "Pipeline %s: expected 1 to %d steps, received %d.", name, MAX_STEPS, steps.size()));
    }
    Set<PipelineStep.Kind> given = PipelineStep.BEGINNING;
    for (int i = 0; i < steps.size(); i++) {
      PipelineStep step = steps.get(i);
      if (!given.contains(step.takes())) {
        throw new SpyhopException(
            Strings.format(
                "Pipeline %s does not fit between %s and step %d (%s): expected %s, received %s.",
                name,
                i == 0 ? "the image" : "step " + i + " (" + steps.get(i - 1).label() + ")",
                i + 1,
                step.label(),
                step.takes(),
                String.join(" and ", given.stream().map(Object::toString).sorted().toList())));
      }
      step.modelName().ifPresent(model -> requireName("Step " + step.label(), model));
      given = step.gives();
    }
  }

  /** Names become those of files and of entries in archives. */
  private static void requireName(String what, String name) {
    if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,99}")) {
      throw new SpyhopException(
          Strings.format(
              "%s: expected a name of letters, digits, dots, hyphens and underscores, received \"%s\".",
              what, name));
    }
  }

  /** Names of the models that the steps need, each once, in order. */
  public List<String> models() {
    return steps.stream()
        .map(PipelineStep::modelName)
        .flatMap(Optional::stream)
        .distinct()
        .toList();
  }
}
