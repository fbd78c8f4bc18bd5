package sc.fiji.spyhop.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.engine.selection.Engines;
import sc.fiji.spyhop.model.Model;
import sc.fiji.spyhop.model.ModelFile;
import sc.fiji.spyhop.training.Checkpoints;
import sc.fiji.spyhop.training.ModelTraining;
import sc.fiji.spyhop.training.StopReason;
import sc.fiji.spyhop.training.TrainingHistory.Epoch;
import sc.fiji.spyhop.training.TrainingListener;
import sc.fiji.spyhop.training.TrainingRun;

/** What the commands that train have in common. */
final class Trainings {

  private Trainings() {}

  /** Trains, writes the model if there is one, and says what came of it; returns the exit code. */
  static int run(Console console, TrainingRun training, Checkpoints kept, Path output) {
    Engine engine = Engines.forTraining();
    ModelTraining.Outcome outcome;
    try (ConsoleProgress progress = new ConsoleProgress(console, "Training", 1)) {
      TrainingListener listener =
          new TrainingListener() {
            @Override
            public void message(String text) {
              progress.say(text);
            }

            @Override
            public void epoch(Epoch epoch, int epochs) {
              progress.say(epoch.line(epochs));
            }
          };
      progress.begin("training");
      outcome = training.run(engine, engine.devices().get(0), kept, listener, progress);
    }
    StopReason reason = outcome.result().reason();
    Optional<Model> model = outcome.model();
    if (model.isPresent()) {
      ModelFile.write(model.get(), output);
      console.out().println(outcome.result().explanation() + " Written to " + output);
    } else {
      console.error(outcome.result().explanation() + " No model was written.");
    }
    return exitCode(reason);
  }

  static int exitCode(StopReason reason) {
    return switch (reason) {
      case FINISHED, NO_IMPROVEMENT -> Spyhop.OK;
      case CANCELLED -> Spyhop.STOPPED;
      case NOT_FINITE -> Spyhop.FAILED;
    };
  }

  /** Name of a model by that of its file. */
  static String name(Path output) {
    String name = output.getFileName().toString();
    String stem =
        name.endsWith(ModelFile.EXTENSION)
            ? name.substring(0, name.length() - ModelFile.EXTENSION.length())
            : name;
    return stem.replaceAll("[^A-Za-z0-9._-]", "-");
  }

  /** Refuses a folder that holds an earlier training. */
  static void requireNone(Path folder) {
    if (!Files.exists(folder.resolve("last.safetensors"))) return;
    throw new SpyhopException(
        folder
            + " holds an earlier training. Add --resume to go on with it, or --force to start"
            + " anew.");
  }

  /** The command line, so that it can be typed again. */
  static String command(CommandSpec spec) {
    return "spyhop "
        + spec.root().commandLine().getParseResult().originalArgs().stream()
            .map(a -> a.matches("[A-Za-z0-9_./:,=+~@-]+") ? a : "'" + a.replace("'", "'\\''") + "'")
            .collect(Collectors.joining(" "));
  }
}
