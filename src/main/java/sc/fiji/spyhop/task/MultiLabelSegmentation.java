package sc.fiji.spyhop.task;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.Loss;
import sc.fiji.spyhop.engine.Target;
import sc.fiji.spyhop.engine.TrainingPlan.Objective;
import sc.fiji.spyhop.network.Head;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.prediction.ImageSize;
import sc.fiji.spyhop.prediction.LabelMap;
import sc.fiji.spyhop.prediction.Overlaps;
import sc.fiji.spyhop.prediction.Segmentation;
import sc.fiji.spyhop.task.decode.Assembler;
import sc.fiji.spyhop.task.decode.MultiLabelAssembler;
import sc.fiji.spyhop.task.metrics.OverlapMetrics;
import sc.fiji.spyhop.task.metrics.Score;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.util.Strings;

/**
 * Classes of pixels that may lie over each other: a pixel may be of several, or of none. One class
 * alone is a binary segmentation. Truth and prediction hold sets of classes, see {@link Overlaps}.
 *
 * @param classes names, from one to {@link Overlaps#MAX_CLASSES}; background is none of them
 * @param positiveWeights how much a pixel that is of a class counts in the cross-entropy beside one
 *     that is not, positive, one for each class; empty: 1 each
 * @param diceWeight weight of the Dice loss beside that of 1 for the cross-entropy; 0 for none
 * @param thresholds probability from which a pixel is of a class, in [0, 1], one for each; empty:
 *     0.5 each
 */
