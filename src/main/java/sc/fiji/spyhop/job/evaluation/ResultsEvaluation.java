package sc.fiji.spyhop.job.evaluation;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.dataset.ClassImages;
import sc.fiji.spyhop.dataset.Grouping;
import sc.fiji.spyhop.dataset.ValueImages;
import sc.fiji.spyhop.dataset.format.PlaneName;
import sc.fiji.spyhop.image.ImageReader;
import sc.fiji.spyhop.prediction.RealValues;
import sc.fiji.spyhop.task.metrics.ConfusionMatrix;
import sc.fiji.spyhop.task.metrics.ImageScores;
import sc.fiji.spyhop.task.metrics.MultiLabelMetrics;
import sc.fiji.spyhop.task.metrics.RegressionMetrics;
import sc.fiji.spyhop.util.Strings;

/**
 * Compares tables of what was said about images as a whole with the truth, without running a model.
 *
 * @param predicted folder of results, or CSV file
 * @param against other results of the same images
 * @param data folder of images, or a stack
 * @param index table of images; absent: that of the folder
 * @param subset only this one of the table or folder
 */
public record ResultsEvaluation(
    Path predicted,
    Optional<Path> against,
    Path data,
    Optional<Path> index,
    Optional<String> subset,
    ImageReader reader) {

  /**
   * Compares classes of images. One without a prediction counts as taken for a wrong class.
   *
   * @throws SpyhopException if nothing can be compared
   * @throws java.util.concurrent.CancellationException if cancelled
   */
  public Evaluation classes(Progress progress) {
    if (!isExclusive()) return severalClasses(progress);
    ImageResults own = ImageResults.classes(predicted);
    Optional<ImageResults> other = against.map(ImageResults::classes);
    ClassImages images =
        ClassImages.read(data, index, subset, List.of(), ClassImages.Labels.ONE, reader);
    Set<String> all = new LinkedHashSet<>(images.classes());
    all.addAll(own.words());
    other.ifPresent(o -> all.addAll(o.words()));
    List<String> classes = List.copyOf(all);
    List<String> names = images.samples().names();
    return Evaluation.of(
        classified(own, images, classes),
        other.map(
            o ->
                new Evaluation.Against<>(
                    against.orElseThrow().toString(), classified(o, images, classes))),
        own.titles(names),
        new Omissions(
            missing(own, own, names),
            other.map(o -> missing(o, own, names)).orElse(List.of()),
            own.besides(names),
            List.of(),
            List.of()),
        progress);
  }

  /** Whether the results tell one class of each image. */
  public boolean isExclusive() {
    return !ImageResults.areSeveral(predicted);
  }

  /** An image without a prediction counts as said to be of no class. */
  private Evaluation severalClasses(Progress progress) {
    ImageResults.Several own = ImageResults.several(predicted);
    Optional<ImageResults.Several> other = against.map(ImageResults::several);
    ClassImages images =
        ClassImages.read(data, index, subset, List.of(), ClassImages.Labels.SEVERAL, reader);
    Set<String> all = new LinkedHashSet<>(images.classes());
    all.addAll(own.words());
    other.ifPresent(o -> all.addAll(o.words()));
    List<String> classes = List.copyOf(all);
    List<String> names = images.samples().names();
    return Evaluation.of(
        labelled(own, images, classes),
        other.map(
            o ->
                new Evaluation.Against<>(
                    against.orElseThrow().toString(), labelled(o, images, classes))),
        own.told().titles(names),
        new Omissions(
            missing(own.told(), own.told(), names),
            other.map(o -> missing(o.told(), own.told(), names)).orElse(List.of()),
            own.told().besides(names),
            List.of(),
            List.of()),
        progress);
  }

  private static ImageScores<MultiLabelMetrics.Outcome> labelled(
      ImageResults.Several results, ClassImages images, List<String> classes) {
    List<String> names = images.samples().names();
    Map<String, Map<String, Double>> told = results.told().of(names);
    Map<String, Map<String, Double>> sure = results.probabilities().of(names);
    ImageScores<MultiLabelMetrics.Outcome> scores =
        new ImageScores<>(() -> new MultiLabelMetrics(classes));
    for (int i = 0; i < names.size(); i++) {
      Set<String> is = new HashSet<>();
      for (int c : images.members().get(i)) is.add(images.classes().get(c));
      Set<String> said = told.getOrDefault(names.get(i), Map.of()).keySet();
      Map<String, Double> p = sure.getOrDefault(names.get(i), Map.of());
      scores.add(
          names.get(i),
          new MultiLabelMetrics.Outcome(
              classes.stream().map(is::contains).toList(),
              classes.stream().map(said::contains).toList(),
              classes.stream().map(c -> p.getOrDefault(c, Double.NaN)).toList()));
    }
    return scores;
  }

  private static ImageScores<ConfusionMatrix.Outcome> classified(
      ImageResults results, ClassImages images, List<String> classes) {
    List<String> names = images.samples().names();
    Map<String, Map<String, Double>> said = results.of(names);
    ImageScores<ConfusionMatrix.Outcome> scores =
        new ImageScores<>(() -> new ConfusionMatrix(classes));
    for (int i = 0; i < names.size(); i++) {
      scores.add(
          names.get(i),
          outcome(said.getOrDefault(names.get(i), Map.of()), images.numbers().get(i), classes));
    }
    return scores;
  }

  /**
   * @param said classes with their probabilities, the most likely first; empty without a prediction
   */
  private static ConfusionMatrix.Outcome outcome(
      Map<String, Double> said, int truth, List<String> classes) {
    if (said.isEmpty()) return new ConfusionMatrix.Outcome(truth, -1, -1, Double.NaN, Double.NaN);
    List<String> ranked = List.copyOf(said.keySet());
    int rank = ranked.indexOf(classes.get(truth));
    // beyond those that are told, it is not known where it is, but that it is not among these
    if (rank < 0 && ranked.size() >= 5) rank = ranked.size();
    return new ConfusionMatrix.Outcome(
        truth,
        classes.indexOf(ranked.get(0)),
        rank,
        said.get(ranked.get(0)),
        said.getOrDefault(classes.get(truth), Double.NaN));
  }

  /**
   * @param own by which images are called
   */
  private static List<String> missing(ImageResults results, ImageResults own, List<String> names) {
    List<String> missing = new ArrayList<>(names);
    missing.removeAll(results.of(names).keySet());
    return titled(missing, own, names);
  }

  private static List<String> titled(
      Collection<String> some, ImageResults own, List<String> names) {
    Function<String, PlaneName> titles = own.titles(names);
    return some.stream().map(name -> titles.apply(name).text()).toList();
  }

  /**
   * Compares what was measured on images. Those without a prediction are left out.
   *
   * @param notes takes sentences about what was left out
   * @throws SpyhopException if nothing can be compared
   * @throws java.util.concurrent.CancellationException if cancelled
   */
  public Evaluation values(Consumer<String> notes, Progress progress) {
    ImageResults own = ImageResults.values(predicted);
    Optional<ImageResults> other = against.map(ImageResults::values);
    List<String> measured = List.copyOf(own.words());
    ValueImages images = ValueImages.read(data, index, subset, measured, Grouping.BY_NAME, reader);
    List<String> names = images.samples().names();
    Set<String> lacking = new LinkedHashSet<>(lacking(own, images));
    other.ifPresent(o -> lacking.addAll(lacking(o, images)));
    List<String> left = titled(lacking, own, names);
    if (!left.isEmpty()) {
      notes.accept(Omissions.named(left, "left out, as not all values of them are predicted"));
    }
    if (lacking.size() == names.size()) {
      throw new SpyhopException(
          Strings.format(
              "%s: nothing is evaluated, as no image has predictions of %s.",
              predicted, String.join(", ", images.names())));
    }
    return Evaluation.of(
        measured(own, images, lacking),
        other.map(
            o ->
                new Evaluation.Against<>(
                    against.orElseThrow().toString(), measured(o, images, lacking))),
        own.titles(names),
        new Omissions(List.of(), List.of(), own.besides(names), left, List.of()),
        progress);
  }

  private static List<String> lacking(ImageResults results, ValueImages images) {
    Map<String, Map<String, Double>> said = results.of(images.samples().names());
    return images.samples().names().stream()
        .filter(n -> !said.getOrDefault(n, Map.of()).keySet().containsAll(images.names()))
        .toList();
  }

  private static ImageScores<RegressionMetrics.Outcome> measured(
      ImageResults results, ValueImages images, Set<String> lacking) {
    List<String> names = images.samples().names();
    Map<String, Map<String, Double>> said = results.of(names);
    ImageScores<RegressionMetrics.Outcome> scores =
        new ImageScores<>(() -> new RegressionMetrics(images.names(), images.units()));
    for (int i = 0; i < names.size(); i++) {
      Map<String, Double> values = said.get(names.get(i));
      if (lacking.contains(names.get(i))) continue;
      RealValues predicted = new RealValues(images.names().stream().map(values::get).toList());
      scores.add(names.get(i), new RegressionMetrics.Outcome(predicted, images.truths().get(i)));
    }
    return scores;
  }
}
