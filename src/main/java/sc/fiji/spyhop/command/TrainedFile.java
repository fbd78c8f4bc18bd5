package sc.fiji.spyhop.command;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.Function;
import org.scijava.Cancelable;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.engine.selection.Engines;
import sc.fiji.spyhop.model.ModelFile;
import sc.fiji.spyhop.training.Checkpoints;
import sc.fiji.spyhop.training.ModelTraining;
import sc.fiji.spyhop.training.TrainingListener;
import sc.fiji.spyhop.training.TrainingRun;
import sc.fiji.spyhop.ui.TrainingView;

/**
 * The model that a command trains.
 *
 * @param file where it is written
 * @param name of the model
 * @param checkpoints folder of its training
 */
record TrainedFile(Path file, String name, Path checkpoints) {

  /**
   * @param over whether what is there may be written over
   * @throws SpyhopException if the file is none that a model can be written to
   */
  static TrainedFile of(File output, boolean over) {
    Path file = given(output, "Model to write", "output");
    String name = file.getFileName().toString();
    if (!name.endsWith(ModelFile.EXTENSION) || name.equals(ModelFile.EXTENSION)) {
      throw new SpyhopException(
          "Model to write: expected a name that ends in "
              + ModelFile.EXTENSION
              + ", received "
              + name
              + ".");
    }
    name =
        name.substring(0, name.length() - ModelFile.EXTENSION.length())
            .replaceAll("[^A-Za-z0-9._-]", "-");
    Path checkpoints = file.resolveSibling(name + "-training");
    if (!Files.isDirectory(file.getParent())) {
      throw new SpyhopException(
          "Model to write: there is no folder " + file.getParent() + ". Make it, or name another.");
    }
    for (Path there : List.of(file, checkpoints.resolve("last.safetensors"))) {
      if (!over && Files.exists(there)) {
        throw new SpyhopException(
            there
                + " exists already. Name another model, or replace it (in macros: replace=true).");
      }
    }
    return new TrainedFile(file, name, checkpoints);
  }

  /**
   * A path that has to be given.
   *
   * @param key of the parameter in macros
   */
  static Path given(File file, String label, String key) {
    if (file == null || file.getPath().isBlank()) {
      throw new SpyhopException(
          label + ": expected a path, received nothing. In macros: " + key + "=[/path/to/it].");
    }
    return file.toPath().toAbsolutePath();
  }

  /**
   * Percent as a share.
   *
   * @throws SpyhopException if it is not from 0 to below 100
   */
  static double share(double percent) {
    if (percent >= 0 && percent < 100) return percent / 100;
    throw new SpyhopException(
        "Percent for validation: expected a number from 0 to below 100, received " + percent + ".");
  }

  /** With nothing but its name. */
  ModelTraining.About about() {
    return new ModelTraining.About(name, "", "", "", "");
  }

  /**
   * Plans and trains, with the epochs as lines of ImageJ's log and, where there is a display, a
   * window to watch; then see {@link TrainingEnd#conclude}.
   */
  void train(
      Function<Progress, TrainingRun> plan, boolean resume, Cancelable command, Progress progress) {
    try (TrainingView view = TrainingView.open(name)) {
      train(plan, resume, view, command, progress);
    }
  }

  void train(
      Function<Progress, TrainingRun> plan,
      boolean resume,
      TrainingView view,
      Cancelable command,
      Progress progress) {
    Checkpoints kept =
        resume ? Checkpoints.resumeIn(checkpoints) : Checkpoints.startIn(checkpoints);
    try {
      end(plan, kept, view, progress).conclude(view, command);
    } catch (SpyhopException e) {
      view.ended(e.getMessage());
      throw e;
    }
  }

  private TrainingEnd end(
      Function<Progress, TrainingRun> plan,
      Checkpoints kept,
      TrainingView view,
      Progress progress) {
    Progress watched = view.progress(progress);
    try {
      TrainingRun training = plan.apply(watched);
      Engine engine = Engines.forTraining();
      TrainingListener listener = new TrainingLog().and(view.listener());
      ModelTraining.Outcome outcome =
          training.run(engine, engine.devices().get(0), kept, listener, watched);
      return new TrainingEnd(
          outcome.result().reason(),
          outcome.result().explanation(),
          outcome.model().map(m -> () -> ModelFile.write(m, file)),
          file,
          kept::discard);
    } catch (CancellationException e) {
      return TrainingEnd.early(file, kept::discard);
    }
  }
}
