package sc.fiji.spyhop.task;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.Loss;
import sc.fiji.spyhop.engine.Target;
import sc.fiji.spyhop.engine.TrainingPlan.Objective;
import sc.fiji.spyhop.image.Tile;
import sc.fiji.spyhop.network.Head;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.prediction.Annotation;
import sc.fiji.spyhop.prediction.ImageSize;
import sc.fiji.spyhop.prediction.Keypoint;
import sc.fiji.spyhop.prediction.KeypointLayout;
import sc.fiji.spyhop.prediction.LocalizedObject;
import sc.fiji.spyhop.prediction.Pose;
import sc.fiji.spyhop.task.decode.Assembler;
import sc.fiji.spyhop.task.decode.CellMap;
import sc.fiji.spyhop.task.decode.Outputs;
import sc.fiji.spyhop.task.metrics.KeypointMetrics;
import sc.fiji.spyhop.task.metrics.Score;
import sc.fiji.spyhop.tensor.Tensor;

/**
 * Named points, one of each name in an image: a heat map for each name that learns a Gaussian of
 * height 1 around the point. The maximum is the point, its height the confidence; its place between
 * cells is the top of the parabola through the logarithms of three neighbours, which is exact for a
 * Gaussian. Points that are absent are learnt as such; those that nobody marked are not.
 *
 * @param layout names, skeleton and mirrored pairs; at least one name
 * @param stride pixels of the input per cell, at least 1
 * @param spread standard deviation of the Gaussian, pixels of the input, positive
 * @param threshold confidence below which a point is said to be absent, in [0, 1]
 */
