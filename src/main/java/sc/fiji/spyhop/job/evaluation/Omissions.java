package sc.fiji.spyhop.job.evaluation;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import sc.fiji.spyhop.job.batch.FilteredResults;
import sc.fiji.spyhop.util.Strings;

/**
 * What of two sets of images has no counterpart or no use.
 *
 * @param missing images without a prediction
 * @param missingOther images of which the other predictions, if there are some, have none
 * @param ignored number of predictions whose images are not in the truth
 * @param unusable images left out, as what tables say of them cannot be used, or is not all
 * @param unread images left out, as they or their label images cannot be read
 */
record Omissions(
    List<String> missing,
    List<String> missingOther,
    int ignored,
    List<String> unusable,
    List<String> unread) {

  private static final int NAMED = 5;

  /** A sentence for each kind; that of the unread is for who knows why. */
  List<String> sentences() {
    List<String> sentences = new ArrayList<>();
    if (!missing.isEmpty()) {
      sentences.add(named(missing, "without a prediction, counted as empty"));
    }
    if (!missingOther.isEmpty()) {
      sentences.add(named(missingOther, "without one of the other predictions, counted as empty"));
    }
    if (ignored > 0) {
      sentences.add(Strings.count(ignored, "other image") + " in the prediction, ignored.");
    }
    return sentences;
  }

  /**
   * Says of predictions that some were left out on purpose.
   *
   * @param predicted folder of results, or a table in it
   */
  static Optional<String> filtered(Path predicted, String whose) {
    return FilteredResults.classes(predicted)
        .map(
            classes ->
                Strings.format(
                    "Of the %s ones, those of the classes %s alone were kept (classes=%s), so that"
                        + " true ones of all other classes count as not found. For figures of all"
                        + " classes, predict without that setting.",
                    whose, classes.replace(",", ", "), classes));
  }

  /** How many images there are of a kind, and the names of the first few. */
  static String named(Collection<String> images, String kind) {
    return Strings.count(images.size(), "image")
        + " "
        + kind
        + ": "
        + images.stream().limit(NAMED).collect(Collectors.joining(", "))
        + (images.size() > NAMED ? ", ..." : "");
  }

  /** All that is left out. */
  List<String> leftOut() {
    List<String> all = new ArrayList<>(unusable);
    all.addAll(unread);
    return all;
  }

  /** For JSON. */
  Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("missing_predictions", missing);
    map.put("ignored_predictions", ignored);
    map.put("left_out", leftOut());
    return map;
  }
}
