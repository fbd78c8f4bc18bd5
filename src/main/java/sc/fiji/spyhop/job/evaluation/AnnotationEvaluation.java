package sc.fiji.spyhop.job.evaluation;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.dataset.SegmentationFolder;
import sc.fiji.spyhop.dataset.format.AnnotatedSet;
import sc.fiji.spyhop.dataset.format.AnnotationFiles;
import sc.fiji.spyhop.dataset.format.EvaluationTables;
import sc.fiji.spyhop.dataset.format.PathIndex;
import sc.fiji.spyhop.dataset.format.PlaneName;
import sc.fiji.spyhop.dataset.format.Problems;
import sc.fiji.spyhop.ij.ImageFiles;
import sc.fiji.spyhop.prediction.Annotation;
import sc.fiji.spyhop.prediction.ImageSize;
import sc.fiji.spyhop.prediction.Keypoint;
import sc.fiji.spyhop.prediction.LocalizedObject;
import sc.fiji.spyhop.prediction.Pose;
import sc.fiji.spyhop.task.metrics.DetectionMetrics;
import sc.fiji.spyhop.task.metrics.ImageScores;
import sc.fiji.spyhop.task.metrics.KeypointMetrics;
import sc.fiji.spyhop.task.metrics.PluginMetrics;
import sc.fiji.spyhop.task.metrics.Pooled;
import sc.fiji.spyhop.util.Strings;

/**
 * Compares predicted with true boxes, or keypoints. An image without a prediction counts as one in
 * which nothing was found.
 *
 * @param <T> one of what an image has
 * @param <I> what is known of an image that was compared
 */
public final class AnnotationEvaluation<T, I> {

  /** Where tables of what is compared are found, and how they are read. */
  private record Tables<T>(
      Function<Path, Optional<Path>> find,
      BiFunction<Path, Problems, EvaluationTables.Table<T>> truth,
      BiFunction<Path, Problems, EvaluationTables.Table<T>> predicted,
      Function<Annotation, List<T>> of,
      BiFunction<ImageSize, List<T>, Annotation> made,
      Function<T, List<String>> classes,
      String called) {}

  private static final ImageSize ONE = new ImageSize(1, 1);

  private final Tables<T> tables;
  private final Supplier<Pooled<I>> empty;
  private final BiFunction<List<T>, List<T>, I> compare;

  private AnnotationEvaluation(
      Tables<T> tables, Supplier<Pooled<I>> empty, BiFunction<List<T>, List<T>, I> compare) {
    this.tables = tables;
    this.empty = empty;
    this.compare = compare;
  }

  /** Of boxes, see {@link DetectionMetrics#DetectionMetrics(int, OptionalDouble)}. */
  public static AnnotationEvaluation<LocalizedObject, DetectionMetrics> boxes(
      int maxDetections, OptionalDouble threshold) {
    return new AnnotationEvaluation<>(
        new Tables<>(
            EvaluationTables::findBoxes,
            (path, problems) -> EvaluationTables.boxes(path, true, problems),
            (path, problems) -> EvaluationTables.boxes(path, false, problems),
            Annotation::objects,
            (size, objects) -> new Annotation(size, objects, List.of()),
            object -> List.of(object.type()),
            "classes"),
        () -> new DetectionMetrics(maxDetections, threshold),
        (predicted, truth) -> {
          DetectionMetrics image = new DetectionMetrics(maxDetections, threshold);
          image.add(predicted, truth);
          return image;
        });
  }

  /** Of keypoints, see {@link KeypointMetrics#KeypointMetrics(double...)}. */
  public static AnnotationEvaluation<Pose, KeypointMetrics> keypoints(double... radii) {
    return new AnnotationEvaluation<>(
        new Tables<>(
            EvaluationTables::findKeypoints,
            (path, problems) -> EvaluationTables.poses(path, true, problems),
            (path, problems) -> EvaluationTables.poses(path, false, problems),
            Annotation::poses,
            (size, poses) ->
                new Annotation(
                    size, poses.stream().flatMap(p -> p.object().stream()).toList(), poses),
            pose -> pose.keypoints().stream().map(Keypoint::name).toList(),
            "keypoints"),
        () -> new KeypointMetrics(radii),
        (predicted, truth) -> {
          KeypointMetrics image = new KeypointMetrics(radii);
          image.add(predicted, truth);
          return image;
        });
  }

  private void add(
      ImageScores<I> scores,
      String image,
      PlaneName title,
      List<T> predicted,
      List<T> truth,
      PluginMetrics metrics) {
    Map<String, Double> figures = Map.of();
    if (!metrics.isEmpty()) {
      ImageSize size = extent(Stream.of(predicted, truth).map(l -> tables.made.apply(ONE, l)));
      figures = metrics.of(tables.made.apply(size, predicted), tables.made.apply(size, truth));
    }
    scores.add(image, title.image(), compare.apply(predicted, truth), figures);
  }

