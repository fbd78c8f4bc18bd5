package sc.fiji.spyhop.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import sc.fiji.spyhop.dataset.format.AnnotatedSet;
import sc.fiji.spyhop.image.BoxPicture;
import sc.fiji.spyhop.prediction.KeypointLayout;
import sc.fiji.spyhop.training.SceneLesson;
import sc.fiji.spyhop.util.Strings;

/** Trains a model that finds named points. */
@Command(
    name = "keypoints",
    sortOptions = false,
    customSynopsis = "spyhop train keypoints --data FILE|DIR --output FILE [OPTIONS]",
    description = {
      "Trains a model that finds keypoints.",
      "It finds one point of each name in an image or, with --objects, in the box of each object.",
      "It learns from images with points of your own, in any of the formats that spyhop annotations",
      "reads. Points that are said to be absent are learnt as absent; those that nobody marked are",
      "not learnt. Ctrl-C ends it and keeps the best network so far; --resume goes on."
    },
    footer = {
      "",
      "Examples:",
      "  spyhop train keypoints --data mydata --output mouse.spyhop",
      "  spyhop train keypoints --data CollectedData_me.csv --skeleton nose:tail --output m.spyhop",
      "  spyhop train keypoints --data mice.json --objects --output mouse.spyhop"
    })
final class TrainKeypoints extends TrainScenes {

  @Option(
      names = "--mirrored",
      split = ",",
      paramLabel = "A:B",
      description =
          "Points that change places in a mirror image (default: by name, such as leftear:rightear).")
  private List<String> mirrored = List.of();

  @Option(
      names = "--skeleton",
      split = ",",
      paramLabel = "A:B",
      description = "Points that a line is drawn between (default: as the annotations say).")
  private List<String> skeleton = List.of();

  @Option(
      names = "--spread",
      paramLabel = "PIXELS",
      description =
          "Standard deviation of what the network learns around a point, after scaling (default: two"
              + " cells).")
  private Optional<Double> spread = Optional.empty();

  @Option(
      names = "--objects",
      description =
          "Learn the keypoints of objects in boxes, each shown to the network by itself. The"
              + " annotations have both; keypoints in no box are left out.")
  private boolean objects;

  @Option(
      names = "--margin",
      paramLabel = "SHARE",
      description =
          "With --objects: how much around a box is shown, as a share of its longer side (default:"
              + " 0.15).")
  private Optional<Double> margin = Optional.empty();

  @Override
  SceneLesson lesson(AnnotatedSet set) {
    KeypointLayout found = set.keypoints();
    KeypointLayout layout =
        new KeypointLayout(
            found.names(),
            skeleton.isEmpty() ? found.skeleton() : pairs("--skeleton", skeleton, found.names()),
            mirrored.isEmpty() ? found.mirrored() : pairs("--mirrored", mirrored, found.names()));
    if (!objects) {
      if (margin.isPresent()) throw misuse("--margin goes with --objects.");
      return SceneLesson.keypoints(set, layout, stride(), spread, scale());
    }
    double around = margin.orElse(BoxPicture.USUAL_MARGIN);
    if (!(around >= 0 && around <= 10)) {
      throw misuse("--margin: expected a number from 0 to 10, received " + around + ".");
    }
    return SceneLesson.keypointsInBoxes(
        set, layout, stride(), spread, new BoxPicture(around, side(), side()));
  }

  private List<KeypointLayout.Pair> pairs(String option, List<String> texts, List<String> names) {
    List<KeypointLayout.Pair> pairs = new ArrayList<>();
    for (String text : texts) {
      String[] two = text.split(":", -1);
      if (two.length != 2
          || two[0].equals(two[1])
          || !names.contains(two[0])
          || !names.contains(two[1])) {
        throw misuse(
            Strings.format(
                "%s: expected two of the names %s with a colon between, received %s.",
                option, String.join(", ", names), text));
      }
      pairs.add(new KeypointLayout.Pair(two[0], two[1]));
    }
    return pairs;
  }
}
