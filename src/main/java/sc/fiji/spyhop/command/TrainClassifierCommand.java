package sc.fiji.spyhop.command;

import java.util.List;
import java.util.Optional;
import org.scijava.ItemVisibility;
import org.scijava.command.Command;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.dataset.ClassImages;
import sc.fiji.spyhop.ij.annotation.Kind;
import sc.fiji.spyhop.job.Caller;
import sc.fiji.spyhop.prediction.ClassScores;
import sc.fiji.spyhop.task.Classification;

/**
 * Trains a model that classifies images, on a folder with a folder for each class, or with
 * index.csv. In a macro:
 *
 * <pre>run("Spyhop Train Classifier", "data=/data/cells output=/data/cells.spyhop");</pre>
 */
@Plugin(
    type = Command.class,
    menuPath = "Plugins>Spyhop>Spyhop Train Classifier",
    headless = true,
    initializer = "offerImages",
    description = "Trains a model that classifies images.")
public final class TrainClassifierCommand extends TrainImagesCommand<ClassScores> {

  @Parameter(
      label = "Label smoothing",
      visibility = ItemVisibility.INVISIBLE,
      min = "0",
      max = "1",
      persist = false,
      description = "Share of the truth that is spread over all classes.")
  private double smoothing = 0;

  @Override
  TrainingData.Wanted labels() {
    return TrainingData.Wanted.of(Kind.SLICES);
  }

  @Override
  Labelled<ClassScores> read(TrainingData source, Caller caller, Progress progress) {
    ClassImages images = read(source, subset(), List.of());
    Classification task = new Classification(images.classes(), List.of(), smoothing);
    requireLossFor(task);
    images.notes().forEach(caller::note);
    return new Labelled<>(
        split(
            source,
            images.samples(),
            images.numbers(),
            name -> read(source, Optional.of(name), images.classes()).samples(),
            caller,
            progress),
        task);
  }

  private ClassImages read(TrainingData source, Optional<String> part, List<String> classes) {
    return ClassImages.read(source.folder(), index(), part, classes, reader());
  }
}
