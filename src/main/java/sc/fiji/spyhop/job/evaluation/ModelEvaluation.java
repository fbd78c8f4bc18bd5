package sc.fiji.spyhop.job.evaluation;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.dataset.ClassImages;
import sc.fiji.spyhop.dataset.Dataset;
import sc.fiji.spyhop.dataset.Grouping;
import sc.fiji.spyhop.dataset.ReadableSamples;
import sc.fiji.spyhop.dataset.Sample;
import sc.fiji.spyhop.dataset.ValueImages;
import sc.fiji.spyhop.image.ImageReader;
import sc.fiji.spyhop.inference.Runner;
import sc.fiji.spyhop.model.ModelRegistry;
import sc.fiji.spyhop.prediction.ClassScores;
import sc.fiji.spyhop.prediction.RealValues;
import sc.fiji.spyhop.task.ClassTask;
import sc.fiji.spyhop.task.Regression;
import sc.fiji.spyhop.task.TaskKind;
import sc.fiji.spyhop.task.metrics.ConfusionMatrix;
import sc.fiji.spyhop.task.metrics.ImageScores;
import sc.fiji.spyhop.task.metrics.MultiLabelMetrics;
import sc.fiji.spyhop.task.metrics.PluginMetrics;
import sc.fiji.spyhop.task.metrics.RegressionMetrics;
import sc.fiji.spyhop.util.Strings;

/**
 * Compares what a model says about images as a whole with the truth.
 *
 * @param model name or file
 * @param against another model for the same images
 * @param data folder of images, or a stack
 * @param index table of images; absent: that of the folder
 * @param subset only this one of the table or folder
 * @param metrics figures that plugins bring
 */
