package sc.fiji.spyhop.command;

import java.util.Optional;
import org.scijava.command.Command;
import org.scijava.plugin.Plugin;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.dataset.format.AnnotatedSet;
import sc.fiji.spyhop.task.AnnotationTask;
import sc.fiji.spyhop.task.KeypointDetection;

/**
 * Trains a model that finds named points. In a macro:
 *
 * <pre>run("Spyhop Train Keypoints", "data=/data/mice output=/data/mouse.spyhop epochs=60");</pre>
 */
@Plugin(
    type = Command.class,
    menuPath = "Plugins>Spyhop>Spyhop Train Keypoints",
    headless = true,
    description = "Trains a network to find named points, on images with points of yours.")
public final class TrainKeypointsCommand extends TrainSceneCommand {

  private static final int STRIDE = 2;

  @Override
  String title() {
    return "Spyhop Train Keypoints";
  }

  @Override
  AnnotationTask task(AnnotatedSet set, Optional<Integer> pixelsPerCell) {
    if (set.points() == 0) {
      throw new SpyhopException(
          "Nothing to learn: the annotations hold no keypoints. Expected at least one; for boxes,"
              + " use Spyhop Train Localizer.");
    }
    return KeypointDetection.of(set.keypoints(), pixelsPerCell.orElse(STRIDE));
  }
}
