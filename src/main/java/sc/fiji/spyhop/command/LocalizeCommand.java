package sc.fiji.spyhop.command;

import java.nio.file.Path;
import java.util.List;
import org.scijava.ItemVisibility;
import org.scijava.command.Command;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;
import sc.fiji.spyhop.dataset.format.Column;
import sc.fiji.spyhop.ij.HyperstackAnnotations;
import sc.fiji.spyhop.ij.measure.Measures;
import sc.fiji.spyhop.inference.ShownScale;
import sc.fiji.spyhop.job.Caller;
import sc.fiji.spyhop.job.batch.BatchJob;
import sc.fiji.spyhop.job.batch.FoundAnnotations;
import sc.fiji.spyhop.job.batch.LocalizeJob;
import sc.fiji.spyhop.prediction.Annotation;
import sc.fiji.spyhop.prediction.KeptClasses;
import sc.fiji.spyhop.task.Localization;
import sc.fiji.spyhop.task.TaskKind;

/**
 * Draws boxes around the objects in an opened image: an overlay, rows in the Results table, and
 * rectangles in the ROI Manager. In a macro:
 *
 * <pre>
 * run("Spyhop Localize", "model=/data/cells.spyhop channel=auto score=0.5 table=true manager=false");
 * </pre>
 */
@Plugin(
    type = Command.class,
    menuPath = "Plugins>Spyhop>Spyhop Localize",
    headless = true,
    initializer = "offerModels",
    description = "Localizes objects in images with boxes.")
public final class LocalizeCommand extends DetectionCommand {

  @Parameter(
      label = "Classes to keep",
      visibility = ItemVisibility.INVISIBLE,
      required = false,
      persist = false,
      description = ObjectSettings.CLASSES_HELP)
  @InShell("NAME,...")
  private String classes = "";

  @Override
  TaskKind<Annotation, Localization> task() {
    return TaskKind.LOCALIZATION;
  }

  @Override
  BatchJob job(Caller caller) {
    return new LocalizeJob(model(), threshold(), look(), kept());
  }

  @Override
  KeptClasses kept() {
    return ObjectSettings.classes(classes);
  }

  @Override
  Measures.Of measured() {
    return Measures.Of.BOXES;
  }

  @Override
  List<Column> columns() {
    return FoundAnnotations.BOXES;
  }

  @Override
  FoundAnnotations found(
      String title, HyperstackAnnotations found, FoundAnnotations.Shown shown, ShownScale scale) {
    return FoundAnnotations.boxes(title, Path.of(""), found, kept(), shown, measures(), scale);
  }
}
