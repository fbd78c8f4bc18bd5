package sc.fiji.spyhop.task.metrics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import sc.fiji.spyhop.prediction.Keypoint;
import sc.fiji.spyhop.prediction.Pose;
import sc.fiji.spyhop.util.Strings;

/**
 * How far predicted keypoints are from true ones, in pixels. Median, mean, root mean square, 90th
 * percentile (linear between ranks) and maximum are over the points that were predicted; PCK@r is
 * the share of all true points that were predicted within r pixels, so that a missing one is a
 * miss. Predicted points that are not in the truth are spurious.
 */
public final class KeypointMetrics implements Pooled<KeypointMetrics> {

  /** What the figures over all points are called. */
  public static final String ALL = "ALL";

  private final double[] radii;
  private final Map<String, Tally> tallies = new LinkedHashMap<>();
  private final Map<String, Integer> spurious = new LinkedHashMap<>();
  private int images;

  private static final class Tally {
    int points;
    final List<Double> errors = new ArrayList<>();

    void add(Tally other) {
      points += other.points;
      errors.addAll(other.errors);
    }
  }

  /**
   * Of no images yet.
   *
   * @param radii pixels, for PCK
   */
  public KeypointMetrics(double... radii) {
    this.radii = radii.clone();
  }

  /**
   * Takes in an image. With at most one true pose, the predicted point with the highest confidence
   * counts for each name, whatever pose it is in; with several, poses are paired first, the closest
   * two (by mean distance of the points they share) before all others.
   */
  public void add(List<Pose> predicted, List<Pose> truth) {
    images++;
    if (truth.size() <= 1) {
      compare(best(predicted), truth.isEmpty() ? List.of() : truth.get(0).located());
      return;
    }
    List<Pose> free = new ArrayList<>(predicted);
    List<Pose> open = new ArrayList<>(truth);
    while (!open.isEmpty() && !free.isEmpty()) {
      Pose bestTruth = null;
      Pose bestFree = null;
      double least = Double.POSITIVE_INFINITY;
      for (Pose t : open) {
        for (Pose p : free) {
          double distance = distance(p, t);
          if (distance < least) {
            least = distance;
            bestTruth = t;
            bestFree = p;
          }
        }
      }
      if (bestTruth == null) break;
      open.remove(bestTruth);
      free.remove(bestFree);
      compare(bestFree.located(), bestTruth.located());
    }
    open.forEach(t -> compare(List.of(), t.located()));
    free.forEach(p -> compare(p.located(), List.of()));
  }

  /** Adds all images that another was given. */
  @Override
  public void add(KeypointMetrics other) {
    images += other.images;
    other.tallies.forEach((name, t) -> tallies.computeIfAbsent(name, n -> new Tally()).add(t));
    other.spurious.forEach((name, n) -> spurious.merge(name, n, Integer::sum));
  }

  private static List<Keypoint> best(List<Pose> poses) {
    Map<String, Keypoint> best = new LinkedHashMap<>();
    for (Pose pose : poses) {
      for (Keypoint k : pose.located()) {
        best.merge(k.name(), k, (a, b) -> b.confidence() > a.confidence() ? b : a);
      }
    }
    return List.copyOf(best.values());
  }

  /** Infinite without a common point. */
  private static double distance(Pose a, Pose b) {
    double sum = 0;
    int n = 0;
    for (Keypoint k : a.located()) {
      Optional<Keypoint> other = b.keypoint(k.name()).filter(Keypoint::isLocated);
      if (other.isEmpty()) continue;
      sum += distance(k, other.get());
      n++;
    }
    return n == 0 ? Double.POSITIVE_INFINITY : sum / n;
  }

  private static double distance(Keypoint a, Keypoint b) {
    return Math.hypot(a.x() - b.x(), a.y() - b.y());
  }

  private void compare(List<Keypoint> predicted, List<Keypoint> truth) {
    Set<String> named = new LinkedHashSet<>();
    for (Keypoint t : truth) {
      named.add(t.name());
      Tally tally = tallies.computeIfAbsent(t.name(), n -> new Tally());
      tally.points++;
      predicted.stream()
          .filter(p -> p.name().equals(t.name()))
          .findFirst()
          .ifPresent(p -> tally.errors.add(distance(p, t)));
    }
    for (Keypoint p : predicted) {
      if (!named.contains(p.name())) spurious.merge(p.name(), 1, Integer::sum);
    }
  }

  /**
   * Figures of one keypoint or of all; errors in pixels, NaN if nothing was predicted.
   *
   * @param points number of true ones
   * @param pck by radius, in [0, 1]
   */
  public record Figures(
      String name,
      int points,
      int missing,
      int spurious,
      double median,
      double mean,
      double rmse,
      double p90,
      double max,
      Map<Double, Double> pck) {}

