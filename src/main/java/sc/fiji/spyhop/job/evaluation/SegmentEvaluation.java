package sc.fiji.spyhop.job.evaluation;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.dataset.BadSamples;
import sc.fiji.spyhop.dataset.LabelRules;
import sc.fiji.spyhop.dataset.format.LabelImageFormat;
import sc.fiji.spyhop.dataset.format.PlaneName;
import sc.fiji.spyhop.dataset.format.Problems;
import sc.fiji.spyhop.ij.LabelStack;
import sc.fiji.spyhop.image.ImageReader;
import sc.fiji.spyhop.prediction.ImageSize;
import sc.fiji.spyhop.prediction.LabelMap;
import sc.fiji.spyhop.task.metrics.ClassedInstanceMetrics;
import sc.fiji.spyhop.task.metrics.ImageScores;
import sc.fiji.spyhop.task.metrics.InstanceMetrics;
import sc.fiji.spyhop.task.metrics.PixelMetrics;
import sc.fiji.spyhop.task.metrics.Pooled;
import sc.fiji.spyhop.util.FileNames;
import sc.fiji.spyhop.util.Folders;
import sc.fiji.spyhop.util.Strings;

/**
 * Compares predicted with true label images: object by object, and by their classes where tables
 * tell these of both, or pixel by pixel where labels are classes. An image without a prediction
 * counts as one in which nothing was found.
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
    source.metrics().requireOf(LabelMap.class, "a segmenter");
    Folders.require(source.predicted(), PREDICTIONS);
    source.against().ifPresent(other -> Folders.require(other, PREDICTIONS));
    Omissions.filtered(source.predicted(), "predicted").ifPresent(notes);
    source.against().flatMap(o -> Omissions.filtered(o, "other predicted")).ifPresent(notes);
    TrueLabels truth = new TrueLabels(source, ignore);
    LabelFiles predicted = LabelFiles.in(source.predicted(), true);
    List<String> known =
        classes.isEmpty()
            ? predicted.folders().keySet().stream()
                .map(ClassesOfResults::in)
                .filter(c -> !c.isEmpty())
                .findFirst()
                .orElse(List.of())
            : classes;
    List<String> types = known.isEmpty() ? types(predicted, truth, notes) : List.of();
    TrueLabels.Images truths = truth.read(known, types, notes);
    if (!types.isEmpty()) {
      return compared(
          predicted,
          truth.problems(),
          truths,
          Optional.of(types),
          () -> new ClassedInstanceMetrics(types),
          (found, expected, scores) -> {
            ClassedInstanceMetrics image = new ClassedInstanceMetrics(types);
            image.add(found, expected, scores);
            return image;
          },
          notes,
          progress);
    }
    if (known.isEmpty()) {
      return compared(
          predicted,
          truth.problems(),
          truths,
          Optional.of(types),
          InstanceMetrics::new,
          (found, expected, scores) -> {
            InstanceMetrics image = new InstanceMetrics();
            image.add(found, expected, scores);
            return image;
          },
          notes,
          progress);
    }
    List<String> all =
        classes.isEmpty() ? TrueLabels.withUnnamed(known, truths.images().values()) : classes;
    return compared(
        predicted,
        truth.problems(),
        truths,
        Optional.empty(),
        () -> new PixelMetrics(all, tolerance),
        (found, expected, scores) -> {
          PixelMetrics image = new PixelMetrics(all, tolerance);
          image.add(found, expected);
          return image;
        },
        notes,
        progress);
  }

  /** A plane that was compared, and figures of it that plugins bring. */
  private record Compared<I>(I plane, Map<String, Double> figures) {
    void addTo(ImageScores<I> scores, String name, String stack) {
      scores.add(name, stack, plane, figures);
    }
  }

  private <I> Compared<I> compared(
      Predicted predicted, int position, LabelMap truth, Comparison<I> compare) {
    LabelMap labels = predicted.labels(position, truth);
    return new Compared<>(
        compare.of(labels, truth, predicted.scores(position)), source.metrics().of(labels, truth));
  }

  /** How a plane is compared. */
  private interface Comparison<I> {
    /**
     * @param scores of predicted objects by label, of those that have one
     */
    I of(LabelMap predicted, LabelMap truth, Map<Integer, Double> scores);
  }

  /** Classes of objects, if tables tell them of both prediction and truth. */
  private static List<String> types(
      LabelFiles predicted, TrueLabels truth, Consumer<String> notes) {
    Set<String> found = predicted.types();
    if (found.isEmpty()) return List.of();
    Set<String> types = new TreeSet<>(truth.types());
    if (Collections.disjoint(types, found)) {
      notes.accept(
          Strings.format(
              "Classes of objects are not compared: those predicted are %s, those of the truth %s.",
              String.join(", ", found), types.isEmpty() ? "not told" : String.join(", ", types)));
      return List.of();
    }
    types.addAll(found);
    return types.size() > 1 ? List.copyOf(types) : List.of();
  }

  /**
   * @param types of objects, none if they have no classes; absent if labels are classes of pixels
   */
  private <I> Evaluation compared(
      LabelFiles predicted,
      Problems problems,
      TrueLabels.Images truths,
      Optional<List<String>> types,
      Supplier<Pooled<I>> empty,
      Comparison<I> compare,
      Consumer<String> notes,
      Progress progress) {
    Set<String> images = truths.images().keySet();
    Predictions own = new Predictions(source.predicted(), predicted, images, types, problems);
    Optional<Predictions> other =
        source
            .against()
            .map(o -> new Predictions(o, LabelFiles.in(o, true), images, types, new Problems()));
    other.ifPresent(Predictions::requireSome);
    Function<String, String> titles = titles(truths, own);
    ImageScores<I> scores = new ImageScores<>(empty);
    ImageScores<I> others = new ImageScores<>(empty);
    Map<String, PlaneName> planes = new HashMap<>();
    List<String> missing = new ArrayList<>();
    List<String> missingOther = new ArrayList<>();
    List<String> unread = new ArrayList<>();
    truths.unreadable().forEach(image -> unread.add(titles.apply(image)));
    int done = 0;
    for (Map.Entry<String, Supplier<LabelPlanes>> entry : truths.images().entrySet()) {
      String image = entry.getKey();
      String title = titles.apply(image);
      progress.checkCancelled();
      progress.part(0, 2).update(title, done++, images.size());
      try {
        LabelPlanes expected = entry.getValue().get();
        Predicted mine = own.of(image, expected);
        Optional<Predicted> theirs = other.map(o -> o.of(image, expected));
        Map<PlaneName, Compared<I>> found = new LinkedHashMap<>();
        List<Compared<I>> against = new ArrayList<>();
        for (int i = 0; i < expected.planes().size(); i++) {
          progress.checkCancelled();
          LabelMap truth = expected.labels().apply(i);
          ImageReader.Plane plane = mine.plane(i);
          Compared<I> one = compared(mine, i, truth, compare);
          found.put(new PlaneName(image, plane.z(), plane.t()), one);
          if (theirs.isEmpty()) continue;
          against.add(compared(theirs.get(), i, truth, compare));
        }
        Iterator<Compared<I>> next = against.iterator();
        found.forEach(
            (plane, scored) -> {
              planes.put(plane.text(), plane.of(title));
              scored.addTo(scores, plane.text(), image);
              if (next.hasNext()) next.next().addTo(others, plane.text(), image);
            });
        if (!own.has(image)) missing.add(title);
        if (other.isPresent() && !other.get().has(image)) missingOther.add(title);
      } catch (SpyhopException e) {
        unread.add(title);
        notes.accept("Left out: " + BadSamples.clause(title, e) + ".");
      }
    }
    if (scores.size() == 0) {
      throw new SpyhopException(
          source.truth()
              + ": nothing is evaluated, as no label image can be used in both truth and"
              + " prediction.");
    }
    problems.summary().forEach(notes);
    int ignored = own.files.names().size() - (int) images.stream().filter(own::has).count();
    return Evaluation.of(
        scores,
        other.map(o -> new Evaluation.Against<>(o.folder.toString(), others)),
        planes::get,
        new Omissions(missing, missingOther, ignored, List.of(), unread),
        progress.part(1, 2));
  }

  /** What tables call images: as those of the predictions do, else by the name of their file. */
  private static Function<String, String> titles(TrueLabels.Images truths, Predictions own) {
    ImageTitles named = ImageTitles.of(truths.paths().values());
    return image ->
        Optional.ofNullable(own.pairs.get(image))
            .flatMap(own.files::title)
            .orElseGet(() -> named.of(truths.paths().getOrDefault(image, image)));
  }

  /** What is predicted of an image. */
  private interface Predicted {
    /** Which plane it is that the truth has in this position. */
    ImageReader.Plane plane(int position);

    /** Its labels. */
    LabelMap labels(int position, LabelMap truth);

    /** Scores of its objects by label, of those that have one. */
    Map<Integer, Double> scores(int position);
  }

  /** Label images of a folder, for the images of the truth. */
  private static final class Predictions {

    private final Path folder;
    private final LabelFiles files;
    private final Map<String, String> pairs;
    private final Optional<List<String>> types;
    private final Problems problems;
    private final ObjectScores scores;

    Predictions(
        Path folder,
        LabelFiles files,
        Set<String> images,
        Optional<List<String>> types,
        Problems problems) {
      this.folder = folder;
      this.files = files;
      this.pairs = files.pairs(images);
      this.types = types;
      this.problems = problems;
      this.scores = types.isPresent() ? ObjectScores.of(files) : ObjectScores.NONE;
    }

    void requireSome() {
      if (pairs.keySet().stream().anyMatch(this::has)) return;
      throw new SpyhopException(
          folder + ": expected predictions of the images of the truth, found none.");
    }

    /** Whether there is a label image. */
    boolean has(String image) {
      return pairs.containsKey(image) && files.names().contains(pairs.get(image));
    }

    /** What is predicted, nothing where there is no file. */
    Predicted of(String image, LabelPlanes expected) {
      return has(image) ? read(pairs.get(image), expected) : nothing(expected);
    }

    private static Predicted nothing(LabelPlanes expected) {
      return new Predicted() {
        @Override
        public ImageReader.Plane plane(int position) {
          return expected.planes().get(position);
        }

        @Override
        public LabelMap labels(int position, LabelMap truth) {
          return new LabelMap(truth.width(), truth.height());
        }

        @Override
        public Map<Integer, Double> scores(int position) {
          return Map.of();
        }
      };
    }

    private Predicted read(String name, LabelPlanes expected) {
      Path file = files.of(name);
      LabelStack stack = LabelStack.open(file);
      List<ImageReader.Plane> planes = stack.planes();
      int[] positions = expected.positionsIn(planes, file);
      return new Predicted() {
        @Override
        public ImageReader.Plane plane(int position) {
          return planes.get(positions[position]);
        }

        @Override
        public LabelMap labels(int position, LabelMap truth) {
          requireSize(file, stack.size(), truth);
          ImageReader.Plane plane = plane(position);
          LabelMap labels = stack.labels(plane.z(), plane.t(), label -> false);
          if (types.isEmpty()) return labels;
          LabelImageFormat.look(labels, FileNames.last(file), problems);
          return LabelRules.objects(files.classed(labels, name, plane, types.get()));
        }

        @Override
        public Map<Integer, Double> scores(int position) {
          ImageReader.Plane plane = plane(position);
          return files
              .title(name)
              .map(title -> scores.of(new PlaneName(title, plane.z(), plane.t())))
              .orElse(Map.of());
        }
      };
    }

    private static void requireSize(Path file, ImageSize size, LabelMap expected) {
      if (size.width() == expected.width() && size.height() == expected.height()) return;
      throw new SpyhopException(
          Strings.format(
              "%s: expected %d x %d pixels like its truth, received %d x %d.",
              file, expected.width(), expected.height(), size.width(), size.height()));
    }
  }
}
