package sc.fiji.spyhop.task;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.Loss;
import sc.fiji.spyhop.engine.Target;
import sc.fiji.spyhop.engine.TrainingPlan.Objective;
import sc.fiji.spyhop.image.Tile;
import sc.fiji.spyhop.network.Head;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.prediction.Annotation;
import sc.fiji.spyhop.prediction.Box;
import sc.fiji.spyhop.prediction.Diameters;
import sc.fiji.spyhop.prediction.ImageSize;
import sc.fiji.spyhop.prediction.LocalizedObject;
import sc.fiji.spyhop.prediction.SizeHistogram;
import sc.fiji.spyhop.task.decode.Assembler;
import sc.fiji.spyhop.task.decode.BoxScoring;
import sc.fiji.spyhop.task.decode.CellMap;
import sc.fiji.spyhop.task.decode.NonMaximum;
import sc.fiji.spyhop.task.decode.Outputs;
import sc.fiji.spyhop.task.metrics.DetectionMetrics;
import sc.fiji.spyhop.tensor.Tensor;

/**
 * Boxes of objects, by their centres (Zhou et al. 2019, "Objects as Points"): a heat map of centres
 * for each class, and a box for each cell: offset of its centre from the cell's centre, and the
 * logarithms of its width and height, all in cells.
 *
 * @param classes at least one, all different
 * @param stride pixels of the input per cell, at least 1
 * @param threshold score from which a box is reported, in [0, 1]
 * @param suppression of boxes that are found twice
 * @param most boxes of one image, those with the best scores, at least 1
 * @param sizes how large objects of each class are, as a factor of the median of all; empty: all
 *     alike
 * @param scoring of each class, from the network's confidence to a score; empty: they are the same
 */