  /** Images added so far, also those without any keypoint. */
  public int images() {
    return images;
  }

  /** By keypoint in the order of the truth, at last all together, called {@link #ALL}. */
  public List<Figures> figures() {
    List<Figures> list = new ArrayList<>();
    tallies.forEach(
        (name, tally) -> list.add(figures(name, tally, spurious.getOrDefault(name, 0))));
    list.add(together());
    return list;
  }

  private Figures together() {
    Tally all = new Tally();
    tallies.values().forEach(all::add);
    return figures(ALL, all, spurious.values().stream().mapToInt(n -> n).sum());
  }

  /** Median and mean error, and PCK, of all keypoints together. */
  @Override
  public Map<String, Double> main() {
    Figures all = together();
    Map<String, Double> main = new LinkedHashMap<>();
    main.put("median", all.median);
    main.put("mean", all.mean);
    all.pck.forEach((r, p) -> main.put(pckName(r), all.points == 0 ? Double.NaN : p));
    return main;
  }

  @Override
  public Map<String, Object> row(KeypointMetrics image) {
    Figures all = image.together();
    Map<String, Object> row = new LinkedHashMap<>(image.main());
    row.put("max", all.max);
    row.put("points", all.points);
    row.put("missing", all.missing);
    row.put("spurious", all.spurious);
    return row;
  }

  /** Images with more points missing are worse, then those with a larger mean error. */
  @Override
  public double loss(KeypointMetrics image) {
    Figures all = image.together();
    return all.missing + (Double.isNaN(all.mean) ? 0 : all.mean / (1 + all.mean));
  }

  private Figures figures(String name, Tally tally, int extra) {
    double[] errors = tally.errors.stream().mapToDouble(e -> e).sorted().toArray();
    double sum = Arrays.stream(errors).sum();
    double squares = Arrays.stream(errors).map(e -> e * e).sum();
    Map<Double, Double> pck = new LinkedHashMap<>();
    for (double r : radii) {
      long within = Arrays.stream(errors).filter(e -> e <= r).count();
      pck.put(r, tally.points == 0 ? 0 : (double) within / tally.points);
    }
    int n = errors.length;
    return new Figures(
        name,
        tally.points,
        tally.points - n,
        extra,
        quantile(errors, 0.5),
        sum / n,
        Math.sqrt(squares / n),
        quantile(errors, 0.9),
        n == 0 ? Double.NaN : errors[n - 1],
        pck);
  }

  private static double quantile(double[] sorted, double q) {
    if (sorted.length == 0) return Double.NaN;
    double at = (sorted.length - 1) * q;
    int i = (int) at;
    double low = sorted[i];
    return low + (at - i) * (sorted[Math.min(i + 1, sorted.length - 1)] - low);
  }

  /** All figures as lines of text, one line a keypoint. */
  @Override
  public String table() {
    StringBuilder text = new StringBuilder();
    text.append(Strings.format("%s%n%16s", Strings.count(images, "image"), "keypoint"));
    List<String> columns =
        new ArrayList<>(
            List.of("points", "missing", "spurious", "median", "mean", "rmse", "p90", "max"));
    for (double r : radii) columns.add(pckName(r));
    columns.forEach(c -> text.append(Strings.format("%10s", c)));
    for (Figures f : figures()) {
      text.append(
          Strings.format(
              "%n%16s%10d%10d%10d%10.3f%10.3f%10.3f%10.3f%10.3f",
              f.name, f.points, f.missing, f.spurious, f.median, f.mean, f.rmse, f.p90, f.max));
      f.pck.values().forEach(p -> text.append(Strings.format("%10.3f", p)));
    }
    return text.toString();
  }

  private static String pckName(double radius) {
    return "PCK@" + (radius == (long) radius ? String.valueOf((long) radius) : radius);
  }

  /** All figures for a JSON writer: strings, numbers, and maps of these. */
  @Override
  public Map<String, Object> toMap() {
    Map<String, Object> keypoints = new LinkedHashMap<>();
    for (Figures f : figures()) {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("points", f.points);
      row.put("predicted", f.points - f.missing);
      row.put("missing", f.missing);
      if (f.missing < f.points) {
        row.put("median", f.median);
        row.put("mean", f.mean);
        row.put("rmse", f.rmse);
        row.put("p90", f.p90);
        row.put("max", f.max);
      }
      f.pck.forEach((r, p) -> row.put(pckName(r), p));
      row.put("spurious", f.spurious);
      keypoints.put(f.name, row);
    }
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("images", images);
    all.put("keypoints", keypoints);
    return all;
  }
}
