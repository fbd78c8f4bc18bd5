package sc.fiji.spyhop.task;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.Loss;
import sc.fiji.spyhop.engine.Target;
import sc.fiji.spyhop.engine.TrainingPlan.Objective;
import sc.fiji.spyhop.network.Head;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.prediction.ClassScores;
import sc.fiji.spyhop.task.decode.Outputs;
import sc.fiji.spyhop.task.metrics.MultiLabelMetrics;
import sc.fiji.spyhop.task.metrics.Score;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.util.Strings;

/**
 * Classes for an image that do not exclude each other: it may be of several, or of none. One class
 * alone is whether something is there or not. The network ends with a sigmoid for each class.
 *
 * @param classes names, at least one, all different
 * @param positiveWeights how much an image that is of a class counts in training beside one that is
 *     not, positive, one for each class; empty: 1 each
 * @param labelSmoothing how far targets are brought from 0 and 1 towards one half, in [0, 1)
 * @param thresholds probability from which an image is said to be of a class, in [0, 1], one for
 *     each class; empty: 0.5 each
 */
public record MultiLabelClassification(
    @JsonProperty("classes") List<String> classes,
    @JsonProperty("positiveWeights") List<Double> positiveWeights,
    @JsonProperty("labelSmoothing") double labelSmoothing,
    @JsonProperty("thresholds") List<Double> thresholds)
    implements ClassTask {

  /** Name of the output layer; the logits before it are {@code classes_logits}. */
  public static final String HEAD = "classes";

  private static final String WHAT = "Multi-label classification";

  /** Share of what is said that is always doubted when networks are compared. */
  private static final double DOUBT = 0.1;

  /**
   * Throws a {@link SpyhopException} if there is no class, two have one name or one cannot be told
   * from a list, weights or thresholds are not one for each, or a number is out of its range.
   */
  public MultiLabelClassification {
    classes = List.copyOf(classes);
    positiveWeights = List.copyOf(positiveWeights);
    Thresholds.requireClasses(WHAT, classes);
    thresholds = Thresholds.checked(WHAT, thresholds, classes.size());
    for (String name : classes) {
      if (!name.contains(SEPARATOR) && !name.equalsIgnoreCase(NONE)) continue;
      throw new SpyhopException(
          Strings.format(
              "%s: expected names of classes without \"%s\" other than \"%s\", which says that an"
                  + " image is of no class, received \"%s\".",
              WHAT, SEPARATOR, NONE, name));
    }
    if (!positiveWeights.isEmpty() && positiveWeights.size() != classes.size()) {
      throw new SpyhopException(
          Strings.format(
              "%s: expected one weight for each of the %d classes, or none at all, received %d.",
              WHAT, classes.size(), positiveWeights.size()));
    }
    if (!positiveWeights.stream().allMatch(w -> w > 0 && Double.isFinite(w))) {
      throw new SpyhopException(
          WHAT + ": expected positive weights of classes, received " + positiveWeights + ".");
    }
    if (!(labelSmoothing >= 0 && labelSmoothing < 1)) {
      throw new SpyhopException(
          WHAT + ": expected label smoothing from 0 to below 1, received " + labelSmoothing + ".");
    }
  }

  /**
   * All classes alike, said from one half on.
   *
   * @param classes names, at least one
   */
  public static MultiLabelClassification of(List<String> classes) {
    return new MultiLabelClassification(classes, List.of(), 0, List.of());
  }

  /** The same. */
  public static MultiLabelClassification of(String... classes) {
    return of(List.of(classes));
  }

  /**
   * The same with other weights for images that are of a class.
   *
   * @param weights one for each class, or none
   */
  public MultiLabelClassification withPositiveWeights(List<Double> weights) {
    return new MultiLabelClassification(classes, weights, labelSmoothing, thresholds);
  }

  /** The same with targets that are less sure, from 0 to below 1. */
  public MultiLabelClassification withLabelSmoothing(double share) {
    return new MultiLabelClassification(classes, positiveWeights, share, thresholds);
  }

  /**
   * The same with other probabilities from which an image is said to be of a class.
   *
   * @param values in [0, 1], one for each class
   */
  public MultiLabelClassification withThresholds(List<Double> values) {
    return new MultiLabelClassification(classes, positiveWeights, labelSmoothing, values);
  }

  /**
   * What an annotator says of images, as rows of zeros and ones, of any numbers of ones.
   *
   * @param rows one for each image, with a column for each class
   * @throws SpyhopException if a row has other columns or numbers
   */
  public List<ClassScores> truths(int[]... rows) {
    List<ClassScores> truths = new ArrayList<>();
    for (int[] row : rows) {
      boolean fits =
          row.length == classes.size() && Arrays.stream(row).allMatch(v -> v == 0 || v == 1);
      if (!fits) {
        throw new SpyhopException(
            Strings.format(
                "%s: expected rows of %d zeros or ones, received %s.",
                WHAT, classes.size(), Arrays.toString(row)));
      }
      float[] p = new float[row.length];
      for (int c = 0; c < p.length; c++) p[c] = row[c];
      truths.add(new ClassScores(p));
    }
    return truths;
  }

  /**
   * What an annotator says of images, as an array of zeros and ones such as those of NumPy.
   *
   * @param rows [images, classes]
   * @throws SpyhopException if it has another shape or other numbers
   */
  public List<ClassScores> truths(Tensor rows) {
    if (rows.rank() != 2) {
      throw new SpyhopException(
          Strings.format(
              "%s: expected an array of images and %d classes, received one of shape %s.",
              WHAT, classes.size(), Arrays.toString(rows.shape())));
    }
    int n = rows.size(1);
    int[][] each = new int[rows.size(0)][n];
    for (int i = 0; i < each.length; i++) {
      for (int c = 0; c < n; c++) {
        float value = rows.data()[i * n + c];
        each[i][c] = value == 0 ? 0 : value == 1 ? 1 : -1;
      }
    }
    return truths(each);
  }

  @Override
  public boolean exclusive() {
    return false;
  }

  @Override
  public String kind() {
    return "classification with several classes for an image";
  }

  /** One sigmoid for each class. */
  @Override
  public List<Head> heads() {
    return List.of(new Head(HEAD, classes.size(), Layer.Function.SIGMOID));
  }

  @Override
  public List<Objective> objectives() {
    return List.of(
        new Objective(heads().get(0).logits(), new Loss.BinaryCrossEntropy(positiveWeights), 1));
  }

  /** All classes from one probability on. */
  @Override
  public MultiLabelClassification withThreshold(double value) {
    return withThresholds(Collections.nCopies(classes.size(), value));
  }

  @Override
  public Map<String, Target> encode(ClassScores truth) {
    if (truth.classes() != classes.size()) {
      throw new SpyhopException(
          Strings.format(
              "%s: expected a truth of %d classes, received one of %d.",
              WHAT, classes.size(), truth.classes()));
    }
    float[] values = new float[classes.size()];
    for (int c = 0; c < values.length; c++) {
      values[c] = (float) (truth.probability(c) * (1 - labelSmoothing) + labelSmoothing / 2);
    }
    return Map.of(
        heads().get(0).logits(),
        Target.of(new Tensor(Axes.NC, new int[] {1, values.length}, values)));
  }

  @Override
  public List<ClassScores> decode(List<Tensor> outputs) {
    Outputs.checkVectors(heads(), outputs);
    float[] data = outputs.get(0).data();
    int n = classes.size();
    List<ClassScores> scores = new ArrayList<>();
    for (int at = 0; at < data.length; at += n) {
      scores.add(new ClassScores(Arrays.copyOfRange(data, at, at + n)));
    }
    return scores;
  }

  @Override
  public List<Integer> told(ClassScores said) {
    return IntStream.range(0, classes.size())
        .filter(c -> said.probability(c) >= thresholds.get(c))
        .boxed()
        .toList();
  }

  /** The classes it is said to be of, and if they are not certain, how likely each is. */
  @Override
  public String words(ClassScores said) {
    List<Integer> told = told(said);
    if (told.isEmpty()) return NONE;
    return told.stream()
        .map(
            c ->
                said.probability(c) == 1
                    ? classes.get(c)
                    : Strings.format("%s %.2f", classes.get(c), said.probability(c)))
        .collect(Collectors.joining(SEPARATOR + " "));
  }

  @Override
  public Optional<List<Integer>> classesOf(ClassScores truth) {
    return Optional.of(
        IntStream.range(0, classes.size())
            .filter(c -> truth.probability(c) >= 0.5)
            .boxed()
            .toList());
  }

  @Override
  public boolean calibrates() {
    return true;
  }

  /** With the threshold of each class that gives the largest F1, see {@link Thresholds#best}. */
  @Override
  public MultiLabelClassification calibrate(List<ClassScores> said, List<ClassScores> truth) {
    List<Double> fitted = new ArrayList<>();
    for (int c = 0; c < classes.size(); c++) {
      int index = c;
      fitted.add(
          Thresholds.best(
              said.stream().mapToDouble(s -> s.probability(index)).toArray(),
              truth.stream().map(t -> t.probability(index) >= 0.5).toList(),
              thresholds.get(c)));
    }
    return withThresholds(fitted);
  }

  /**
   * Value: minus the mean binary log loss of probabilities that are always doubted a little, so
   * that it hangs neither on which images are just right nor on one that is far wrong.
   */
  @Override
  public Score score(List<ClassScores> predicted, List<ClassScores> truth) {
    MultiLabelMetrics metrics = new MultiLabelMetrics(classes);
    double logLoss = 0;
    double value = 0;
    int n = truth.size() * classes.size();
    for (int i = 0; i < truth.size(); i++) {
      metrics.add(
          MultiLabelMetrics.Outcome.of(predicted.get(i), told(predicted.get(i)), truth.get(i)));
      for (int c = 0; c < classes.size(); c++) {
        double p = predicted.get(i).probability(c);
        double right = truth.get(i).probability(c) >= 0.5 ? p : 1 - p;
        logLoss -= Math.log(Math.max(1e-12, right)) / n;
        value += Math.log((1 - DOUBT) * right + DOUBT / 2) / n;
      }
    }
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put("macro F1", metrics.macroF1());
    figures.put("micro F1", metrics.microF1());
    figures.put("exact match", metrics.exactMatch());
    figures.put("log loss", logLoss);
    return new Score(value, figures);
  }
}
