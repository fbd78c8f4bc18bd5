package sc.fiji.spyhop.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

/** Leads to the evaluations. */
@Command(
    name = "evaluate",
    description = "Evaluates predictions against the truth.",
    footer = {
      "",
      "Examples:",
      "  spyhop evaluate segment --predicted results --truth mydata/labels",
      "  spyhop evaluate localize --predicted results/boxes.csv --truth mydata"
    })
final class EvaluateGroup extends Job {

  @Override
  public Integer call() {
    throw new ParameterException(
        spec.commandLine(),
        "Expected what to evaluate: segment, classify, regress, restore, localize, keypoints or render.");
  }
}
