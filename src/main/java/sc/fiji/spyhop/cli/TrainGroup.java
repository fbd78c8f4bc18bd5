package sc.fiji.spyhop.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

/** Leads to the trainings. */
@Command(
    name = "train",
    description = "Trains a model on your own annotated images.",
    footer = {
      "",
      "Examples:",
      "  spyhop train segment --data mydata --output my.spyhop",
      "  spyhop train classify --data photographs --output species.spyhop"
    })
final class TrainGroup extends Job {

  @Override
  public Integer call() {
    throw new ParameterException(
        spec.commandLine(),
        "Expected what to train: segment, localize, keypoints, classify, regress, restore or render.");
  }
}
