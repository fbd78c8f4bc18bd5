package sc.fiji.spyhop.command;

import java.util.List;
import org.scijava.command.Command;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;
import sc.fiji.spyhop.dataset.format.AnnotatedSet;
import sc.fiji.spyhop.ij.annotation.Kind;
import sc.fiji.spyhop.training.SceneLesson;

/**
 * Trains a model that draws boxes around objects. In a macro:
 *
 * <pre>run("Spyhop Train Localizer", "data=/data/cells output=/data/cells.spyhop epochs=60");</pre>
 */
@Plugin(
    type = Command.class,
    menuPath = "Plugins>Spyhop>Spyhop Train Localizer",
    headless = true,
    initializer = "offerImages",
    description = "Trains a network to find objects, on images with boxes of yours.")
public final class TrainLocalizerCommand extends TrainSceneCommand {

  @Parameter(
      label = "One object in each image",
      persist = false,
      description =
          "Learns the four numbers of its box; images with none or several are left out. Else any"
              + " number of objects in an image.")
  private boolean single = false;

  @Override
  String title() {
    return "Spyhop Train Localizer";
  }

  @Override
  Kind kind() {
    return Kind.BOXES;
  }

  @Override
  SceneLesson lesson(AnnotatedSet set) {
    return single
        ? SceneLesson.singleBox(set, List.of(), side())
        : SceneLesson.boxes(set, List.of(), stride(), scale());
  }

  @Override
  String more() {
    return " single=" + single;
  }
}
