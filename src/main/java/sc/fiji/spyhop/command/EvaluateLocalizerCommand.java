package sc.fiji.spyhop.command;

import org.scijava.ItemVisibility;
import org.scijava.command.Command;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.job.Caller;
import sc.fiji.spyhop.job.evaluation.AnnotationEvaluation;
import sc.fiji.spyhop.job.evaluation.Evaluation;

/**
 * Compares boxes with true ones. In a macro:
 *
 * <pre>run("Spyhop Evaluate Localizer", "predicted=/data/results truth=/data/cells");</pre>
 */
@Plugin(
    type = Command.class,
    menuPath = "Plugins>Spyhop>Spyhop Evaluate Localizer",
    headless = true,
    description = "Compares predicted boxes with true ones, as COCO does.")
public final class EvaluateLocalizerCommand extends EvaluateObjectsCommand {

  @Parameter(
      label = "Score threshold",
      required = false,
      persist = false,
      description =
          "Tells precision and recall of the boxes with this score or a higher one, from 0 to 1, and"
              + " takes images by them; empty for what is best for each class on these images.")
  @InShell("N")
  private String score = "";

  @Parameter(
      label = "Maximum number of boxes",
      min = "1",
      visibility = ItemVisibility.INVISIBLE,
      persist = false,
      description = "Of one class in one image, those with the highest scores.")
  @InShell(names = "--max-detections")
  private int maxdetections = 100;

  @Override
  void check() {
    super.check();
    number("score", score, 1);
  }

  @Override
  Evaluation evaluate(Caller caller, Progress progress) {
    return AnnotationEvaluation.boxes(maxdetections, number("score", score, 1))
        .run(source(), caller::note, progress);
  }
}
