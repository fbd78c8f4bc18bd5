package sc.fiji.spyhop.command;

import java.util.List;
import java.util.Optional;
import org.scijava.command.Command;
import org.scijava.plugin.Plugin;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.dataset.format.AnnotatedSet;
import sc.fiji.spyhop.task.AnnotationTask;
import sc.fiji.spyhop.task.Localization;

/**
 * Trains a model that draws boxes around objects. In a macro:
 *
 * <pre>run("Spyhop Train Localizer", "data=/data/cells output=/data/cells.spyhop epochs=60");</pre>
 */
@Plugin(
    type = Command.class,
    menuPath = "Plugins>Spyhop>Spyhop Train Localizer",
    headless = true,
    description = "Trains a network to find objects, on images with boxes of yours.")
public final class TrainLocalizerCommand extends TrainSceneCommand {

  private static final int STRIDE = 4;

  @Override
  String title() {
    return "Spyhop Train Localizer";
  }

  @Override
  AnnotationTask task(AnnotatedSet set, Optional<Integer> pixelsPerCell) {
    if (set.boxes() == 0) {
      throw new SpyhopException(
          "Nothing to learn: the annotations hold no boxes. Expected at least one; for points, use"
              + " Spyhop Train Keypoints.");
    }
    List<String> names = set.classes().stream().filter(c -> set.boxesByClass().get(c) > 0).toList();
    return Localization.of(names, pixelsPerCell.orElse(STRIDE));
  }
}
