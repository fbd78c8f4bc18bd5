package sc.fiji.spyhop.task;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.Loss;
import sc.fiji.spyhop.engine.Target;
import sc.fiji.spyhop.engine.TrainingPlan.Objective;
import sc.fiji.spyhop.image.GaussianBlur;
import sc.fiji.spyhop.network.Head;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.prediction.Diameters;
import sc.fiji.spyhop.prediction.ImageSize;
import sc.fiji.spyhop.prediction.LabelMap;
import sc.fiji.spyhop.prediction.ObjectClasses;
import sc.fiji.spyhop.prediction.Segmentation;
import sc.fiji.spyhop.prediction.SizeHistogram;
import sc.fiji.spyhop.task.decode.Assembler;
import sc.fiji.spyhop.task.decode.Components;
import sc.fiji.spyhop.task.decode.Distances;
import sc.fiji.spyhop.task.decode.Labels;
import sc.fiji.spyhop.task.decode.Landscapes;
import sc.fiji.spyhop.task.decode.ObjectAssembler;
import sc.fiji.spyhop.task.decode.ObjectEvidence;
import sc.fiji.spyhop.task.decode.ObjectScoring;
import sc.fiji.spyhop.task.decode.Watershed;
import sc.fiji.spyhop.task.metrics.ClassedInstanceMetrics;
import sc.fiji.spyhop.task.metrics.InstanceMetrics;
import sc.fiji.spyhop.task.metrics.Score;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;

/**
 * Objects one by one, touching ones apart. For every pixel the network tells two things: whether it
 * belongs to an object, and how deep it lies in it, as the distance to the edge relative to the
 * deepest point of the object. Every peak of that depth is an object; a watershed gives each its
 * share of the foreground. Where objects are of several classes, it also tells which one each pixel
 * of an object is of; the class of an object is that of the largest sum of probabilities over its
 * pixels. And it may tell how large the object is, which tells the scale of an image.
 *
 * @param classes the names of the classes of objects; the one name that all objects share, if they
 *     have no classes
 * @param foreground probability above which a pixel belongs to an object, in (0, 1)
 * @param smoothing standard deviation in pixels of the Gaussian that the depth is smoothed with
 *     before it is looked at; 0 for none
 * @param peakHeight how far a peak of the depth must rise above the saddle to a higher one to be an
 *     object of its own; positive
 * @param minDepth depth above which peaks may lie
 * @param minArea objects of fewer pixels are dropped
 * @param minProbability objects are dropped whose mean probability of belonging to one is lower, in
 *     [0, 1]
 * @param touchWeight how much pixels near two objects count in training, others counting 1; at
 *     least 1
 * @param overlap see {@link SegmentationTask#overlap}; objects of up to half this diameter are the
 *     same in tiles as in one piece, larger ones are joined where tiles agree
 * @param sized whether the network tells the size of objects
 * @param minScore objects are dropped whose score is lower, in [0, 1], where scores are known
 * @param scoring how likely objects are right
 */
