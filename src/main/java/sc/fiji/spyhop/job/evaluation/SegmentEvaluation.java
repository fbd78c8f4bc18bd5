package sc.fiji.spyhop.job.evaluation;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Supplier;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.dataset.BadSamples;
import sc.fiji.spyhop.dataset.LabelRules;
import sc.fiji.spyhop.dataset.format.LabelImageFormat;
import sc.fiji.spyhop.dataset.format.Problems;
import sc.fiji.spyhop.ij.ImageFiles;
import sc.fiji.spyhop.image.ImageReader;
import sc.fiji.spyhop.prediction.ImageSize;
import sc.fiji.spyhop.prediction.LabelMap;
import sc.fiji.spyhop.task.metrics.ImageScores;
import sc.fiji.spyhop.task.metrics.InstanceMetrics;
import sc.fiji.spyhop.task.metrics.PixelMetrics;
import sc.fiji.spyhop.task.metrics.Pooled;
import sc.fiji.spyhop.util.FileNames;
import sc.fiji.spyhop.util.Folders;
import sc.fiji.spyhop.util.Strings;

/**
 * Compares predicted with true label images: object by object, or pixel by pixel where labels are
 * classes. An image without a prediction counts as one in which nothing was found.
 *
 * @param source folders of label images; the truth may be in annotation files
 * @param ignore true label of pixels that are not annotated, besides what the data set says;
 *     negative: none
 * @param classes names of labels 0, 1, ...; empty: those of the model whose results the folder
 *     holds, or objects
 * @param tolerance how far outlines of classes may lie apart, in pixels
 */
public record SegmentEvaluation(Source source, int ignore, List<String> classes, double tolerance) {

  private static final String PREDICTIONS = "a folder of predicted label images";

  /**
   * Compares all images.
   *
   * @param notes takes sentences about what was left out
   * @throws SpyhopException if nothing can be compared
   * @throws java.util.concurrent.CancellationException if cancelled
   */
  public Evaluation run(Consumer<String> notes, Progress progress) {
    Folders.require(source.predicted(), PREDICTIONS);
    source.against().ifPresent(other -> Folders.require(other, PREDICTIONS));
    TrueLabels truth = new TrueLabels(source, ignore);
    List<String> known = classes.isEmpty() ? ClassesOfResults.in(source.predicted()) : classes;
    Map<String, Supplier<LabelMap>> truths = truth.read(known, notes);
    if (known.isEmpty()) {
      return compared(
          truth.problems(),
          truths,
          true,
          InstanceMetrics::new,
          (found, expected) -> {
            InstanceMetrics image = new InstanceMetrics();
            image.add(found, expected);
            return image;
          },
          notes,
          progress);
    }
    List<String> all = classes.isEmpty() ? TrueLabels.withUnnamed(known, truths.values()) : classes;
    return compared(
        truth.problems(),
        truths,
        false,
        () -> new PixelMetrics(all, tolerance),
        (found, expected) -> {
          PixelMetrics image = new PixelMetrics(all, tolerance);
          image.add(found, expected);
          return image;
        },
        notes,
        progress);
  }

  private <I> Evaluation compared(
      Problems problems,
      Map<String, Supplier<LabelMap>> truths,
      boolean objects,
      Supplier<Pooled<I>> empty,
      BiFunction<LabelMap, LabelMap, I> compare,
      Consumer<String> notes,
      Progress progress) {
    Predictions own = new Predictions(source.predicted(), truths, objects, problems);
    Optional<Predictions> other =
        source.against().map(o -> new Predictions(o, truths, objects, new Problems()));
    other.ifPresent(Predictions::requireSome);
    ImageScores<I> scores = new ImageScores<>(empty);
    ImageScores<I> others = new ImageScores<>(empty);
    List<String> missing = new ArrayList<>();
    List<String> missingOther = new ArrayList<>();
    List<String> unread = new ArrayList<>();
    int done = 0;
    for (Map.Entry<String, Supplier<LabelMap>> entry : truths.entrySet()) {
      String image = entry.getKey();
      progress.checkCancelled();
      progress.part(0, 2).update(image, done++, truths.size());
      try {
        LabelMap expected = entry.getValue().get();
        I found = compare.apply(own.of(image, expected), expected);
        if (other.isPresent()) {
          others.add(image, compare.apply(other.get().of(image, expected), expected));
          if (!other.get().pairs.containsKey(image)) missingOther.add(image);
        }
        scores.add(image, found);
        if (!own.pairs.containsKey(image)) missing.add(image);
      } catch (SpyhopException e) {
        unread.add(image);
        notes.accept("Left out: " + BadSamples.clause(image, e) + ".");
      }
    }
    if (scores.size() == 0) {
      throw new SpyhopException(
          source.truth()
              + ": nothing is evaluated, as no label image can be used in both truth and"
              + " prediction.");
    }
    problems.summary().forEach(notes);
    int ignored = own.files.names().size() - own.pairs.size();
    return Evaluation.of(
        scores,
        other.map(o -> new Evaluation.Against<>(o.folder.toString(), others)),
        new Omissions(missing, missingOther, ignored, List.of(), unread),
        progress.part(1, 2));
  }

  /** Label images of a folder, for the images of the truth. */
  private static final class Predictions {

    private final Path folder;
    private final LabelFiles files;
    private final Map<String, String> pairs;
    private final boolean objects;
    private final Problems problems;
    private final ImageReader reader = new ImageFiles();

    Predictions(
        Path folder, Map<String, Supplier<LabelMap>> truths, boolean objects, Problems problems) {
      this.folder = folder;
      this.files = LabelFiles.in(folder);
      this.pairs = files.pairs(truths.keySet());
      this.objects = objects;
      this.problems = problems;
    }

    void requireSome() {
      if (!pairs.isEmpty()) return;
      throw new SpyhopException(
          folder + ": expected predictions of the images of the truth, found none.");
    }

    /** What is predicted, nothing where there is no file. */
    LabelMap of(String image, LabelMap expected) {
      if (!pairs.containsKey(image)) return new LabelMap(expected.width(), expected.height());
      Path file = files.of(pairs.get(image));
      ImageSize size = reader.readSize(file);
      if (size.width() != expected.width() || size.height() != expected.height()) {
        throw new SpyhopException(
            Strings.format(
                "%s: expected %d x %d pixels like its truth, received %d x %d.",
                file, expected.width(), expected.height(), size.width(), size.height()));
      }
      LabelMap labels = reader.readLabels(file);
      if (!objects) return labels;
      LabelImageFormat.look(labels, FileNames.last(file), problems);
      return LabelRules.objects(labels);
    }
  }
}
