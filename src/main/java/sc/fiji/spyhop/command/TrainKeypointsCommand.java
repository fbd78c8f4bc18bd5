package sc.fiji.spyhop.command;

import java.util.Optional;
import org.scijava.ItemVisibility;
import org.scijava.command.Command;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.dataset.format.AnnotatedSet;
import sc.fiji.spyhop.ij.annotation.Kind;
import sc.fiji.spyhop.image.BoxPicture;
import sc.fiji.spyhop.training.SceneLesson;

/**
 * Trains a model that finds named points. In a macro:
 *
 * <pre>run("Spyhop Train Keypoints", "data=/data/mice output=/data/mouse.spyhop epochs=60");</pre>
 */
@Plugin(
    type = Command.class,
    menuPath = "Plugins>Spyhop>Spyhop Train Keypoints",
    headless = true,
    initializer = "offerImages",
    description = "Trains a network to find named points, on images with points of yours.")
public final class TrainKeypointsCommand extends TrainSceneCommand {

  @Parameter(
      label = "In boxes of objects",
      persist = false,
      description =
          "Learns the keypoints of objects in boxes, each shown by itself, where images show several."
              + " The annotations have both.")
  private boolean objects = false;

  @Parameter(
      label = "Margin around boxes",
      visibility = ItemVisibility.INVISIBLE,
      persist = false,
      description = "As a share of the longer side, 0 to 10.")
  private double margin = BoxPicture.USUAL_MARGIN;

  @Override
  String title() {
    return "Spyhop Train Keypoints";
  }

  @Override
  Kind kind() {
    return Kind.POINTS;
  }

  @Override
  SceneLesson lesson(AnnotatedSet set) {
    if (!objects) {
      return SceneLesson.keypoints(set, set.keypoints(), stride(), Optional.empty(), scale());
    }
    if (!(margin >= 0 && margin <= 10)) {
      throw new SpyhopException(
          "Margin around boxes: expected a number from 0 to 10, received " + margin + ".");
    }
    return SceneLesson.keypointsInBoxes(
        set, set.keypoints(), stride(), Optional.empty(), new BoxPicture(margin, side(), side()));
  }

  @Override
  String more() {
    return " objects=" + objects + " margin=" + margin;
  }
}
