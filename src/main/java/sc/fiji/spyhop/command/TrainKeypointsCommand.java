package sc.fiji.spyhop.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.scijava.ItemVisibility;
import org.scijava.command.Command;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;
import sc.fiji.spyhop.dataset.format.AnnotatedSet;
import sc.fiji.spyhop.ij.annotation.Kind;
import sc.fiji.spyhop.image.BoxPicture;
import sc.fiji.spyhop.job.SettingException;
import sc.fiji.spyhop.prediction.KeypointLayout;
import sc.fiji.spyhop.training.DetectionLesson;
import sc.fiji.spyhop.util.Strings;

/**
 * Trains a model that finds keypoints. In a macro:
 *
 * <pre>run("Spyhop Train Keypoints", "data=/data/mouse output=/data/mouse.spyhop epochs=60");</pre>
 */
@Plugin(
    type = Command.class,
    menuPath = "Plugins>Spyhop>Spyhop Train Keypoints",
    headless = true,
    initializer = "offerImages",
    description = "Trains a model that finds keypoints.")
public final class TrainKeypointsCommand extends TrainDetectionCommand {

  @Parameter(
      label = "In boxes of objects",
      persist = false,
      description =
          "Learns the keypoints of objects in boxes, each shown to the network by itself. The"
              + " annotations have both; keypoints in no box are left out.")
  private boolean objects = false;

  @Parameter(
      label = "Margin around boxes",
      visibility = ItemVisibility.INVISIBLE,
      min = "0",
      max = "10",
      persist = false,
      description =
          "With boxes of objects: how much around a box is shown, as a share of its longer side.")
  private double margin = BoxPicture.DEFAULT_MARGIN;

  @Parameter(
      label = "Mirrored keypoints",
      visibility = ItemVisibility.INVISIBLE,
      required = false,
      persist = false,
      description =
          "Pairs A:B, with commas, that change places in a mirror image; empty: by name, such as"
              + " leftear:rightear.")
  @InShell("A:B,...")
  private String mirrored = "";

  @Parameter(
      label = "Skeleton",
      visibility = ItemVisibility.INVISIBLE,
      required = false,
      persist = false,
      description =
          "Pairs A:B, with commas, that a line is drawn between; empty: as the annotations say.")
  @InShell("A:B,...")
  private String skeleton = "";

  @Parameter(
      label = "Spread (pixels)",
      visibility = ItemVisibility.INVISIBLE,
      required = false,
      persist = false,
      description =
          "Standard deviation of what the network learns around a keypoint, after scaling; empty for"
              + " two cells.")
  @InShell("PIXELS")
  private String spread = "";

  @Override
  Kind kind() {
    return Kind.POINTS;
  }

  @Override
  void check() {
    super.check();
    spread();
    if (!objects && margin != BoxPicture.DEFAULT_MARGIN) {
      throw SettingException.wrong("margin", "it goes with boxes of objects.");
    }
  }

  @Override
  DetectionLesson lesson(AnnotatedSet set) {
    KeypointLayout found = set.keypoints();
    KeypointLayout layout =
        new KeypointLayout(
            found.names(),
            skeleton.isBlank() ? found.skeleton() : pairs("skeleton", skeleton, found.names()),
            mirrored.isBlank() ? found.mirrored() : pairs("mirrored", mirrored, found.names()));
    return objects
        ? DetectionLesson.keypointsInBoxes(
            set, layout, stride(), spread(), new BoxPicture(margin, side(), side()))
        : DetectionLesson.keypoints(set, layout, stride(), spread(), scale());
  }

  private Optional<Double> spread() {
    OptionalDouble pixels = number("spread", spread);
    return pixels.isPresent() ? Optional.of(pixels.getAsDouble()) : Optional.empty();
  }

  private static List<KeypointLayout.Pair> pairs(String key, String text, List<String> names) {
    List<KeypointLayout.Pair> pairs = new ArrayList<>();
    for (String word : words(text)) {
      String[] two = word.split(":", -1);
      if (two.length != 2
          || two[0].equals(two[1])
          || !names.contains(two[0])
          || !names.contains(two[1])) {
        throw SettingException.wrong(
            key,
            Strings.format(
                "expected two of the names %s with a colon between, received %s.",
                String.join(", ", names), word));
      }
      pairs.add(new KeypointLayout.Pair(two[0], two[1]));
    }
    return pairs;
  }
}
