package sc.fiji.spyhop.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.dataset.SegmentationFolder;
import sc.fiji.spyhop.dataset.format.AnnotatedSet;
import sc.fiji.spyhop.dataset.format.AnnotationFiles;
import sc.fiji.spyhop.dataset.format.EvaluationTables;
import sc.fiji.spyhop.dataset.format.Problems;
import sc.fiji.spyhop.ij.ImageFiles;
import sc.fiji.spyhop.ij.RoiFormat;
import sc.fiji.spyhop.prediction.Annotation;

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

  /** An image's true and predicted things. */
  @FunctionalInterface
  interface Comparison<T> {
    void compare(List<T> predicted, List<T> truth);
  }

  /** Compares all images; says what was left out. */
  final void compare(
      Map<String, List<T>> predicted, Problems ofPredicted, Comparison<T> comparison) {
    if (index.isPresent() != subset.isPresent()) {
      throw misuse("--index and --subset go together.");
    }
    figures.check();
    Problems problems = new Problems();
    Map<String, List<T>> truths = truth(truth, problems);
    if (index.isPresent()) truths = only(truths);
    if (truths.isEmpty()) throw new SpyhopException(truth + ": no images are annotated here.");
    List<String> missing = new ArrayList<>();
    for (Map.Entry<String, List<T>> e : truths.entrySet()) {
      if (!predicted.containsKey(e.getKey())) missing.add(e.getKey());
      comparison.compare(predicted.getOrDefault(e.getKey(), List.of()), e.getValue());
    }
    tell("true", problems);
    tell("predicted", ofPredicted);
    if (!missing.isEmpty()) {
      console()
          .say(
              missing.size()
                  + " of the images have no prediction: "
                  + String.join(", ", missing.subList(0, Math.min(5, missing.size())))
                  + (missing.size() > 5 ? ", ..." : ""));
    }
    long ignored =
        predicted.keySet().stream().filter(Set.copyOf(truths.keySet())::contains).count();
    ignored = predicted.size() - ignored;
    if (ignored > 0) console().say(ignored + " other images in the prediction were ignored.");
  }

  private Map<String, List<T>> only(Map<String, List<T>> truths) {
    Map<String, List<T>> kept = new TreeMap<>();
    for (String name : SegmentationFolder.names(index.get(), subset)) {
      String key = EvaluationTables.key(name + ".tif");
      kept.put(key, truths.getOrDefault(key, List.of()));
    }
    return kept;
  }

  private void tell(String whose, Problems problems) {
    problems.summary().forEach(line -> console().say("Of the " + whose + " ones, " + line));
  }

  /** The truth by image: straight from a table, else from a data set of another format. */
  private Map<String, List<T>> truth(Path path, Problems problems) {
    if (isTable(path)) return table(path, problems);
    AnnotatedSet set = new AnnotationFiles(new ImageFiles(), new RoiFormat()).open(path);
    tell("true", set.problems());
    Map<String, List<T>> map = new TreeMap<>();
    set.images().forEach(i -> map.put(EvaluationTables.key(i), of(i.annotation())));
    return map;
  }

  abstract boolean isTable(Path path);

  abstract Map<String, List<T>> table(Path path, Problems problems);

  abstract List<T> of(Annotation annotation);

  final void write(Map<String, Object> found) {
    figures.write(found);
  }
}
