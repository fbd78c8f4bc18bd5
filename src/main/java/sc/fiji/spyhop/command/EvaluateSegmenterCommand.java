package sc.fiji.spyhop.command;

import java.util.List;
import org.scijava.ItemVisibility;
import org.scijava.command.Command;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.job.Caller;
import sc.fiji.spyhop.job.SettingException;
import sc.fiji.spyhop.job.evaluation.Evaluation;
import sc.fiji.spyhop.job.evaluation.OverlapEvaluation;
import sc.fiji.spyhop.job.evaluation.SegmentEvaluation;

/**
 * Compares label images with true ones. In a macro:
 *
 * <pre>run("Spyhop Evaluate Segmenter", "predicted=/data/results truth=/data/cells/labels");</pre>
 */
@Plugin(
    type = Command.class,
    menuPath = "Plugins>Spyhop>Spyhop Evaluate Segmenter",
    headless = true,
    description =
        "Compares predicted label images with true ones, object by object, or class by class.")
public final class EvaluateSegmenterCommand extends EvaluateObjectsCommand {

  @Parameter(
      label = "Classes of pixels",
      required = false,
      persist = false,
      description =
          "Names of labels 0, 1, ... with commas: labels are classes of pixels, not objects; or of"
              + " channels, where classes may overlap; empty for those of the model whose results the folder holds, if it has some.")
  @InShell("NAME,...")
  private String classes = "";

  @Parameter(
      label = "Classes may overlap",
      persist = false,
      description =
          "Predictions have a channel for each class, which may lie over each other, and the truth"
              + " masks of each class or outlines with classes; found out of results of Segment.")
  private boolean several = false;

  @Parameter(
      label = "Tolerance of outlines (pixels)",
      min = "0",
      max = "100",
      visibility = ItemVisibility.INVISIBLE,
      persist = false,
      description = "How far outlines of classes may lie apart, in pixels.")
  private double tolerance = 2;

  @Parameter(
      label = "Label of what is unknown",
      visibility = ItemVisibility.INVISIBLE,
      required = false,
      persist = false,
      description =
          "True pixels of this label are not annotated, besides those of which the column unknown"
              + " of index.csv says so; empty for none.")
  @InShell("LABEL")
  private String ignore = "";

  @Override
  void check() {
    super.check();
    label("ignore", ignore);
    if (words(classes).size() == 1 && !several) {
      throw SettingException.wrong(
          "classes", "expected at least two, the first for label 0, received one.");
    }
  }

  @Override
  Evaluation evaluate(Caller caller, Progress progress) {
    List<String> names = words(classes);
    if (several || OverlapEvaluation.isFor(source().predicted())) {
      return new OverlapEvaluation(source(), names).run(caller::note, progress);
    }
    return new SegmentEvaluation(source(), label("ignore", ignore), names, tolerance)
        .run(caller::note, progress);
  }
}
