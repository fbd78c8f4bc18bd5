package sc.fiji.spyhop.cli;

import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import sc.fiji.spyhop.training.Checkpoints;
import sc.fiji.spyhop.training.ModelTraining;
import sc.fiji.spyhop.training.TrainingRun;
import sc.fiji.spyhop.util.Folders;
import sc.fiji.spyhop.util.Version;

/** Trains a model: what it learns from, where it goes, and how it goes on after an interruption. */
abstract class TrainModel extends Job {

  @Option(
      names = "--data",
      required = true,
      paramLabel = "DIR|FILE",
      description = "Annotated images; docs/annotation-formats.md tells in which formats.")
  private Path data;

  @Option(
      names = "--output",
      required = true,
      paramLabel = "FILE",
      description = "Model to write, such as my.spyhop.")
  private Path output;

  @Mixin private ImageSetOptions images = new ImageSetOptions();

  @Mixin private HoldOutOptions held = new HoldOutOptions();

  @Option(names = "--force", description = "Replace a model or a training that exists.")
  private boolean force;

  @Option(names = "--resume", description = "Go on with the training that was interrupted.")
  private boolean resume;

  @Option(
      names = "--checkpoints",
      paramLabel = "DIR",
      description =
          "Folder for history.csv and what --resume needs (default: FILE without its ending, plus"
              + " -training).")
  private Optional<Path> checkpoints = Optional.empty();

  /** Refuses options that make no sense, before anything is read. */
  abstract void check();

  /** Reads the images; nothing is written yet. */
  abstract TrainingRun plan();

  @Override
  public final Integer call() {
    held.check(this, images);
    check();
    Path folder =
        checkpoints.orElseGet(() -> output.resolveSibling(Trainings.name(output) + "-training"));
    requireFree(output, force || resume);
    Folders.requireWritable(output.toAbsolutePath().getParent());
    if (!resume && !force) Trainings.requireNone(folder);
    return Trainings.run(
        console(),
        plan(),
        resume ? Checkpoints.resumeIn(folder) : Checkpoints.startIn(folder),
        output);
  }

  final Path data() {
    return data;
  }

  final Path output() {
    return output;
  }

  final ImageSetOptions images() {
    return images;
  }

  final HoldOutOptions held() {
    return held;
  }

  final ModelTraining.Origin origin() {
    return new ModelTraining.Origin(
        Trainings.command(spec),
        "Spyhop " + Version.number(),
        data.toAbsolutePath().getFileName().toString());
  }
}
