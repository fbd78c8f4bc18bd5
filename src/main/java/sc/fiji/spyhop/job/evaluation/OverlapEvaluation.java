package sc.fiji.spyhop.job.evaluation;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.dataset.BadSamples;
import sc.fiji.spyhop.dataset.format.AnnotationFiles;
import sc.fiji.spyhop.dataset.format.OverlapFiles;
import sc.fiji.spyhop.dataset.format.PlaneName;
import sc.fiji.spyhop.ij.ImageFiles;
import sc.fiji.spyhop.ij.MaskStack;
import sc.fiji.spyhop.prediction.ImageSize;
import sc.fiji.spyhop.prediction.LabelMap;
import sc.fiji.spyhop.task.metrics.ImageScores;
import sc.fiji.spyhop.task.metrics.OverlapMetrics;
import sc.fiji.spyhop.util.Folders;
import sc.fiji.spyhop.util.Strings;

/**
 * Compares predicted with true masks of classes that may lie over each other, class by class. An
 * image without a prediction counts as one in which nothing was found.
 *
 * @param source folder of predictions, images with a channel for each class; the truth as trainings
 *     read it, see {@link OverlapFiles}
 * @param classes names of the channels; empty: as the predictions say
 */
public record OverlapEvaluation(Source source, List<String> classes) {

  private static final String PREDICTIONS = "a folder of predicted masks";

  /** Whether a folder holds results with a channel for each class. */
  public static boolean isFor(Path predicted) {
    Folders.require(predicted, PREDICTIONS);
    LabelFiles files = LabelFiles.in(predicted, true);
    return files.names().stream()
        .findFirst()
        .map(name -> MaskStack.open(files.of(name)).isResult())
        .orElse(false);
  }

  /**
   * Compares all images.
   *
   * @param notes takes sentences about what was left out
   * @throws SpyhopException if nothing can be compared
   * @throws java.util.concurrent.CancellationException if cancelled
   */
  public Evaluation run(Consumer<String> notes, Progress progress) {
    source.metrics().requireOf(LabelMap.class, "a segmenter");
    Folders.require(source.predicted(), PREDICTIONS);
    source.against().ifPresent(other -> Folders.require(other, PREDICTIONS));
    LabelFiles own = LabelFiles.in(source.predicted(), true);
    List<String> names = classes.isEmpty() ? told(own) : classes;
    OverlapFiles truth =
        OverlapFiles.read(
            new AnnotationFiles(new ImageFiles()),
            source.truth(),
            source.index(),
            source.subset(),
            names);
    truth.problems().forEach(notes);
    Map<String, String> keys = new LinkedHashMap<>();
    for (String sample : truth.samples().names()) {
      keys.put(sample, LabelFiles.withoutExtension(PlaneName.ofSample(sample).image()));
    }
    Set<String> images = new LinkedHashSet<>(keys.values());
    Masks mine = new Masks(own, own.pairs(images), names);
    Optional<Masks> theirs =
        source
            .against()
            .map(o -> LabelFiles.in(o, true))
            .map(files -> new Masks(files, files.pairs(images), names));
    ImageScores<OverlapMetrics> scores = new ImageScores<>(() -> new OverlapMetrics(names));
    ImageScores<OverlapMetrics> others = new ImageScores<>(() -> new OverlapMetrics(names));
    List<String> unread = new ArrayList<>();
    for (int i = 0; i < truth.samples().size(); i++) {
      progress.checkCancelled();
      String sample = truth.samples().names().get(i);
      progress.part(0, 2).update(sample, i, truth.samples().size());
      try {
        LabelMap expected = truth.samples().get(i).truth();
        PlaneName plane = PlaneName.ofSample(sample);
        LabelMap found = mine.of(keys.get(sample), plane, expected);
        Optional<OverlapMetrics> against =
            theirs.map(t -> compared(t.of(keys.get(sample), plane, expected), expected, names));
        scores.add(
            sample,
            keys.get(sample),
            compared(found, expected, names),
            source.metrics().of(found, expected));
        against.ifPresent(a -> others.add(sample, keys.get(sample), a, Map.of()));
      } catch (SpyhopException e) {
        unread.add(sample);
        notes.accept("Left out: " + BadSamples.clause(sample, e) + ".");
      }
    }
    if (scores.size() == 0) {
      throw new SpyhopException(
          source.truth()
              + ": nothing is evaluated, as no masks can be used in both truth and"
              + " prediction.");
    }
    int used = (int) images.stream().filter(mine::has).count();
    return Evaluation.of(
        scores,
        source.against().map(o -> new Evaluation.Against<>(o.toString(), others)),
        PlaneName::ofSample,
        new Omissions(
            images.stream().filter(n -> !mine.has(n)).toList(),
            theirs.map(t -> images.stream().filter(n -> !t.has(n)).toList()).orElse(List.of()),
            own.names().size() - used,
            List.of(),
            unread),
        progress.part(1, 2));
  }

  private static OverlapMetrics compared(LabelMap found, LabelMap truth, List<String> names) {
    OverlapMetrics image = new OverlapMetrics(names);
    image.add(found, truth);
    return image;
  }

  /** What the channels of the first file are called. */
  private List<String> told(LabelFiles files) {
    String first =
        files.names().stream()
            .findFirst()
            .orElseThrow(
                () -> new SpyhopException(source.predicted() + ": no predicted masks here."));
    List<String> names = MaskStack.open(files.of(first)).names();
    if (names.contains("") || new HashSet<>(names).size() < names.size()) {
      throw new SpyhopException(
          Strings.format(
              "%s: expected channels that are called like their classes; name these in their order"
                  + " (classes=a,b; --classes a,b in the shell).",
              files.of(first)));
    }
    return names;
  }

  /** Predicted masks, for the images of the truth. */
  private record Masks(LabelFiles files, Map<String, String> pairs, List<String> names) {

    boolean has(String image) {
      return pairs.containsKey(image) && files.names().contains(pairs.get(image));
    }

    LabelMap of(String image, PlaneName plane, LabelMap expected) {
      ImageSize size = new ImageSize(expected.width(), expected.height());
      if (!has(image)) return new LabelMap(size.width(), size.height());
      return MaskStack.open(files.of(pairs.get(image)))
          .sets(plane.slice(), plane.frame(), size, names);
    }
  }
}
