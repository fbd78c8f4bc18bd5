package sc.fiji.spyhop.cli;

import java.util.Optional;
import java.util.OptionalDouble;
import picocli.CommandLine.Option;

/** Says where things are in images. */
abstract class ScenesJob extends FolderJob {

  @Option(
      names = "--model",
      required = true,
      paramLabel = "NAME|FILE",
      description = "Name of a model (see spyhop models) or its file.")
  String model;

  @Option(
      names = "--score",
      paramLabel = "S",
      description =
          "Report what is at least this sure, from 0 to 1 (default: what was best for the model's"
              + " validation images; for figures such as mAP, use 0.01).")
  private Optional<Double> score = Optional.empty();

  OptionalDouble score() {
    if (score.isPresent() && !(score.get() >= 0 && score.get() <= 1)) {
      throw misuse("--score: expected a number from 0 to 1, received " + score.get() + ".");
    }
    return score.map(OptionalDouble::of).orElseGet(OptionalDouble::empty);
  }
}