public record InstanceSegmentation(
    @JsonProperty("classes") List<String> classes,
    @JsonProperty("foreground") double foreground,
    @JsonProperty("smoothing") double smoothing,
    @JsonProperty("peakHeight") double peakHeight,
    @JsonProperty("minDepth") double minDepth,
    @JsonProperty("minArea") int minArea,
    @JsonProperty("minProbability") double minProbability,
    @JsonProperty("touchWeight") double touchWeight,
    @JsonProperty("overlap") int overlap,
    @JsonProperty("sized") boolean sized,
    @JsonProperty("minScore") double minScore,
    @JsonProperty("scoring") ObjectScoring scoring)
    implements SegmentationTask {

  private static final Head OBJECT = new Head("object", 1, Layer.Function.SIGMOID);
  private static final Head DEPTH = new Head("depth", 1, Layer.Function.IDENTITY);
  private static final Head SIZE = new Head("size", 1, Layer.Function.IDENTITY);
  private static final String CLASS = "class";

  /** Pixels of two objects within this distance along rows and columns count as near. */
  private static final int TOUCH_RADIUS = 2;

  /** Depth errors beyond this count linearly. */
  private static final double DEPTH_DELTA = 0.1;

  /** Makes an error of the depth about as costly as one of the foreground. */
  private static final double DEPTH_WEIGHT = 3 / DEPTH_DELTA;

  /** How much depth counts inside objects, relative to background. */
  private static final float DEPTH_INSIDE = 3;

  /** Size is told in octaves from a diameter of this many pixels. */
  private static final double SIZE_UNIT = 16;

  /** Size errors beyond this, in octaves, count linearly. */
  private static final double SIZE_DELTA = 0.2;

  /** The size is the least of what is to be learnt. */
  private static final double SIZE_WEIGHT = 0.3 / SIZE_DELTA;

  /** The depth is cut to this before smoothing. */
  private static final float DEPTH_MAX = 1.2f;

  /** Least gain in score for which calibration changes a setting. */
  private static final double CLEARLY = 0.001;

  /** Most times that calibration goes through the settings. */
  private static final int ROUNDS = 4;

  /**
   * Throws a {@link SpyhopException} if there is no class, two have one name, or a number is out of
   * range.
   */
  public InstanceSegmentation {
    classes = List.copyOf(classes);
    if (classes.isEmpty()
        || classes.stream().anyMatch(String::isBlank)
        || classes.stream().distinct().count() != classes.size()) {
      throw new SpyhopException(
          "Instance segmentation: expected one name for the objects, or a different one for each of"
              + " their classes, received "
              + classes
              + ".");
    }
    require(foreground > 0 && foreground < 1, "foreground between 0 and 1", foreground);
    require(smoothing >= 0 && smoothing <= 100, "smoothing from 0 to 100 pixels", smoothing);
    require(peakHeight > 0 && peakHeight <= 1, "peak height above 0, at most 1", peakHeight);
    require(minDepth >= 0 && minDepth <= 1, "minimum depth from 0 to 1", minDepth);
    require(minArea >= 0, "minimum area of 0 or more pixels", minArea);
    require(
        minProbability >= 0 && minProbability <= 1,
        "minimum probability from 0 to 1",
        minProbability);
    require(touchWeight >= 1 && touchWeight <= 1e6, "touch weight of at least 1", touchWeight);
    require(overlap >= 0 && overlap <= 4096, "overlap from 0 to 4096 pixels", overlap);
    require(minScore >= 0 && minScore <= 1, "minimum score from 0 to 1", minScore);
  }

  /** Whose scores are not known. */
  public InstanceSegmentation(
      List<String> classes,
      double foreground,
      double smoothing,
      double peakHeight,
      double minDepth,
      int minArea,
      double minProbability,
      double touchWeight,
      int overlap,
      boolean sized) {
    this(
        classes,
        foreground,
        smoothing,
        peakHeight,
        minDepth,
        minArea,
        minProbability,
        touchWeight,
        overlap,
        sized,
        0,
        ObjectScoring.UNKNOWN);
  }

  private static void require(boolean condition, String expected, Number received) {
    if (condition) return;
    throw new SpyhopException(
        "Instance segmentation: expected a " + expected + ", received " + received + ".");
  }

  /**
   * Settings found good for nuclei of 10 to 60 pixels.
   *
   * @param object what all objects are called
   */
  public static InstanceSegmentation of(String object) {
    return of(List.of(object));
  }

  /**
   * The same for objects of several classes.
   *
   * @param classes names; a single one is what all objects are called
   */
  public static InstanceSegmentation of(List<String> classes) {
    return new InstanceSegmentation(classes, 0.55, 1, 0.1, 0.3, 15, 0.75, 3, 64, false);
  }

  /** The same with a network that tells the size of objects. */
  public InstanceSegmentation withSizes() {
    return withSizes(true);
  }

  /** Whether objects have classes that the network tells. */
  public boolean classed() {
    return classes.size() > 1;
  }

  @Override
  public List<String> types() {
    return classed() ? classes : List.of();
  }

  /** The size of objects tells the scale of an image, before outputs are decoded. */
  @Override
  public InstanceSegmentation decoder() {
    return withSizes(false);
  }

  private InstanceSegmentation withSizes(boolean told) {
    return new InstanceSegmentation(
        classes,
        foreground,
        smoothing,
        peakHeight,
        minDepth,
        minArea,
        minProbability,
        touchWeight,
        overlap,
        told,
        minScore,
        scoring);
  }

  /** The same for objects of other classes, whose scores are not known. */
  public InstanceSegmentation withClasses(List<String> names) {
    return new InstanceSegmentation(
        names,
        foreground,
        smoothing,
        peakHeight,
        minDepth,
        minArea,
        minProbability,
        touchWeight,
        overlap,
        sized);
  }

  /** The same with other scores. */
  public InstanceSegmentation withScoring(ObjectScoring other) {
    return new InstanceSegmentation(
        classes,
        foreground,
        smoothing,
        peakHeight,
        minDepth,
        minArea,
        minProbability,
        touchWeight,
        overlap,
        sized,
        minScore,
        other);
  }

  @Override
  public Adjustment adjustment() {
    return new Adjustment(
        OptionalDouble.of(foreground),
        OptionalDouble.of(peakHeight),
        OptionalDouble.of(minProbability),
        scoring.isKnown() ? OptionalDouble.of(minScore) : OptionalDouble.empty());
  }

  @Override
  public InstanceSegmentation adjusted(Adjustment by) {
    if (by.score().isPresent() && !scoring.isKnown()) {
      throw new SpyhopException(
          "The model tells no scores of objects, so there is no score to be set: it was not"
              + " calibrated for them. Calibrate it with images whose objects are known (Spyhop"
              + " Calibrate Model), or set the probability.");
    }
    return new InstanceSegmentation(
        classes,
        by.threshold().orElse(foreground),
        smoothing,
        by.split().orElse(peakHeight),
        minDepth,
        minArea,
        by.probability().orElse(minProbability),
        touchWeight,
        overlap,
        sized,
        by.score().orElse(minScore),
        scoring);
  }

  @Override
  public String kind() {
    return "segmentation of objects";
  }

  @Override
  public Scores scores() {
    return scoring.isKnown() ? Scores.CALIBRATED : Scores.NONE;
  }

  /**
   * {@code object}: probability of belonging to one; {@code depth}: 0 outside to 1 deepest; {@code
   * class}, where objects have classes: probability of each for a pixel of an object; {@code size}:
   * binary logarithm of the diameter of a circle of the object's area, in units of 16 pixels.
   */
  @Override
  public List<Head> heads() {
    List<Head> heads = new ArrayList<>(List.of(OBJECT, DEPTH));
    if (classed()) heads.add(classHead());
    if (sized) heads.add(SIZE);
    return List.copyOf(heads);
  }

  /** Which of the heads tells the class of objects, if one does. */
  public OptionalInt classPosition() {
    return classed() ? OptionalInt.of(heads().indexOf(classHead())) : OptionalInt.empty();
  }

  private Head classHead() {
    return new Head(CLASS, classes.size(), Layer.Function.SOFTMAX);
  }

  /** Binary cross-entropy for {@code object}, cross-entropy for {@code class}, else Huber. */
  @Override
  public List<Objective> objectives() {
    List<Objective> objectives = new ArrayList<>();
    objectives.add(new Objective(OBJECT.logits(), new Loss.BinaryCrossEntropy(), 1));
    objectives.add(new Objective(DEPTH.logits(), new Loss.Huber(DEPTH_DELTA), DEPTH_WEIGHT));
    if (classed()) {
      objectives.add(new Objective(classHead().logits(), new Loss.CrossEntropy(), 1));
    }
    if (sized) {
      objectives.add(new Objective(SIZE.logits(), new Loss.Huber(SIZE_DELTA), SIZE_WEIGHT));
    }
    return objectives;
  }

  /**
   * Targets of a label image, 0 for background; pixels that are unlabelled have no weight. A label
   * in several pieces (8 neighbours), as cropping leaves it, is taken for as many objects. Depth is
   * {@code (e - 0.5) / (max e - 0.5)}, e being the distance to the centre of the nearest pixel
   * outside the object; everything beyond the image is outside. Pixels that are of no object, or of
   * one whose class is not known, say nothing of classes. Objects at the edge have no size: their
   * rest is not known.
   */
  @Override
  public Map<String, Target> encode(LabelMap truth) {
    int w = truth.width();
    int h = truth.height();
    int[] labels = new int[truth.size()];
    int n = Components.pieces(i -> ignores(truth.get(i)) ? 0 : truth.get(i), w, h, 8, labels);
    boolean[] touching = Labels.touching(labels, w, h, TOUCH_RADIUS);
    float[] depth = Distances.toOutside(labels, n, w, h);
    float[] deepest = new float[n + 1];
    for (int i = 0; i < depth.length; i++) {
      deepest[labels[i]] = Math.max(deepest[labels[i]], depth[i]);
    }
    float[] object = new float[depth.length];
    float[] objectWeights = new float[depth.length];
    float[] depthWeights = new float[depth.length];
    for (int i = 0; i < depth.length; i++) {
      if (ignores(truth.get(i))) continue;
      boolean inside = labels[i] != 0;
      objectWeights[i] = touching[i] ? (float) touchWeight : 1;
      depthWeights[i] = objectWeights[i];
      if (!inside) continue;
      object[i] = 1;
      depth[i] = (depth[i] - 0.5f) / (deepest[labels[i]] - 0.5f);
      depthWeights[i] *= DEPTH_INSIDE;
    }
    Map<String, Target> targets = new LinkedHashMap<>();
    targets.put(OBJECT.logits(), target(w, h, object, objectWeights));
    targets.put(DEPTH.logits(), target(w, h, depth, depthWeights));
    if (classed()) targets.put(classHead().logits(), classTarget(truth));
    if (sized) targets.put(SIZE.logits(), size(labels, n, w, h));
    return targets;
  }

  private Target classTarget(LabelMap truth) {
    float[] numbers = new float[truth.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = ignores(truth.get(i)) ? ObjectClasses.UNKNOWN : truth.classes().of(truth.get(i));
    }
    int[] shape = {1, 1, truth.height(), truth.width()};
    return new Target(new Tensor(Axes.NCHW, shape, numbers), Optional.empty());
  }

  private static Target size(int[] labels, int n, int w, int h) {
    int[] area = new int[n + 1];
    boolean[] cut = new boolean[n + 1];
    cut[0] = true;
    for (int y = 0, i = 0; y < h; y++) {
      for (int x = 0; x < w; x++, i++) {
        area[labels[i]]++;
        cut[labels[i]] |= x == 0 || y == 0 || x == w - 1 || y == h - 1;
      }
    }
    float[] size = new float[labels.length];
    float[] weights = new float[labels.length];
    for (int i = 0; i < size.length; i++) {
      if (cut[labels[i]]) continue;
      size[i] = (float) (Math.log(Diameters.ofArea(area[labels[i]]) / SIZE_UNIT) / Math.log(2));
      weights[i] = 1;
    }
    return target(w, h, size, weights);
  }

  private static Target target(int w, int h, float[] values, float[] weights) {
    int[] shape = {1, 1, h, w};
    return Target.of(new Tensor(Axes.NCHW, shape, values), new Tensor(Axes.NCHW, shape, weights));
  }

  @Override
  public Assembler<Segmentation> assembler(ImageSize shown) {
    return new ObjectAssembler(
        shown.width(),
        shown.height(),
        minArea,
        minProbability,
        scoring,
        minScore,
        heads(),
        classPosition(),
        this::separate);
  }

  /**
   * Takes a region apart.
   *
   * @param outputs of the heads
   * @return 0 for background, 1, 2 ... for objects of any size
   */
  int[] separate(List<Tensor> outputs) {
    float[] object = outputs.get(0).data();
    float[] depth = outputs.get(1).data().clone();
    int w = outputs.get(0).size('W');
    int h = outputs.get(0).size('H');
    for (int i = 0; i < depth.length; i++) depth[i] = Math.max(0, Math.min(DEPTH_MAX, depth[i]));
    depth = GaussianBlur.of(depth, w, h, smoothing);
    boolean[] mask = new boolean[depth.length];
    for (int i = 0; i < mask.length; i++) mask[i] = object[i] > (float) foreground;
    boolean[] peaks = Landscapes.peaks(depth, w, h, peakHeight);
    for (int i = 0; i < peaks.length; i++) peaks[i] &= mask[i] && depth[i] > (float) minDepth;
    int[] labels = new int[depth.length];
    int n = Components.label(peaks, w, h, 8, labels);
    Components.addUnseeded(labels, n, mask, w, h);
    for (int i = 0; i < depth.length; i++) depth[i] = -depth[i];
    Watershed.flood(labels, depth, mask, w, h);
    return labels;
  }

  @Override
  public boolean tellsSizes() {
    return sized;
  }

  /** Each pixel of an object counts as its share of it. */
  @Override
  public void measure(List<Tensor> outputs, SizeHistogram sizes) {
    if (!sized) return;
    float[] object = outputs.get(0).data();
    float[] size = outputs.get(heads().indexOf(SIZE)).data();
    double unit = Math.log(SIZE_UNIT) / Math.log(2);
    for (int i = 0; i < object.length; i++) {
      if (object[i] <= foreground) continue;
      double octaves = unit + size[i];
      sizes.add(octaves, 4 / Math.PI * Math.pow(2, -2 * octaves));
    }
  }

  @Override
  public InstanceSegmentation enlarged(double factor) {
    if (factor == 1) return this;
    return new InstanceSegmentation(
        classes,
        foreground,
        Math.min(100, smoothing * factor),
        peakHeight,
        minDepth,
        (int) Math.min(Integer.MAX_VALUE, Math.rint(minArea * factor * factor)),
        minProbability,
        touchWeight,
        (int) Math.min(4096, Math.ceil(overlap * factor)),
        sized,
        minScore,
        scoring.enlarged(factor));
  }

  /**
   * Value: mean of F1 at IoU 0.5 and of AP averaged over IoU 0.50, 0.55 ... 0.95. Where objects
   * have classes, the mean over the classes of what these are for objects of the class.
   */
  @Override
  public Score score(List<Segmentation> predicted, List<LabelMap> truth) {
    Score blind = blindScore(predicted, truth);
    if (!classed()) return blind;
    ClassedInstanceMetrics metrics = new ClassedInstanceMetrics(classes);
    for (int i = 0; i < truth.size(); i++) metrics.add(predicted.get(i).classified(), truth.get(i));
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put("F1", metrics.meanF1());
    figures.put("mean AP", metrics.meanAp());
    figures.put("F1 of any class", blind.figures().get("F1"));
    return new Score((metrics.meanF1() + metrics.meanAp()) / 2, figures);
  }

  /** Of objects whatever their class. */
  private static Score blindScore(List<Segmentation> predicted, List<LabelMap> truth) {
    InstanceMetrics metrics = new InstanceMetrics();
    for (int i = 0; i < truth.size(); i++) metrics.add(predicted.get(i).labels(), truth.get(i));
    double f1 = metrics.at(50).f1();
    double meanAp = metrics.meanAp();
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put("F1", f1);
    figures.put("mean AP", meanAp);
    return new Score((f1 + meanAp) / 2, figures);
  }

  /**
   * Tries other values of {@code minProbability}, {@code foreground}, {@code smoothing} and {@code
   * peakHeight}, one setting after the other, and keeps those that clearly raise the score; over
   * again until none does, since what suits one setting depends on the others. Classes of objects
   * do not matter. Then fits scores.
   */
  @Override
  public InstanceSegmentation calibrate(List<Said> said) {
    if (said.isEmpty()) return this;
    InstanceSegmentation best = this;
    double score = best.blindly(said);
    for (int round = 0; round < ROUNDS; round++) {
      InstanceSegmentation before = best;
      for (List<UnaryOperator<InstanceSegmentation>> setting : alternatives()) {
        InstanceSegmentation from = best;
        double threshold = score + CLEARLY;
        for (UnaryOperator<InstanceSegmentation> alternative : setting) {
          InstanceSegmentation changed = alternative.apply(from);
          if (changed.equals(from)) continue;
          double value = changed.blindly(said);
          if (value < threshold || value <= score) continue;
          best = changed;
          score = value;
        }
      }
      if (best.equals(before)) break;
    }
    return best.withScoring(best.fitted(said));
  }

  /** How good outlines are, whatever the classes. */
  private double blindly(List<Said> said) {
    return blindScore(
            said.stream().map(s -> enlarged(1 / s.scale()).decode(s.outputs())).toList(),
            said.stream().map(Said::truth).toList())
        .value();
  }

  /** Scores by which objects that are found match true ones. */
  private ObjectScoring fitted(List<Said> said) {
    List<ObjectEvidence> evidence = new ArrayList<>();
    List<Boolean> matched = new ArrayList<>();
    for (Said image : said) {
      List<Tensor> outputs = image.outputs();
      LabelMap found = enlarged(1 / image.scale()).decode(outputs).labels();
      InstanceMetrics.Matches matches = InstanceMetrics.matches(found, image.truth());
      List<ObjectEvidence> all =
          ObjectEvidence.of(found, outputs.get(0).data(), outputs.get(1).data());
      for (int label = 1; label <= all.size(); label++) {
        if (matches.uncounted().contains(label)) continue;
        evidence.add(all.get(label - 1).enlarged(image.scale()));
        matched.add(matches.right().containsKey(label));
      }
    }
    return ObjectScoring.fit(evidence, matched);
  }

  /** What calibration tries, setting by setting. */
  private static List<List<UnaryOperator<InstanceSegmentation>>> alternatives() {
    return List.of(
        alternatives(
            (t, v) -> t.with(t.foreground, t.smoothing, t.peakHeight, v), 0, 0.7, 0.75, 0.8, 0.85),
        alternatives(
            (t, v) -> t.with(v, t.smoothing, t.peakHeight, t.minProbability),
            0.4,
            0.45,
            0.5,
            0.55,
            0.6,
            0.65,
            0.7),
        alternatives(
            (t, v) -> t.with(t.foreground, v, t.peakHeight, t.minProbability), 0.5, 0.75, 1, 1.5),
        alternatives(
            (t, v) -> t.with(t.foreground, t.smoothing, v, t.minProbability),
            0.05,
            0.075,
            0.1,
            0.15));
  }

  private static List<UnaryOperator<InstanceSegmentation>> alternatives(
      BiFunction<InstanceSegmentation, Double, InstanceSegmentation> set, double... values) {
    return Arrays.stream(values)
        .<UnaryOperator<InstanceSegmentation>>mapToObj(v -> t -> set.apply(t, v))
        .toList();
  }

  private InstanceSegmentation with(
      double newForeground, double newSmoothing, double newPeakHeight, double newMinProbability) {
    return new InstanceSegmentation(
        classes,
        newForeground,
        newSmoothing,
        newPeakHeight,
        minDepth,
        minArea,
        newMinProbability,
        touchWeight,
        overlap,
        sized,
        minScore,
        scoring);
  }
}
