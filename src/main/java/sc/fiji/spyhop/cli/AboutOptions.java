package sc.fiji.spyhop.cli;

import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;
import sc.fiji.spyhop.training.ModelTraining;

/** What is written about a model into it. */
final class AboutOptions {
  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "Name of the model (default: that of the file).")
  private Optional<String> name = Optional.empty();

  @Option(names = "--description", paramLabel = "TEXT", description = "What it finds in what.")
  private String description = "";

  @Option(names = "--author", paramLabel = "TEXT", description = "Who answers for it.")
  private String author = "";

  @Option(names = "--license", paramLabel = "TEXT", description = "Licence of the model.")
  private String license = "";

  @Option(names = "--citation", paramLabel = "TEXT", description = "What to cite.")
  private String citation = "";

  ModelTraining.About about(Path output) {
    return new ModelTraining.About(
        name.orElseGet(() -> Trainings.name(output)), description, author, license, citation);
  }
}
