package sc.fiji.spyhop.command;

import ij.ImagePlus;
import ij.measure.ResultsTable;
import java.util.OptionalDouble;
import org.scijava.command.Command;
import org.scijava.plugin.Plugin;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.engine.Device;
import sc.fiji.spyhop.ij.Frames;
import sc.fiji.spyhop.ij.HyperstackAnnotations;
import sc.fiji.spyhop.ij.Tables;
import sc.fiji.spyhop.inference.Localizer;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.prediction.KeypointLayout;
import sc.fiji.spyhop.task.AnnotationTask;
import sc.fiji.spyhop.task.Localization;

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
  Class<? extends AnnotationTask> kind() {
    return Localization.class;
  }

  @Override
  Session open(String nameOrPath, OptionalDouble threshold) {
    Localizer compiled = Localizer.open(nameOrPath, threshold);
    return new Session() {
      @Override
      public ModelSpec spec() {
        return compiled.model().spec();
      }

      @Override
      public HyperstackAnnotations look(Frames frames, Progress progress) {
        return HyperstackAnnotations.run(
            frames, (z, t, frame, p) -> compiled.localize(frame, p), progress);
      }

      @Override
      public KeypointLayout layout() {
        return KeypointLayout.NONE;
      }

      @Override
      public Device device() {
        return compiled.device();
      }

      @Override
      public void close() {
        compiled.close();
      }
    };
  }

  @Override
  void fill(ResultsTable results, ImagePlus of, HyperstackAnnotations.Plane plane) {
    Tables.fillBoxes(results, of, plane.z(), plane.t(), plane.annotation());
  }
}
