package sc.fiji.spyhop.command;

import ij.IJ;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.scijava.Cancelable;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.engine.Engines;
import sc.fiji.spyhop.model.ModelFile;
import sc.fiji.spyhop.training.Checkpoints;
import sc.fiji.spyhop.training.ModelTraining;
import sc.fiji.spyhop.training.StopReason;
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
   * Trains, with the epochs as lines of ImageJ's log and, where there is a display, a window to
   * watch; writes the model if there is one and the user did not discard it.
   */
  void train(TrainingRun training, boolean resume, Cancelable command, Progress progress) {
    Engine engine = Engines.forTraining();
    Checkpoints kept =
        resume ? Checkpoints.resumeIn(checkpoints) : Checkpoints.startIn(checkpoints);
    try (TrainingView view = TrainingView.open(name)) {
      ModelTraining.Outcome outcome =
          training.run(
              engine,
              engine.devices().get(0),
              kept,
              new TrainingLog().and(view.listener()),
              view.progress(progress));
      String explanation = outcome.result().explanation();
      if (view.isDiscarded()) {
        kept.discard();
        explanation = "Cancelled; nothing of the training is kept.";
      } else if (outcome.model().isPresent()) {
        ModelFile.write(outcome.model().get(), file);
        explanation += " Written to " + file;
      }
      IJ.log("Spyhop: " + explanation);
      view.ended(explanation);
      StopReason reason = outcome.result().reason();
      if (reason == StopReason.NOT_FINITE) throw new SpyhopException(explanation);
      if (reason == StopReason.CANCELLED) Cancellations.end(command, explanation);
    }
  }
}
