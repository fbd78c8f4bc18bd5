package sc.fiji.spyhop.task;

import com.fasterxml.jackson.annotation.JsonProperty;
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
import sc.fiji.spyhop.prediction.ImageSize;
import sc.fiji.spyhop.prediction.LabelMap;
import sc.fiji.spyhop.prediction.Segmentation;
import sc.fiji.spyhop.task.decode.Assembler;
import sc.fiji.spyhop.task.decode.ClassAssembler;
import sc.fiji.spyhop.task.metrics.ClassMetrics;
import sc.fiji.spyhop.task.metrics.Score;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;

/**
 * One class for every pixel. Truth and prediction hold class numbers; 0 is the first class, by
 * custom the background.
 *
 * @param classes names, at least two; the first is background
 * @param classWeights how much each class counts in the cross-entropy, positive; empty: 1 each
 * @param ignored truth value, besides {@link LabelMap#UNLABELLED}, of pixels that were not
 *     annotated, which train nothing and are not scored; negative: no other
 * @param diceWeight weight of the Dice loss beside that of 1 for the cross-entropy; 0 for none
 */
public record SemanticSegmentation(
    @JsonProperty("classes") List<String> classes,
    @JsonProperty("classWeights") List<Double> classWeights,
    @JsonProperty("ignored") int ignored,
    @JsonProperty("diceWeight") double diceWeight)
    implements SegmentationTask {

  private static final String HEAD = "classes";

  /**
   * Throws a {@link SpyhopException} if there are not two classes of different names, or weights
   * are not one for each.
   */
  public SemanticSegmentation {
    classes = List.copyOf(classes);
    classWeights = List.copyOf(classWeights);
    if (classes.size() < 2 || classes.stream().distinct().count() != classes.size()) {
      throw new SpyhopException(
          "Semantic segmentation: expected at least two classes of different names (the first is"
              + " background), received "
              + classes
              + ".");
    }
    if (!classWeights.isEmpty() && classWeights.size() != classes.size()) {
      throw new SpyhopException(
          "Semantic segmentation: expected one weight for each of the "
              + classes.size()
              + " classes, or none at all, received "
              + classWeights.size()
              + ".");
    }
    if (!classWeights.stream().allMatch(w -> w > 0 && Double.isFinite(w))) {
      throw new SpyhopException(
          "Semantic segmentation: expected positive class weights, received " + classWeights + ".");
    }
    if (!(diceWeight >= 0) || Double.isInfinite(diceWeight)) {
      throw new SpyhopException(
          "Semantic segmentation: expected a Dice weight of 0 or more, received "
              + diceWeight
              + ".");
    }
  }

  /**
   * Equal class weights, all pixels annotated, cross-entropy and Dice in equal parts.
   *
   * @param classes names, at least two, the background first
   */
  public static SemanticSegmentation of(List<String> classes) {
    return new SemanticSegmentation(classes, List.of(), -1, 1);
  }

  /** The same. */
  public static SemanticSegmentation of(String... classes) {
    return of(List.of(classes));
  }

  @Override
  public String kind() {
    return "segmentation of classes";
  }

  @Override
  public List<String> labelClasses() {
    return classes;
  }

  @Override
  public SemanticSegmentation decoder() {
    return this;
  }

  /** The most probable class is taken: there is nothing to adjust. */
  @Override
  public Adjustment adjustment() {
    return Adjustment.NONE;
  }

  @Override
  public SemanticSegmentation adjusted(Adjustment by) {
    by.refuse(kind());
    return this;
  }

  /** One softmax over the classes. */
  @Override
  public List<Head> heads() {
    return List.of(new Head(HEAD, classes.size(), Layer.Function.SOFTMAX));
  }

  @Override
  public List<Objective> objectives() {
    String logits = heads().get(0).logits();
    Objective entropy = new Objective(logits, new Loss.CrossEntropy(classWeights, 0), 1);
    return diceWeight == 0
        ? List.of(entropy)
        : List.of(entropy, new Objective(logits, new Loss.Dice(), diceWeight));
  }

  @Override
  public Map<String, Target> encode(LabelMap truth) {
    float[] values = new float[truth.size()];
    for (int i = 0; i < values.length; i++) {
      int label = truth.get(i);
      values[i] = ignores(label) ? -1 : check(label);
    }
    Map<String, Target> targets = new LinkedHashMap<>();
    int[] shape = {1, 1, truth.height(), truth.width()};
    targets.put(
        heads().get(0).logits(),
        new Target(new Tensor(Axes.NCHW, shape, values), Optional.empty()));
    return targets;
  }

  @Override
  public boolean ignores(int label) {
    return label == ignored || label == LabelMap.UNLABELLED;
  }

  private int check(int label) {
    if (label >= classes.size()) {
      throw new SpyhopException(
          "Label image: expected class numbers from 0 to "
              + (classes.size() - 1)
              + " ("
              + String.join(", ", classes)
              + "), received "
              + label
              + ". Give as many class names as there are labels; or if this label stands for pixels"
              + " that nobody has labelled, give ignore="
              + label
              + ", or write it into a column unknown of index.csv.");
    }
    return label;
  }

  @Override
  public Assembler<Segmentation> assembler(ImageSize shown) {
    return new ClassAssembler(shown.width(), shown.height(), heads().get(0));
  }

  /** Value: mean IoU over the classes present in truth or prediction. */
  @Override
  public Score score(List<Segmentation> predicted, List<LabelMap> truth) {
    ClassMetrics metrics = new ClassMetrics(classes.size(), this::ignores);
    for (int i = 0; i < truth.size(); i++) metrics.add(predicted.get(i).labels(), truth.get(i));
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put("mean IoU", metrics.meanIou());
    figures.put("mean Dice", metrics.meanDice());
    figures.put("pixel accuracy", metrics.accuracy());
    return new Score(metrics.meanIou(), figures);
  }
}