public record ModelEvaluation(
    String model,
    Optional<String> against,
    Path data,
    Optional<Path> index,
    Optional<String> subset,
    ImageReader reader,
    PluginMetrics metrics) {

  /** What a model made of images, and which could not be shown to it. */
  private record Said<I>(ImageScores<I> scores, ImageTitles titles, List<String> unread) {}

  /** How one model is asked. */
  @FunctionalInterface
  private interface Ask<I> {
    Said<I> of(String model, Consumer<String> notes, Progress progress);
  }

  /**
   * Compares classes of images.
   *
   * @param notes takes sentences about what was left out
   * @throws SpyhopException if a model is for something else, or nothing can be compared
   * @throws java.util.concurrent.CancellationException if cancelled
   */
  public Evaluation classes(Consumer<String> notes, Progress progress) {
    boolean exclusive = tellsOne(model);
    against.ifPresent(o -> requireSameNumber(o, exclusive));
    return exclusive
        ? compared(this::classified, notes, progress)
        : compared(this::labelled, notes, progress);
  }

  /** Whether the model tells one class of each image. */
  public boolean isExclusive() {
    return tellsOne(model);
  }

  private static boolean tellsOne(String name) {
    return ModelRegistry.standard().find(name).spec().task(TaskKind.CLASSIFICATION).exclusive();
  }

  private void requireSameNumber(String other, boolean exclusive) {
    if (tellsOne(other) == exclusive) return;
    String one = "tells one class of each image";
    String several = "may tell several";
    throw new SpyhopException(
        Strings.format(
            "%s: expected a model that %s, as %s does, received one that %s.",
            other, exclusive ? one : several, model, exclusive ? several : one));
  }

  private Said<MultiLabelMetrics.Outcome> labelled(
      String name, Consumer<String> notes, Progress progress) {
    try (Runner<ClassScores> classifier = Runner.open(name, TaskKind.CLASSIFICATION)) {
      metrics.requireOf(ClassScores.class, "a classifier");
      ClassTask task = classifier.spec().task(TaskKind.CLASSIFICATION);
      ClassImages images =
          ClassImages.read(data, index, subset, task.classes(), ClassImages.Labels.SEVERAL, reader);
      return said(
          classifier,
          images.samples(),
          new ImageScores<>(() -> new MultiLabelMetrics(task.classes())),
          (scores, truth) -> MultiLabelMetrics.Outcome.of(scores, task.told(scores), truth),
          notes,
          progress);
    }
  }

  /** The same of what is measured on images. */
  public Evaluation values(Consumer<String> notes, Progress progress) {
    against.ifPresent(this::requireSame);
    return compared(this::measured, notes, progress);
  }

  private void requireSame(String other) {
    List<String> expected = ModelRegistry.standard().find(model).spec().names();
    List<String> names = ModelRegistry.standard().find(other).spec().names();
    if (Set.copyOf(names).equals(Set.copyOf(expected))) return;
    throw new SpyhopException(
        Strings.format(
            "%s: expected a model that measures %s, as %s does, received one that measures %s.",
            other, String.join(", ", expected), model, String.join(", ", names)));
  }

  private Said<ConfusionMatrix.Outcome> classified(
      String name, Consumer<String> notes, Progress progress) {
    try (Runner<ClassScores> classifier = Runner.open(name, TaskKind.CLASSIFICATION)) {
      metrics.requireOf(ClassScores.class, "a classifier");
      List<String> classes = classifier.spec().names();
      ClassImages images =
          ClassImages.read(data, index, subset, classes, ClassImages.Labels.ONE, reader);
      return said(
          classifier,
          images.samples(),
          new ImageScores<>(() -> new ConfusionMatrix(classes)),
          (scores, truth) -> ConfusionMatrix.Outcome.of(scores, truth.best()),
          notes,
          progress);
    }
  }

  private Said<RegressionMetrics.Outcome> measured(
      String name, Consumer<String> notes, Progress progress) {
    try (Runner<RealValues> regressor = Runner.open(name, TaskKind.REGRESSION)) {
      metrics.requireOf(RealValues.class, "a model that measures");
      List<String> names = regressor.spec().names();
      Regression task = regressor.spec().task(TaskKind.REGRESSION);
      ValueImages images = ValueImages.read(data, index, subset, names, Grouping.BY_NAME, reader);
      return said(
          regressor,
          images.samples(),
          new ImageScores<>(() -> new RegressionMetrics(names, task.units())),
          (values, truth) -> new RegressionMetrics.Outcome(values, ordered(images, truth, names)),
          notes,
          progress);
    }
  }

  /** The table may have its columns in another order than the model. */
  private static RealValues ordered(ValueImages images, RealValues truth, List<String> names) {
    return new RealValues(names.stream().map(n -> truth.get(images.names().indexOf(n))).toList());
  }

  private <P, I> Said<I> said(
      Runner<P> runner,
      Dataset<P> all,
      ImageScores<I> scores,
      BiFunction<P, P, I> compare,
      Consumer<String> notes,
      Progress progress) {
    Dataset<P> samples = ReadableSamples.of(all, "evaluate", progress.part(0, 2), notes);
    List<P> truths = new ArrayList<>();
    List<P> predicted =
        runner.predict(
            samples.size(),
            i -> {
              Sample<P> sample = samples.get(i);
              truths.add(sample.truth());
              return sample.frame();
            },
            progress.part(1, 2));
    List<String> images = samples.names();
    for (int i = 0; i < images.size(); i++) {
      scores.add(
          images.get(i),
          images.get(i),
          compare.apply(predicted.get(i), truths.get(i)),
          metrics.of(predicted.get(i), truths.get(i)));
    }
    Set<String> unread = new LinkedHashSet<>(all.names());
    images.forEach(unread::remove);
    ImageTitles titles = ImageTitles.ofSamples(all.names());
    return new Said<>(
        scores, titles, unread.stream().map(name -> titles.ofSample(name).text()).toList());
  }

  private <I> Evaluation compared(Ask<I> ask, Consumer<String> notes, Progress progress) {
    int models = against.isPresent() ? 2 : 1;
    Said<I> own = ask.of(model, notes, progress.part(0, models + 1));
    Optional<Said<I>> other = against.map(o -> ask.of(o, n -> {}, progress.part(1, models + 1)));
    return Evaluation.of(
        own.scores,
        other.map(o -> new Evaluation.Against<>(against.orElseThrow(), o.scores)),
        own.titles::ofSample,
        new Omissions(List.of(), List.of(), 0, List.of(), own.unread),
        progress.part(models, models + 1));
  }
}
