package sc.fiji.spyhop.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.dataset.SegmentationFolder;
import sc.fiji.spyhop.dataset.format.AnnotatedSet;
import sc.fiji.spyhop.dataset.format.AnnotationFiles;
import sc.fiji.spyhop.dataset.format.EvaluationTables;
import sc.fiji.spyhop.dataset.format.PathIndex;
import sc.fiji.spyhop.dataset.format.Problems;
import sc.fiji.spyhop.ij.ImageFiles;
import sc.fiji.spyhop.ij.RoiFormat;
import sc.fiji.spyhop.prediction.Annotation;
import sc.fiji.spyhop.util.Strings;

/**
 * What evaluations of boxes and keypoints have in common.
 *
 * @param <T> what is known of an image
 */
abstract class Evaluation<T> extends Job {

  @Option(
      names = "--truth",
      required = true,
      paramLabel = "FILE|DIR",
      description = "True annotations: a CSV file, or a data set in any format that train takes.")
  private Path truth;

  @Option(
      names = "--index",
      paramLabel = "CSV",
      description = "Table with columns name and subset; needs --subset.")
  private Optional<Path> index;

  @Option(
      names = "--subset",
      paramLabel = "NAME",
      description = "Only the images of this subset of the index.")
  private Optional<String> subset;

  @Mixin private FiguresOptions figures = new FiguresOptions();

  private final List<String> missing = new ArrayList<>();
  private final Set<String> unread = new TreeSet<>();

  /** Those of the unread that are named among the problems of their data set. */
  private final Set<String> told = new TreeSet<>();

  private int ignored;

  /** An image's true and predicted things. */
  @FunctionalInterface
  interface Comparison<T> {
    void compare(List<T> predicted, List<T> truth);
  }

  /** Compares all images; says what was left out. */
  final void compare(
      EvaluationTables.Table<T> predicted, Problems ofPredicted, Comparison<T> comparison) {
    if (index.isPresent() != subset.isPresent()) {
      throw misuse("--index and --subset go together.");
    }
    figures.check(this);
    Problems problems = new Problems();
    EvaluationTables.Table<T> read = truth(truth, problems);
    Map<String, List<T>> truths = index.isPresent() ? only(read) : read.images();
    tell("true", problems);
    tell("predicted", ofPredicted);
    unread.addAll(read.unread());
    if (truths.isEmpty()) {
      throw new SpyhopException(
          truth
              + ": no images are annotated here"
              + (unread.isEmpty() ? "." : " in a way that can be read."));
    }
    Set<String> all = new TreeSet<>(predicted.images().keySet());
    all.addAll(predicted.unread());
    Map<String, String> pairs = PathIndex.pair(truths.keySet(), all);
    int compared = 0;
    for (Map.Entry<String, List<T>> e : truths.entrySet()) {
      String own = pairs.get(e.getKey());
      if (own != null && predicted.unread().contains(own)) {
        unread.add(e.getKey());
        continue;
      }
      if (own == null) missing.add(e.getKey());
      comparison.compare(own == null ? List.of() : predicted.images().get(own), e.getValue());
      compared++;
    }
    Set<String> untold = new TreeSet<>(unread);
    untold.removeAll(told);
    tell(untold, "left out, as some of the annotations cannot be used: ");
    tell(missing, "without a prediction, counted as empty: ");
    if (compared == 0) {
      throw new SpyhopException(
          truth + ": nothing is evaluated, as no image can be read in both truth and prediction.");
    }
    ignored = all.size() - pairs.size();
    if (ignored > 0)
      console().say(Strings.count(ignored, "other image") + " in the prediction, ignored.");
  }

  private void tell(Collection<String> images, String what) {
    if (images.isEmpty()) return;
    String few = images.stream().limit(5).collect(Collectors.joining(", "));
    console()
        .say(
            Strings.count(images.size(), "image")
                + " "
                + what
                + few
                + (images.size() > 5 ? ", ..." : ""));
  }

  private Map<String, List<T>> only(EvaluationTables.Table<T> read) {
    Map<String, List<T>> kept = new TreeMap<>();
    PathIndex images = new PathIndex(read.images().keySet());
    PathIndex left = new PathIndex(read.unread());
    for (String name : SegmentationFolder.names(index.get(), subset)) {
      String key = EvaluationTables.key(name + ".tif");
      if (left.find(key).isPresent()) continue;
      Optional<String> own = images.find(key);
      kept.put(own.orElse(key), own.map(read.images()::get).orElse(List.of()));
    }
    return kept;
  }

  private void tell(String whose, Problems problems) {
    problems.summary().forEach(line -> console().say("Of the " + whose + " ones, " + line));
  }

  /** The truth by image: held against the images, unless it is a table without them. */
  private EvaluationTables.Table<T> truth(Path path, Problems problems) {
    AnnotationFiles files = new AnnotationFiles(new ImageFiles(), new RoiFormat());
    Optional<Path> table = findTable(path);
    if (table.isPresent() && !files.hasImages(table.get())) {
      console()
          .say(
              table.get()
                  + ": none of the images named there is found just once in its folder and those"
                  + " below, so all that it says counts, be it outside of its image. Put it beside"
                  + " the images to leave that out.");
      return table(path, problems);
    }
    AnnotatedSet set = files.open(table.orElse(path));
    tell("true", set.problems());
    told.addAll(set.unread());
    Map<String, List<T>> map = new TreeMap<>();
    set.images().forEach(i -> map.put(EvaluationTables.key(i), of(i.annotation())));
    return new EvaluationTables.Table<>(map, set.unread());
  }

  abstract Optional<Path> findTable(Path path);

  abstract EvaluationTables.Table<T> table(Path path, Problems problems);

  abstract List<T> of(Annotation annotation);

  final void write(Map<String, Object> found) {
    found.put("missing_predictions", missing);
    found.put("ignored_predictions", ignored);
    found.put("left_out", List.copyOf(unread));
    figures.write(found);
  }
}
