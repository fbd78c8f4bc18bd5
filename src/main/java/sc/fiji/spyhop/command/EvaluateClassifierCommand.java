package sc.fiji.spyhop.command;

import java.awt.image.BufferedImage;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.scijava.ItemVisibility;
import org.scijava.command.Command;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.ij.ConfusionPicture;
import sc.fiji.spyhop.job.Caller;
import sc.fiji.spyhop.job.SettingException;
import sc.fiji.spyhop.job.evaluation.Evaluation;
import sc.fiji.spyhop.job.evaluation.ModelEvaluation;
import sc.fiji.spyhop.job.evaluation.ResultsEvaluation;
import sc.fiji.spyhop.task.ClassTask;
import sc.fiji.spyhop.task.metrics.Confusion;
import sc.fiji.spyhop.util.AtomicFile;

/**
 * Compares predicted classes of images with the true ones. In a macro:
 *
 * <pre>run("Spyhop Evaluate Classifier", "model=/data/lenet.spyhop data=/data/mnist subset=test");
 * </pre>
 */
@Plugin(
    type = Command.class,
    menuPath = "Plugins>Spyhop>Spyhop Evaluate Classifier",
    headless = true,
    initializer = "offerModels",
    description = "Compares predicted classes of images with the true ones.")
public final class EvaluateClassifierCommand extends EvaluateModelCommand {

  @Parameter(
      label = "Confusion matrix to write",
      style = "save",
      visibility = ItemVisibility.INVISIBLE,
      required = false,
      persist = false,
      description =
          "Writes the confusion matrix to this CSV file: a row for each true class, a column for"
              + " each that was predicted.")
  @InShell(names = "--table", value = "CSV")
  private File confusion = new File("");

  @Parameter(
      label = "Picture to write",
      style = "save",
      visibility = ItemVisibility.INVISIBLE,
      required = false,
      persist = false,
      description = "Draws the confusion matrix and writes it to this file as PNG.")
  private File picture = new File("");

  @Override
  Class<?> kind() {
    return ClassTask.class;
  }

  @Override
  List<String> written() {
    List<String> written = new ArrayList<>(super.written());
    written.addAll(List.of("confusion", "picture"));
    return written;
  }

  @Override
  Evaluation evaluate(ModelEvaluation of, Caller caller, Progress progress) {
    requireMatrix(of.isExclusive());
    return of.classes(caller::note, progress);
  }

  @Override
  Evaluation evaluate(ResultsEvaluation of, Caller caller, Progress progress) {
    requireMatrix(of.isExclusive());
    return of.classes(progress);
  }

  private void requireMatrix(boolean exclusive) {
    if (exclusive || path(confusion).isEmpty() && path(picture).isEmpty()) return;
    throw SettingException.wrong(
        path(confusion).isPresent() ? "confusion" : "picture",
        "a confusion matrix is of classes that exclude each other; of these an image may be of"
            + " several. Leave it out.");
  }

  @Override
  void write(Evaluation evaluation) {
    path(confusion).ifPresent(evaluation::writeConfusion);
    path(picture).ifPresent(file -> draw(evaluation.counts().orElseThrow(), file));
  }

  private static void draw(Confusion matrix, Path file) {
    BufferedImage image = ConfusionPicture.render(matrix.classes(), matrix.counts());
    AtomicFile.write(file, out -> ImageIO.write(image, "png", out));
  }
}
