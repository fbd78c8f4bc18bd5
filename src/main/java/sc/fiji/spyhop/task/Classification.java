package sc.fiji.spyhop.task;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.Loss;
import sc.fiji.spyhop.engine.Target;
import sc.fiji.spyhop.engine.TrainingPlan.Objective;
import sc.fiji.spyhop.network.Head;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.prediction.ClassScores;
import sc.fiji.spyhop.task.decode.Outputs;
import sc.fiji.spyhop.task.metrics.ConfusionMatrix;
import sc.fiji.spyhop.task.metrics.Score;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.util.Strings;

/**
 * One class for an image.
 *
 * @param classes names, at least two, all different
 * @param classWeights how much each class counts in training, positive; empty: 1 each
 * @param labelSmoothing share of the target spread over all classes, in [0, 1)
 */
public record Classification(
    @JsonProperty("classes") List<String> classes,
    @JsonProperty("classWeights") List<Double> classWeights,
    @JsonProperty("labelSmoothing") double labelSmoothing)
    implements ClassTask {

  /** Name of the output layer; the logits before it are {@code classes_logits}. */
  public static final String HEAD = "classes";

  /** Share of what is said that is always doubted when networks are compared. */
  private static final double DOUBT = 0.1;

  /**
   * Throws a {@link SpyhopException} if there are not two classes of different names, weights are
   * not one for each, or the smoothing is not from 0 to below 1.
   */
  public Classification {
    classes = List.copyOf(classes);
    classWeights = List.copyOf(classWeights);
    if (classes.size() < 2 || classes.stream().distinct().count() != classes.size()) {
      throw new SpyhopException(
          "Classification: expected at least two classes of different names, received "
              + classes
              + ".");
    }
    if (!classWeights.isEmpty() && classWeights.size() != classes.size()) {
      throw new SpyhopException(
          Strings.format(
              "Classification: expected one weight for each of the %d classes, or none at all, received %d.",
              classes.size(), classWeights.size()));
    }
    if (!classWeights.stream().allMatch(w -> w > 0 && Double.isFinite(w))) {
      throw new SpyhopException(
          "Classification: expected positive class weights, received " + classWeights + ".");
    }
    if (!(labelSmoothing >= 0 && labelSmoothing < 1)) {
      throw new SpyhopException(
          "Classification: expected label smoothing from 0 to below 1, received "
              + labelSmoothing
              + ".");
    }
  }

  /**
   * All classes alike.
   *
   * @param classes names, at least two
   */
  public static Classification of(List<String> classes) {
    return new Classification(classes, List.of(), 0);
  }

  /** All classes alike. */
  public static Classification of(String... classes) {
    return of(List.of(classes));
  }

  /** What an annotator says of images, by the numbers of their classes from 0. */
  public List<ClassScores> truths(int... numbers) {
    return Arrays.stream(numbers).mapToObj(i -> ClassScores.certain(i, classes.size())).toList();
  }

  @Override
  public String kind() {
    return "classification";
  }

  /** One softmax over the classes. */
  @Override
  public List<Head> heads() {
    return List.of(new Head(HEAD, classes.size(), Layer.Function.SOFTMAX));
  }

  @Override
  public List<Objective> objectives() {
    return List.of(
        new Objective(
            heads().get(0).logits(), new Loss.CrossEntropy(classWeights, labelSmoothing), 1));
  }

  @Override
  public Map<String, Target> encode(ClassScores truth) {
    if (truth.classes() != classes.size()) {
      throw new SpyhopException(
          Strings.format(
              "Classification: expected a truth of %d classes, received one of %d.",
              classes.size(), truth.classes()));
    }
    float[] value = {truth.best()};
    return Map.of(heads().get(0).logits(), Target.of(new Tensor(Axes.NC, new int[] {1, 1}, value)));
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
  public boolean exclusive() {
    return true;
  }

  @Override
  public List<Integer> told(ClassScores said) {
    return List.of(said.best());
  }

  /** The most likely class, and if it is not certain, how likely it is. */
  @Override
  public String words(ClassScores said) {
    double sure = said.probability(said.best());
    String name = classes.get(said.best());
    return sure == 1 ? name : Strings.format("%s %.2f", name, sure);
  }

  @Override
  public Optional<List<Integer>> classesOf(ClassScores truth) {
    return Optional.of(List.of(truth.best()));
  }

  /**
   * Value: minus the log loss of probabilities a share of which is spread over all classes, so that
   * it hangs neither on which images are just right, as accuracy does, nor on one that is far
   * wrong.
   */
  @Override
  public Score score(List<ClassScores> predicted, List<ClassScores> truth) {
    ConfusionMatrix counts = new ConfusionMatrix(classes);
    double logLoss = 0;
    double value = 0;
    for (int i = 0; i < truth.size(); i++) {
      int t = truth.get(i).best();
      counts.add(predicted.get(i), t);
      double p = predicted.get(i).probability(t);
      logLoss -= Math.log(Math.max(1e-12, p)) / truth.size();
      value += Math.log((1 - DOUBT) * p + DOUBT / classes.size()) / truth.size();
    }
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put("accuracy", counts.accuracy());
    if (classes.size() > 5) figures.put("top-5 accuracy", counts.topFive());
    figures.put("macro F1", counts.macroF1());
    figures.put("log loss", logLoss);
    return new Score(value, figures);
  }
}