public record KeypointDetection(
    @JsonProperty("layout") KeypointLayout layout,
    @JsonProperty("stride") int stride,
    @JsonProperty("spread") double spread,
    @JsonProperty("threshold") double threshold)
    implements AnnotationTask {

  /** Name of the output. */
  public static final String HEAD = "keypoints";

  /** Radii of PCK in the score, as multiples of the spread. */
  private static final double[] RADII = {0.5, 1, 2.5};

  private static final int IGNORED = -1;

  /** Where calibration stops: with few absent points to go by, it is not to be strict. */
  private static final double STRICTEST = 0.5;

  /**
   * Throws a {@link SpyhopException} if there is no keypoint, the stride is not from 1 to 64, the
   * spread not above 0, or the threshold not from 0 to 1.
   */
  public KeypointDetection {
    require(!layout.names().isEmpty(), "at least one name", layout.names());
    require(stride >= 1 && stride <= 64, "a stride from 1 to 64", stride);
    require(spread > 0 && spread < 1e4, "a spread above 0", spread);
    require(threshold >= 0 && threshold <= 1, "a threshold from 0 to 1", threshold);
  }

  /**
   * With default settings: a spread of two cells.
   *
   * @param layout names, skeleton and mirrored pairs
   * @param stride pixels of the input per cell, at least 1
   */
  public static KeypointDetection of(KeypointLayout layout, int stride) {
    return new KeypointDetection(layout, stride, 2.0 * stride, 0.1);
  }

  private static void require(boolean condition, String expected, Object received) {
    if (!condition) {
      throw new SpyhopException("Keypoints: expected " + expected + ", received " + received + ".");
    }
  }

  @Override
  public KeypointDetection withThreshold(double value) {
    return new KeypointDetection(layout, stride, spread, value);
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.keypoints(this);
  }

  @Override
  public String kind() {
    return "keypoints";
  }

  @Override
  public List<String> names() {
    return layout.names();
  }

  @Override
  public Annotation relevant(Annotation truth) {
    List<LocalizedObject> around =
        truth.poses().stream().flatMap(p -> p.object().stream()).distinct().toList();
    return new Annotation(truth.size(), around, truth.poses());
  }

  @Override
  public Stream<String> shown(Annotation truth) {
    return truth.poses().stream()
        .flatMap(p -> p.located().stream())
        .map(Keypoint::name)
        .filter(names()::contains);
  }

  @Override
  public Scores scores() {
    return Scores.CONFIDENCE;
  }

  @Override
  public List<Head> heads() {
    return List.of(new Head(HEAD, layout.names().size(), Layer.Function.SIGMOID));
  }

  @Override
  public List<Objective> objectives() {
    return List.of(new Objective(heads().get(0).logits(), new Loss.BinaryCrossEntropy(), 1));
  }

  @Override
  public Map<String, Target> encode(Annotation truth) {
    int w = CellMap.cells(truth.size().width(), stride);
    int h = CellMap.cells(truth.size().height(), stride);
    CellMap heat = CellMap.of(layout.names().size(), w, h);
    for (int c = 0; c < heat.channels(); c++) {
      String name = layout.names().get(c);
      List<Keypoint> points =
          truth.poses().stream().map(p -> p.keypoint(name)).flatMap(Optional::stream).toList();
      if (points.isEmpty()) {
        Arrays.fill(heat.data(), heat.at(c, 0, 0), heat.at(c, 0, 0) + w * h, IGNORED);
      }
      for (Keypoint k : points) {
        if (!k.isLocated()) continue;
        double sigma = spread / stride;
        heat.raise(c, k.x() / stride - 0.5, k.y() / stride - 0.5, sigma, sigma);
      }
    }
    return Map.of(heads().get(0).logits(), Target.of(heat.tensor()));
  }

  @Override
  public Assembler<Annotation> assembler(ImageSize shown) {
    return Assembler.of(
        this::best, parts -> new Annotation(shown, List.of(), List.of(new Pose(reported(parts)))));
  }

  /** The most likely place of each point in the core of a tile. */
  private List<Keypoint> best(Tile tile, List<Tensor> outputs) {
    Outputs.checkMaps(heads(), outputs);
    CellMap heat = CellMap.of(outputs.get(0));
    int x = tile.regionX();
    int y = tile.regionY();
    List<Keypoint> found = new ArrayList<>();
    for (int c = 0; c < layout.names().size(); c++) {
      Keypoint best = unseen(c);
      for (int v = 0; v < heat.height(); v++) {
        for (int u = 0; u < heat.width(); u++) {
          if (heat.get(c, u, v) <= best.confidence()) continue;
          if (!tile.contains(x + (u + 0.5) * stride, y + (v + 0.5) * stride)) continue;
          best = point(heat, c, u, v, x, y);
        }
      }
      found.add(best);
    }
    return found;
  }

  private Keypoint unseen(int c) {
    return new Keypoint(layout.names().get(c), 0, 0, 0, Keypoint.Visibility.VISIBLE);
  }

  private List<Keypoint> reported(List<List<Keypoint>> parts) {
    List<Keypoint> points = new ArrayList<>();
    for (int c = 0; c < layout.names().size(); c++) {
      Keypoint best = unseen(c);
      for (List<Keypoint> part : parts) {
        if (part.get(c).confidence() > best.confidence()) best = part.get(c);
      }
      points.add(reported(best));
    }
    return points;
  }

  private Keypoint reported(Keypoint best) {
    if (best.confidence() > 0 && best.confidence() >= threshold) return best;
    return new Keypoint(
        best.name(), Double.NaN, Double.NaN, 1 - best.confidence(), Keypoint.Visibility.ABSENT);
  }

  @Override
  public Annotation reported(Annotation found) {
    List<Pose> poses =
        found.poses().stream()
            .map(
                p ->
                    new Pose(
                        p.individual(),
                        p.object(),
                        p.keypoints().stream().map(k -> k.isLocated() ? reported(k) : k).toList()))
            .toList();
    return new Annotation(found.size(), found.objects(), poses);
  }

  private Keypoint point(CellMap heat, int c, int u, int v, int x, int y) {
    double value = heat.get(c, u, v);
    double dx = 0;
    double dy = 0;
    if (u > 0 && u + 1 < heat.width()) {
      dx = top(heat.get(c, u - 1, v), value, heat.get(c, u + 1, v));
    }
    if (v > 0 && v + 1 < heat.height()) {
      dy = top(heat.get(c, u, v - 1), value, heat.get(c, u, v + 1));
    }
    return new Keypoint(
        layout.names().get(c),
        x + (u + 0.5 + dx) * stride,
        y + (v + 0.5 + dy) * stride,
        Math.min(1, value),
        Keypoint.Visibility.VISIBLE);
  }

  /** Where the parabola through the logarithms at -1, 0 and 1 is highest, within half a cell. */
  private static double top(double before, double here, double after) {
    if (!(before > 0 && after > 0) || before > here || after > here) return 0;
    double l = Math.log(before / here);
    double r = Math.log(after / here);
    return l + r == 0 ? 0 : (l - r) / (2 * (l + r));
  }

  /** Threshold, at most 0.5, with the best F1 of points within two and a half spreads. */
  @Override
  public KeypointDetection calibrate(List<Annotation> predicted, List<Annotation> truth) {
    double best = 0;
    double at = threshold;
    for (int percent = 5; percent <= 100 * STRICTEST; percent += 5) {
      double f1 = f1(predicted, truth, percent / 100.0);
      if (f1 > best) {
        best = f1;
        at = percent / 100.0;
      }
    }
    return withThreshold(at);
  }

  private double f1(List<Annotation> predicted, List<Annotation> truth, double confidence) {
    int right = 0;
    int said = 0;
    int wanted = 0;
    for (int i = 0; i < truth.size(); i++) {
      for (Pose pose : truth.get(i).poses()) {
        for (Keypoint k : pose.keypoints()) {
          if (k.isLocated()) wanted++;
          Optional<Keypoint> p =
              predicted.get(i).poses().stream()
                  .flatMap(o -> o.located().stream())
                  .filter(o -> o.name().equals(k.name()) && o.confidence() >= confidence)
                  .findFirst();
          if (p.isEmpty()) continue;
          said++;
          double distance = Math.hypot(p.get().x() - k.x(), p.get().y() - k.y());
          if (distance <= RADII[2] * spread) right++;
        }
      }
    }
    return said + wanted == 0 ? 0 : 2.0 * right / (said + wanted);
  }

  /** Value: mean of PCK at three radii, less a little of the median error. */
  @Override
  public Score score(List<Annotation> predicted, List<Annotation> truth) {
    double[] radii = Arrays.stream(RADII).map(r -> r * spread).toArray();
    KeypointMetrics metrics = new KeypointMetrics(radii);
    for (int i = 0; i < truth.size(); i++) {
      metrics.add(predicted.get(i).poses(), truth.get(i).poses());
    }
    List<KeypointMetrics.Figures> all = metrics.figures();
    KeypointMetrics.Figures total = all.get(all.size() - 1);
    Map<String, Double> figures = new LinkedHashMap<>();
    double median = Double.isNaN(total.median()) ? 1e3 * spread : total.median();
    figures.put("median error", median);
    double sum = 0;
    for (double r : radii) {
      figures.put("PCK@" + (r == Math.rint(r) ? String.valueOf((long) r) : r), total.pck().get(r));
      sum += total.pck().get(r);
    }
    return new Score(sum / radii.length - 0.01 * median / spread, figures);
  }
}
