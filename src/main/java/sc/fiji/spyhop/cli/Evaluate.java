package sc.fiji.spyhop.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

/** Leads to the evaluations. */
@Command(
    name = "evaluate",
    description = "Measures how good predictions are, given the truth.",
    subcommands = {
      EvaluateSegment.class,
      EvaluateClassify.class,
      EvaluateRegress.class,
      EvaluateLocalize.class,
      EvaluateKeypoints.class
    })
final class Evaluate extends Job {

  @Override
  public Integer call() {
    throw new ParameterException(
        spec.commandLine(),
        "Expected what to evaluate: segment, classify, regress, localize or keypoints.");
  }
}