  /** As large as what is said of an image, whose own size tables do not tell. */
  private static ImageSize extent(Stream<Annotation> said) {
    double width = 1;
    double height = 1;
    for (Annotation a : said.toList()) {
      for (LocalizedObject o : a.objects()) {
        width = Math.max(width, o.box().right());
        height = Math.max(height, o.box().bottom());
      }
      for (Pose pose : a.poses()) {
        for (Keypoint k : pose.keypoints()) {
          if (!k.isLocated()) continue;
          width = Math.max(width, k.x());
          height = Math.max(height, k.y());
        }
      }
    }
    return new ImageSize((int) Math.ceil(width), (int) Math.ceil(height));
  }

  /**
   * Compares all images.
   *
   * @param source CSV files or folders with them; the truth in any format of annotations
   * @param notes takes sentences about what was left out
   * @throws SpyhopException if nothing can be compared
   * @throws java.util.concurrent.CancellationException if cancelled
   */
  public Evaluation run(Source source, Consumer<String> notes, Progress progress) {
    source.metrics().requireOf(Annotation.class, "what finds boxes or keypoints");
    Predictions own = new Predictions(source.predicted(), "predicted", notes);
    Optional<Predictions> other =
        source.against().map(path -> new Predictions(path, "other predicted", notes));
    Truth truth = new Truth(source.truth(), notes);
    Set<String> unread = new TreeSet<>();
    Map<String, List<T>> truths =
        source.index().isPresent() ? only(source, truth.table, unread) : all(truth.table, unread);
    if (truths.isEmpty()) {
      throw new SpyhopException(
          source.truth()
              + ": no images are annotated here"
              + (unread.isEmpty() ? "." : " in a way that can be read."));
    }
    own.pair(truths.keySet());
    other.ifPresent(o -> o.pair(truths.keySet()));
    Set<String> known = classes(truths.values());
    own.tellUnknown(known);
    other.ifPresent(o -> o.tellUnknown(known));
    if (other.isPresent() && other.get().pairs.isEmpty()) {
      throw new SpyhopException(
          source.against().get()
              + ": expected predictions of the images of the truth, found none.");
    }
    Function<String, PlaneName> titles = titles(truths.keySet(), truth, own);
    ImageScores<I> scores = new ImageScores<>(empty);
    ImageScores<I> others = new ImageScores<>(empty);
    List<String> missing = new ArrayList<>();
    List<String> missingOther = new ArrayList<>();
    truths.forEach(
        (image, expected) -> {
          if (own.isUnread(image) || other.isPresent() && other.get().isUnread(image)) {
            unread.add(image);
            return;
          }
          PlaneName title = titles.apply(image);
          if (!own.pairs.containsKey(image)) missing.add(title.text());
          add(scores, image, title, own.of(image), expected, source.metrics());
          if (other.isEmpty()) return;
          if (!other.get().pairs.containsKey(image)) missingOther.add(title.text());
          add(others, image, title, other.get().of(image), expected, source.metrics());
        });
    Set<String> untold = new TreeSet<>(unread);
    untold.removeAll(truth.told);
    if (!untold.isEmpty()) {
      notes.accept(
          Omissions.named(
              texts(untold, titles), "left out, as some of the annotations cannot be used"));
    }
    Set<String> unreadable = new TreeSet<>(unread);
    unreadable.retainAll(truth.unreadable);
    unread.removeAll(unreadable);
    if (scores.size() == 0) {
      throw new SpyhopException(
          source.truth()
              + ": nothing is evaluated, as no image can be read in both truth and prediction.");
    }
    return Evaluation.of(
        scores,
        other.map(o -> new Evaluation.Against<>(source.against().get().toString(), others)),
        titles,
        new Omissions(
            missing,
            missingOther,
            own.unpaired(),
            texts(unread, titles),
            texts(unreadable, titles)),
        progress);
  }

  private static List<String> texts(Set<String> some, Function<String, PlaneName> titles) {
    return some.stream().map(image -> titles.apply(image).text()).toList();
  }

  /** What tables call images: as the predictions do, else by the name of their file. */
  private Function<String, PlaneName> titles(Set<String> images, Truth truth, Predictions own) {
    Map<String, PlaneName> known = truth.table.names();
    Function<String, PlaneName> named = i -> known.getOrDefault(i, new PlaneName(i, 1, 1));
    Set<String> all = new TreeSet<>(images);
    all.addAll(truth.table.unread());
    ImageTitles titles = ImageTitles.of(all.stream().map(i -> named.apply(i).image()).toList());
    return image -> {
      PlaneName plane = named.apply(image);
      return Optional.ofNullable(own.pairs.get(image))
          .map(own.table.names()::get)
          .orElseGet(() -> plane.of(titles.of(plane.image())));
    };
  }