public record MultiLabelSegmentation(
    @JsonProperty("classes") List<String> classes,
    @JsonProperty("positiveWeights") List<Double> positiveWeights,
    @JsonProperty("diceWeight") double diceWeight,
    @JsonProperty("thresholds") List<Double> thresholds)
    implements SegmentationTask {

  /** What pixels that are of no class are called. */
  public static final String BACKGROUND = "background";

  private static final String HEAD = "classes";
  private static final String WHAT = "Multi-label segmentation";

  /** Thresholds that are tried are so many parts of 1. */
  private static final int BINS = 200;

  /**
   * Throws a {@link SpyhopException} if there is no class, there are more than bits of a label, two
   * have one name, weights or thresholds are not one for each, or a number is out of its range.
   */
  public MultiLabelSegmentation {
    classes = List.copyOf(classes);
    positiveWeights = List.copyOf(positiveWeights);
    Thresholds.requireClasses(WHAT, classes);
    if (classes.size() > Overlaps.MAX_CLASSES) {
      throw new SpyhopException(
          Strings.format(
              "%s: expected at most %d classes that may lie over each other, received %d.",
              WHAT, Overlaps.MAX_CLASSES, classes.size()));
    }
    thresholds = Thresholds.checked(WHAT, thresholds, classes.size());
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
    if (!(diceWeight >= 0) || Double.isInfinite(diceWeight)) {
      throw new SpyhopException(
          WHAT + ": expected a Dice weight of 0 or more, received " + diceWeight + ".");
    }
  }

  /**
   * All classes alike, cross-entropy and Dice in equal parts, said from one half on.
   *
   * @param classes names, at least one, without background
   */
  public static MultiLabelSegmentation of(List<String> classes) {
    return new MultiLabelSegmentation(classes, List.of(), 1, List.of());
  }

  /** The same. */
  public static MultiLabelSegmentation of(String... classes) {
    return of(List.of(classes));
  }

  /**
   * The same with other probabilities from which a pixel is of a class.
   *
   * @param values in [0, 1], one for each class
   */
  public MultiLabelSegmentation withThresholds(List<Double> values) {
    return new MultiLabelSegmentation(classes, positiveWeights, diceWeight, values);
  }

  /** All classes from one probability on. */
  @Override
  public MultiLabelSegmentation withThreshold(double value) {
    return withThresholds(Collections.nCopies(classes.size(), value));
  }

  @Override
  public String kind() {
    return "segmentation of classes that may lie over each other";
  }

  /** Background first: a region of a class has its place among these as its label. */
  @Override
  public List<String> labelClasses() {
    List<String> all = new ArrayList<>(List.of(BACKGROUND));
    all.addAll(classes);
    return List.copyOf(all);
  }

  @Override
  public int labelCount() {
    return Overlaps.bit(classes.size());
  }

  @Override
  public List<Integer> classesOf(int label) {
    return Overlaps.classes(label);
  }

  @Override
  public List<String> mapNames() {
    return classes;
  }

  @Override
  public MultiLabelSegmentation decoder() {
    return this;
  }

  /** The threshold, if all classes have the same. */
  @Override
  public Adjustment adjustment() {
    if (new HashSet<>(thresholds).size() > 1) return Adjustment.NONE;
    return new Adjustment(
        OptionalDouble.of(thresholds.get(0)),
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        OptionalDouble.empty());
  }

  /** One threshold for all classes. */
  @Override
  public MultiLabelSegmentation adjusted(Adjustment by) {
    new Adjustment(OptionalDouble.empty(), by.split(), by.probability(), by.score()).refuse(kind());
    return by.threshold().isPresent() ? withThreshold(by.threshold().getAsDouble()) : this;
  }

  /** One sigmoid for each class. */
  @Override
  public List<Head> heads() {
    return List.of(new Head(HEAD, classes.size(), Layer.Function.SIGMOID));
  }

  @Override
  public List<Objective> objectives() {
    String logits = heads().get(0).logits();
    Objective entropy = new Objective(logits, new Loss.BinaryCrossEntropy(positiveWeights), 1);
    return diceWeight == 0
        ? List.of(entropy)
        : List.of(entropy, new Objective(logits, new Loss.SigmoidDice(), diceWeight));
  }

  @Override
  public Map<String, Target> encode(LabelMap truth) {
    int n = classes.size();
    int plane = truth.size();
    float[] values = new float[n * plane];
    for (int i = 0; i < plane; i++) {
      int label = truth.get(i);
      if (label >= labelCount() && !ignores(label)) {
        throw new SpyhopException(
            Strings.format(
                "%s: expected sets of the %d classes %s, received the label %d.",
                WHAT, n, String.join(", ", classes), label));
      }
      for (int c = 0; c < n; c++) {
        values[c * plane + i] = ignores(label) ? -1 : Overlaps.has(label, c) ? 1 : 0;
      }
    }
    int[] shape = {1, n, truth.height(), truth.width()};
    return Map.of(heads().get(0).logits(), Target.of(new Tensor(Axes.NCHW, shape, values)));
  }

  @Override
  public Assembler<Segmentation> assembler(ImageSize shown) {
    return new MultiLabelAssembler(shown.width(), shown.height(), heads().get(0), thresholds);
  }

  /** With the threshold of each class that gives the largest Dice, of all pixels together. */
  @Override
  public MultiLabelSegmentation calibrate(List<Said> said) {
    if (said.isEmpty()) return this;
    List<Double> fitted = new ArrayList<>();
    for (int c = 0; c < classes.size(); c++) {
      long[] in = new long[BINS + 1];
      long[] out = new long[BINS + 1];
      for (Said one : said) {
        float[] p = one.outputs().get(0).data();
        int plane = one.truth().size();
        for (int i = 0; i < plane; i++) {
          int label = one.truth().get(i);
          if (ignores(label)) continue;
          int bin = (int) Math.max(0, Math.min(BINS, Math.floor(p[c * plane + i] * BINS)));
          (Overlaps.has(label, c) ? in : out)[bin]++;
        }
      }
      fitted.add(best(in, out, thresholds.get(c)));
    }
    return withThresholds(fitted);
  }

  /**
   * @param in pixels of the class by their probability
   * @param out those that are not
   */
  private static double best(long[] in, long[] out, double before) {
    long positive = 0;
    long negative = 0;
    for (long n : in) positive += n;
    for (long n : out) negative += n;
    if (positive == 0 || negative == 0) return before;
    double bestDice = -1;
    double best = before;
    long hits = 0;
    long alarms = 0;
    for (int bin = BINS; bin > 0; bin--) {
      hits += in[bin];
      alarms += out[bin];
      double dice = 2.0 * hits / (positive + hits + alarms);
      double threshold = (double) bin / BINS;
      boolean nearer = Math.abs(threshold - 0.5) < Math.abs(best - 0.5);
      if (dice > bestDice || dice == bestDice && nearer) {
        bestDice = dice;
        best = threshold;
      }
    }
    return best;
  }

  /** Value: mean IoU over the classes present in truth or prediction. */
  @Override
  public Score score(List<Segmentation> predicted, List<LabelMap> truth) {
    OverlapMetrics metrics = new OverlapMetrics(classes);
    for (int i = 0; i < truth.size(); i++) metrics.add(predicted.get(i).labels(), truth.get(i));
    double iou = Double.isNaN(metrics.meanIou()) ? 0 : metrics.meanIou();
    double dice = Double.isNaN(metrics.meanDice()) ? 0 : metrics.meanDice();
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put("mean IoU", iou);
    figures.put("mean Dice", dice);
    figures.put("exact pixels", metrics.exactMatch());
    return new Score(iou, figures);
  }
}
