package sc.fiji.spyhop.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.dataset.format.AnnotatedSet;
import sc.fiji.spyhop.prediction.KeypointLayout;
import sc.fiji.spyhop.task.AnnotationTask;
import sc.fiji.spyhop.task.KeypointDetection;

/** Trains a model that finds named points. */
@Command(
    name = "keypoints",
    sortOptions = false,
    customSynopsis = "spyhop train keypoints --data FILE|DIR --output FILE [OPTIONS]",
    description = {
      "Trains a model that finds named points, one of each name in an image.",
      "It learns from images with points of your own, in any of the formats that spyhop annotations",
      "reads. Points that are said to be absent are learnt as absent; those that nobody marked are",
      "not learnt. Ctrl-C ends it and keeps the best network so far; --resume goes on."
    },
    footer = {
      "",
      "Examples:",
      "  spyhop train keypoints --data mydata --output mouse.spyhop",
      "  spyhop train keypoints --data CollectedData_me.csv --skeleton nose:tail --output m.spyhop"
    })
final class TrainKeypoints extends TrainScenes {

  private static final int STRIDE = 2;

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

  @Override
  AnnotationTask task(AnnotatedSet set, Optional<Integer> stride) {
    if (set.points() == 0) {
      throw new SpyhopException(
          "Nothing to learn: the annotations hold no keypoints. Expected at least one; for boxes,"
              + " use spyhop train localize.");
    }
    KeypointLayout found = set.keypoints();
    KeypointLayout layout =
        new KeypointLayout(
            found.names(),
            skeleton.isEmpty() ? found.skeleton() : pairs("--skeleton", skeleton, found.names()),
            mirrored.isEmpty() ? found.mirrored() : pairs("--mirrored", mirrored, found.names()));
    KeypointDetection task = KeypointDetection.of(layout, stride.orElse(STRIDE));
    return spread
        .map(s -> new KeypointDetection(layout, task.stride(), s, task.threshold()))
        .orElse(task);
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
            "%s: expected two of the names %s with a colon between, received %s."
                .formatted(option, String.join(", ", names), text));
      }
      pairs.add(new KeypointLayout.Pair(two[0], two[1]));
    }
    return pairs;
  }
}