  private Map<String, List<T>> all(EvaluationTables.Table<T> read, Set<String> unread) {
    unread.addAll(read.unread());
    return read.images();
  }

  /**
   * @param unread takes those that are asked for, but cannot be read
   */
  private Map<String, List<T>> only(
      Source source, EvaluationTables.Table<T> read, Set<String> unread) {
    Map<String, List<T>> kept = new TreeMap<>();
    PathIndex images = new PathIndex(read.images().keySet());
    PathIndex left = new PathIndex(read.unread());
    for (String name : SegmentationFolder.names(source.index().orElseThrow(), source.subset())) {
      String key = EvaluationTables.key(name + ".tif");
      Optional<String> lost = left.find(key);
      lost.ifPresent(unread::add);
      if (lost.isPresent()) continue;
      Optional<String> own = images.find(key);
      kept.put(own.orElse(key), own.map(read.images()::get).orElse(List.of()));
    }
    return kept;
  }

  private Set<String> classes(Collection<List<T>> images) {
    return images.stream()
        .flatMap(List::stream)
        .flatMap(one -> tables.classes.apply(one).stream())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static void tell(String whose, Problems problems, Consumer<String> notes) {
    problems.summary().forEach(line -> notes.accept("Of the " + whose + " ones, " + line));
  }

  /** A table of predictions, for the images of the truth. */
  private final class Predictions {

    private final EvaluationTables.Table<T> table;
    private final String whose;
    private final Consumer<String> notes;
    private Map<String, String> pairs = Map.of();
    private int all;

    Predictions(Path path, String whose, Consumer<String> notes) {
      this.whose = whose;
      this.notes = notes;
      Problems problems = new Problems();
      table = tables.predicted.apply(path, problems);
      tell(whose, problems, notes);
      Omissions.filtered(path, whose).ifPresent(notes);
    }

    void pair(Set<String> images) {
      Set<String> known = new TreeSet<>(table.images().keySet());
      known.addAll(table.unread());
      all = known.size();
      pairs = PathIndex.pair(images, known);
    }

    /** Says which classes of the images of the truth the truth does not have. */
    void tellUnknown(Set<String> known) {
      Set<String> unknown = classes(pairs.keySet().stream().map(this::found).toList());
      unknown.removeAll(known);
      if (unknown.isEmpty() || known.isEmpty()) return;
      notes.accept(
          Strings.format(
              "Of the %s ones, the truth does not have the %s %s, so that all of these count as"
                  + " wrong; it has %s.",
              whose, tables.called, String.join(", ", unknown), String.join(", ", known)));
    }

    private List<T> found(String image) {
      return isUnread(image) ? List.of() : of(image);
    }

    boolean isUnread(String image) {
      return pairs.containsKey(image) && table.unread().contains(pairs.get(image));
    }

    List<T> of(String image) {
      return pairs.containsKey(image) ? table.images().get(pairs.get(image)) : List.of();
    }

    int unpaired() {
      return all - pairs.size();
    }
  }

  /** The truth by image: held against the images, unless it is a table without them. */
  private final class Truth {

    private final EvaluationTables.Table<T> table;

    /** Those of the unread that are named among the problems of their data set. */
    private final Set<String> told = new TreeSet<>();

    /** Those of the unread whose file cannot be opened. */
    private final Set<String> unreadable = new TreeSet<>();

    Truth(Path path, Consumer<String> notes) {
      AnnotationFiles files = new AnnotationFiles(new ImageFiles());
      Optional<Path> rows = tables.find.apply(path);
      if (rows.isPresent() && !files.hasImages(rows.get())) {
        Problems problems = new Problems();
        table = tables.truth.apply(path, problems);
        if (!table.names().isEmpty()) {
          notes.accept(
              rows.get()
                  + ": none of the images named there is found just once in its folder and those"
                  + " below, so all that it says counts, be it outside of its image. Put it beside"
                  + " the images to leave that out.");
        }
        tell("true", problems, notes);
        return;
      }
      AnnotatedSet set = files.open(rows.orElse(path));
      tell("true", set.problems(), notes);
      told.addAll(set.unread());
      unreadable.addAll(set.unreadable());
      Map<String, List<T>> map = new TreeMap<>();
      Map<String, PlaneName> names = new TreeMap<>();
      set.images()
          .forEach(
              i -> {
                String key = EvaluationTables.key(i);
                map.put(key, tables.of.apply(i.annotation()));
                names.put(key, new PlaneName(i.name(), i.z(), i.t()));
              });
      table = new EvaluationTables.Table<>(map, set.unread(), names);
    }
  }
}
