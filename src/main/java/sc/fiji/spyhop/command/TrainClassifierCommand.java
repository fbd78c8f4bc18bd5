package sc.fiji.spyhop.command;

import ij.IJ;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.scijava.command.Command;
import org.scijava.plugin.Plugin;
import sc.fiji.spyhop.dataset.ClassImages;
import sc.fiji.spyhop.ij.annotation.Kind;
import sc.fiji.spyhop.image.ImageReader;
import sc.fiji.spyhop.prediction.ClassScores;
import sc.fiji.spyhop.task.Classification;

/**
 * Trains a model that tells classes of images apart, on a folder with a folder for each class, or
 * with index.csv. In a macro:
 *
 * <pre>run("Spyhop Train Classifier", "data=/data/cells output=/data/cells.spyhop");</pre>
 */
@Plugin(
    type = Command.class,
    menuPath = "Plugins>Spyhop>Spyhop Train Classifier",
    headless = true,
    initializer = "offerImages",
    description = "Trains a network to tell classes of images apart, on images of yours.")
public final class TrainClassifierCommand extends TrainImagesCommand<ClassScores> {

  @Override
  String title() {
    return "Spyhop Train Classifier";
  }

  @Override
  TrainingData.Wanted labels() {
    return TrainingData.Wanted.of(Kind.SLICES);
  }

  @Override
  Material<ClassScores> material(
      Path folder, Optional<String> subset, ImageReader reader, double share, long seed) {
    ClassImages images = ClassImages.read(folder, Optional.empty(), subset, List.of(), reader);
    images.notes().forEach(note -> IJ.log("Spyhop: " + note));
    return new Material<>(images.split(share, seed), Classification.of(images.classes()));
  }

  @Override
  String more() {
    return "";
  }
}
