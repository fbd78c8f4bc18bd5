package sc.fiji.spyhop.command;

import ij.ImagePlus;
import ij.measure.ResultsTable;
import java.util.OptionalDouble;
import org.scijava.command.Command;
import org.scijava.plugin.Plugin;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.ij.Frames;
import sc.fiji.spyhop.ij.HyperstackAnnotations;
import sc.fiji.spyhop.ij.Tables;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.pipeline.KeypointFinder;
import sc.fiji.spyhop.prediction.KeypointLayout;
import sc.fiji.spyhop.task.AnnotationTask;
import sc.fiji.spyhop.task.KeypointDetection;

/**
 * Finds named points in an opened image: an overlay, rows in the Results table, and points in the
 * ROI Manager. In a macro:
 *
 * <pre>run("Spyhop Keypoints", "model=/data/mouse.spyhop channel=auto table=true manager=false");
 * </pre>
 */
@Plugin(
    type = Command.class,
    menuPath = "Plugins>Spyhop>Spyhop Keypoints",
    headless = true,
    initializer = "offerModels",
    description = "Finds named points in an image with a trained network.")
public final class KeypointsCommand extends SceneCommand {

  @Override
  String title() {
    return "Spyhop Keypoints";
  }

  @Override
  Class<? extends AnnotationTask> kind() {
    return KeypointDetection.class;
  }

  @Override
  Session open(String nameOrPath, OptionalDouble threshold) {
    KeypointFinder compiled = KeypointFinder.open(nameOrPath, threshold);
    return new Session() {
      @Override
      public ModelSpec spec() {
        return compiled.model().spec();
      }

      @Override
      public HyperstackAnnotations look(Frames frames, Progress progress) {
        return HyperstackAnnotations.run(frames, compiled::find, progress);
      }

      @Override
      public KeypointLayout layout() {
        return compiled.task().layout();
      }

      @Override
      public void close() {
        compiled.close();
      }
    };
  }

  @Override
  void fill(ResultsTable results, ImagePlus of, HyperstackAnnotations.Plane plane) {
    Tables.fillKeypoints(results, of, plane.z(), plane.t(), plane.annotation());
  }
}