public record ObjectCenters(
    @JsonProperty("classes") List<String> classes,
    @JsonProperty("stride") int stride,
    @JsonProperty("threshold") double threshold,
    @JsonProperty("suppression") Suppression suppression,
    @JsonProperty("most") int most,
    @JsonProperty("sizes") List<Double> sizes,
    @JsonProperty("scoring") List<BoxScoring> scoring)
    implements Localization {

  /** Name of the output for centres, and of the one for boxes. */
  public static final String CENTER = "center";

  /** Name of the head of boxes: for each cell two offsets and two logarithms of sizes. */
  public static final String BOX = "box";

  /** Standard deviation of a centre's Gaussian, as a share of the box, and at least, in cells. */
  private static final double SPREAD = 0.1;

  private static final double MIN_SPREAD = 0.7;

  /** Cells learn a box where its Gaussian is at least this. */
  private static final double OWNED = 0.3;

  /** Errors beyond this, in cells, count linearly. */
  private static final double DELTA = 0.2;

  /** Makes a box's error count like the sum of its four linear errors. */
  private static final double BOX_WEIGHT = 4 / DELTA;

  private static final double LONGEST = Math.log(1 << 14);

  /**
   * What becomes of a box that overlaps a better one of its class.
   *
   * @param soft its score is multiplied by 1 - IoU (Bodla et al. 2017, linear) instead of dropped
   * @param overlap IoU above which that happens, in [0, 1]
   */
  public record Suppression(
      @JsonProperty("soft") boolean soft, @JsonProperty("overlap") double overlap) {
    /** Throws a {@link SpyhopException} if the overlap is not from 0 to 1. */
    public Suppression {
      require(overlap >= 0 && overlap <= 1, "an overlap from 0 to 1", overlap);
    }
  }

  /**
   * Throws a {@link SpyhopException} if there is no class, two have one name, the stride is not
   * from 1 to 64, or another number is out of range.
   */
  public ObjectCenters {
    classes = List.copyOf(classes);
    require(
        !classes.isEmpty()
            && classes.stream().noneMatch(String::isBlank)
            && classes.stream().distinct().count() == classes.size(),
        "names of classes, all different",
        classes);
    require(stride >= 1 && stride <= 64, "a stride from 1 to 64", stride);
    require(threshold >= 0 && threshold <= 1, "a threshold from 0 to 1", threshold);
    require(most >= 1, "at least one box", most);
    sizes = sizes == null ? List.of() : List.copyOf(sizes);
    require(
        (sizes.isEmpty() || sizes.size() == classes.size())
            && sizes.stream().allMatch(s -> s > 0 && s <= 1e6),
        "a positive size for each class",
        sizes);
    scoring = List.copyOf(scoring);
    require(
        scoring.isEmpty() || scoring.size() == classes.size(), "scores for each class", scoring);
  }

  /** Of classes that are alike in size. */
  public ObjectCenters(
      List<String> classes, int stride, double threshold, Suppression suppression, int most) {
    this(classes, stride, threshold, suppression, most, List.of(), List.of());
  }

  /**
   * With default settings.
   *
   * @param classes names, at least one
   * @param stride pixels of the input per cell, at least 1
   */
  public static ObjectCenters of(List<String> classes, int stride) {
    return new ObjectCenters(classes, stride, 0.3, new Suppression(false, 0.6), 300);
  }

  private static void require(boolean condition, String expected, Object received) {
    if (!condition) {
      throw new SpyhopException(
          "Localization: expected " + expected + ", received " + received + ".");
    }
  }

  @Override
  public ObjectCenters withThreshold(double value) {
    return new ObjectCenters(classes, stride, value, suppression, most, sizes, scoring);
  }

  /** A box is suppressed by better ones alone, so that worse ones can be left out afterwards. */
  @Override
  public Annotation reported(Annotation found) {
    List<LocalizedObject> objects =
        found.objects().stream().filter(o -> o.score() >= threshold).toList();
    return new Annotation(found.size(), objects, found.poses());
  }

  @Override
  public boolean tellsParts() {
    return true;
  }

  /** The same with sizes of the classes; see there. */
  public ObjectCenters withSizes(List<Double> values) {
    return new ObjectCenters(classes, stride, threshold, suppression, most, values, scoring);
  }

  /** The same with other scores. */
  public ObjectCenters withScoring(List<BoxScoring> values) {
    return new ObjectCenters(classes, stride, threshold, suppression, most, sizes, values);
  }

  @Override
  public ObjectCenters uncalibrated() {
    return withScoring(List.of());
  }

  private BoxScoring scoring(int type) {
    return scoring.isEmpty() ? BoxScoring.SAME : scoring.get(type);
  }

  /** Confidence from which a box of a class is reported. */
  private double confidence(int type) {
    return scoring(type).confidence(threshold);
  }

  @Override
  public Scores scores() {
    return scoring.isEmpty() ? Scores.CONFIDENCE : Scores.CALIBRATED;
  }

  @Override
  public List<Head> heads() {
    return List.of(
        new Head(CENTER, classes.size(), Layer.Function.SIGMOID),
        new Head(BOX, 4, Layer.Function.IDENTITY));
  }

  @Override
  public List<Objective> objectives() {
    return List.of(
        new Objective(heads().get(0).logits(), new Loss.Focal(), 1),
        new Objective(BOX, new Loss.Huber(DELTA), BOX_WEIGHT));
  }

  /** Boxes whose centre lies outside are left out. */
  @Override
  public Map<String, Target> encode(Annotation truth) {
    int w = CellMap.cells(truth.size().width(), stride);
    int h = CellMap.cells(truth.size().height(), stride);
    CellMap centers = CellMap.of(classes.size(), w, h);
    CellMap boxes = CellMap.of(4, w, h);
    CellMap weights = CellMap.of(1, w, h);
    for (LocalizedObject o : truth.objects()) {
      int c = classes.indexOf(o.type());
      require(c >= 0, "objects of the classes " + classes, o.type());
      double x = o.box().centerX() / stride;
      double y = o.box().centerY() / stride;
      int u = (int) Math.floor(x);
      int v = (int) Math.floor(y);
      if (u < 0 || v < 0 || u >= w || v >= h) continue;
      double width = o.box().width() / stride;
      double height = o.box().height() / stride;
      double sx = Math.max(MIN_SPREAD, SPREAD * width);
      double sy = Math.max(MIN_SPREAD, SPREAD * height);
      centers.raise(c, u, v, sx, sy);
      boxes.gaussian(
          u,
          v,
          sx,
          sy,
          (i, j, g) -> {
            if (g < OWNED || g <= weights.get(0, i, j)) return;
            weights.data()[weights.at(0, i, j)] = (float) g;
            boxes.data()[boxes.at(0, i, j)] = (float) (x - i - 0.5);
            boxes.data()[boxes.at(1, i, j)] = (float) (y - j - 0.5);
            boxes.data()[boxes.at(2, i, j)] = (float) Math.log(width);
            boxes.data()[boxes.at(3, i, j)] = (float) Math.log(height);
          });
    }
    return Map.of(
        heads().get(0).logits(),
        Target.of(centers.tensor()),
        BOX,
        Target.of(boxes.tensor(), weights.tensor()));
  }

  @Override
  public Assembler<Annotation> assembler(ImageSize shown) {
    return Assembler.of(
        this::peaks,
        found ->
            new Annotation(
                shown,
                scored(suppressed(found.stream().flatMap(List::stream).toList())),
                List.of()));
  }

  private List<LocalizedObject> peaks(Tile tile, List<Tensor> outputs) {
    Outputs.checkMaps(heads(), outputs);
    CellMap centers = CellMap.of(outputs.get(0));
    CellMap boxes = CellMap.of(outputs.get(1));
    int x = tile.regionX();
    int y = tile.regionY();
    List<LocalizedObject> found = new ArrayList<>();
    for (int c = 0; c < centers.channels(); c++) {
      double confidence = confidence(c);
      for (int v = 0; v < centers.height(); v++) {
        for (int u = 0; u < centers.width(); u++) {
          float score = centers.get(c, u, v);
          if (score < confidence || score <= 0) continue;
          if (!tile.contains(x + (u + 0.5) * stride, y + (v + 0.5) * stride)) continue;
          if (!centers.isPeak(c, u, v)) continue;
          found.add(
              new LocalizedObject(
                  box(boxes, u, v).shifted(x, y), classes.get(c), Math.min(1, score)));
        }
      }
    }
    return found;
  }

  private Box box(CellMap boxes, int u, int v) {
    double width = length(boxes.get(2, u, v));
    double height = length(boxes.get(3, u, v));
    double x = (u + 0.5 + boxes.get(0, u, v)) * stride;
    double y = (v + 0.5 + boxes.get(1, u, v)) * stride;
    return new Box(x - width / 2, y - height / 2, width, height);
  }

  private double length(double logarithm) {
    return stride * Math.exp(Math.max(-LONGEST, Math.min(LONGEST, logarithm)));
  }

  @Override
  public boolean tellsSizes() {
    return true;
  }

  @Override
  public boolean knowsOneSize() {
    return true;
  }

  /**
   * An object of a class of larger or smaller ones counts as if it were of the median one; one that
   * is sure, for several that are not.
   */
  @Override
  public void measure(List<Tensor> outputs, SizeHistogram found) {
    int width = stride * outputs.get(0).size('W');
    int height = stride * outputs.get(0).size('H');
    for (LocalizedObject o :
        suppressed(peaks(new Tile(0, 0, width, height, 0, 0, width, height), outputs))) {
      double relative = sizes.isEmpty() ? 1 : sizes.get(classes.indexOf(o.type()));
      double diameter = Diameters.ofBox(o.box()) / relative;
      found.add(Math.log(diameter) / Math.log(2), Math.pow(o.score(), 3));
    }
  }

  /** With scores instead of confidences, best first. */
  private List<LocalizedObject> scored(List<LocalizedObject> found) {
    if (scoring.isEmpty()) return found;
    return found.stream()
        .map(o -> o.withScore(scoring(classes.indexOf(o.type())).score(o.score())))
        .filter(o -> o.score() >= threshold)
        .sorted(Comparator.comparingDouble(o -> -o.score()))
        .toList();
  }

  /** Non-maximum suppression, class by class; best confidence first. */
  private List<LocalizedObject> suppressed(List<LocalizedObject> found) {
    return NonMaximum.suppressed(
        found,
        suppression.overlap,
        suppression.soft,
        most,
        type -> confidence(classes.indexOf(type)));
  }

  /** Scores of each class, and the threshold with the best mean over classes of F1 at IoU 0.5. */
  @Override
  public ObjectCenters calibrate(List<Annotation> predicted, List<Annotation> truth) {
    if (truth.isEmpty()) return this;
    DetectionMetrics confidences = Localization.metrics(predicted, truth);
    ObjectCenters fitted =
        withScoring(classes.stream().map(c -> fitted(confidences.outcomes(c))).toList());
    List<Annotation> scored =
        predicted.stream()
            .map(
                a ->
                    new Annotation(
                        a.size(), fitted.withThreshold(0).scored(a.objects()), a.poses()))
            .toList();
    return fitted.withThreshold(fitted.best(Localization.metrics(scored, truth)));
  }

  private static BoxScoring fitted(List<DetectionMetrics.Outcome> boxes) {
    return BoxScoring.fit(
        boxes.stream().map(DetectionMetrics.Outcome::score).toList(),
        boxes.stream().map(DetectionMetrics.Outcome::right).toList());
  }

  private double best(DetectionMetrics metrics) {
    List<String> types = metrics.figures().stream().map(DetectionMetrics.Figures::type).toList();
    double best = 0;
    double at = threshold;
    for (int percent = 5; percent <= 90; percent++) {
      double t = percent / 100.0;
      double f1 = types.stream().mapToDouble(c -> metrics.at(c, t).f1()).average().orElse(0);
      if (f1 > best) {
        best = f1;
        at = t;
      }
    }
    return at;
  }
}
