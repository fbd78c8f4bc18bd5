package sc.fiji.spyhop.command;

import java.util.List;
import org.scijava.ItemVisibility;
import org.scijava.command.Command;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;
import sc.fiji.spyhop.dataset.format.AnnotatedSet;
import sc.fiji.spyhop.ij.annotation.Kind;
import sc.fiji.spyhop.job.SettingException;
import sc.fiji.spyhop.task.ObjectCenters;
import sc.fiji.spyhop.training.DetectionLesson;

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
    description = "Trains a model that localizes objects of one or more classes with boxes.")
public final class TrainLocalizerCommand extends TrainDetectionCommand {

  @Parameter(
      label = "One object in each image",
      persist = false,
      description =
          "Learns the one box of each image, instead of a map of where objects are; images with none"
              + " or several are left out.")
  private boolean single = false;

  @Parameter(
      label = "Classes",
      visibility = ItemVisibility.INVISIBLE,
      required = false,
      persist = false,
      description = "Learns these classes only, with commas; empty for all that are annotated.")
  @InShell("NAME,...")
  private String classes = "";

  @Override
  Kind kind() {
    return Kind.BOXES;
  }

  @Override
  void check() {
    super.check();
    if (!single) requireLossFor(ObjectCenters.of(List.of("object"), 1));
  }

  @Override
  DetectionLesson lesson(AnnotatedSet set) {
    if (!single) return DetectionLesson.boxes(set, words(classes), stride(), scale());
    if (stride().isPresent()) {
      throw SettingException.wrong("stride", "one object in each image excludes it.");
    }
    return DetectionLesson.singleBox(set, words(classes), side());
  }
}
