package sc.fiji.spyhop.command;

import ij.ImagePlus;
import ij.measure.ResultsTable;
import org.scijava.command.Command;
import org.scijava.plugin.Plugin;
import sc.fiji.spyhop.ij.HyperstackResults;
import sc.fiji.spyhop.ij.Tables;
import sc.fiji.spyhop.prediction.Annotation;
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
    description = "Finds objects in an image with a trained network and draws boxes around them.")
public final class LocalizeCommand extends SceneCommand {

  @Override
  String title() {
    return "Spyhop Localize";
  }

  @Override
  TaskKind<Annotation, Localization> kind() {
    return TaskKind.LOCALIZATION;
  }

  @Override
  void fill(ResultsTable results, ImagePlus of, HyperstackResults.Plane<Annotation> plane) {
    Tables.fillBoxes(results, of, plane.z(), plane.t(), plane.result());
  }
}
