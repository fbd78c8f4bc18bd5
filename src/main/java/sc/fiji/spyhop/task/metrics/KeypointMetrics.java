package sc.fiji.spyhop.task.metrics;

import java.util.ArrayList;
import java.util.Comparator;
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
public final class KeypointMetrics {

  /** What the figures over all points are called. */
  public static final String ALL = "ALL";

  private final double[] radii;
  private final Map<String, Tally> tallies = new LinkedHashMap<>();
  private final Map<String, Integer> spurious = new LinkedHashMap<>();
  private int images;

  private static final class Tally {
    int points;
    final List<Double> errors = new ArrayList<>();
  }

  /**
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

  public int images() {
    return images;
  }

  /** By keypoint in the order of the truth, at last all together, called {@link #ALL}. */
  public List<Figures> figures() {
    List<Figures> list = new ArrayList<>();
    Tally all = new Tally();
    tallies.forEach(
        (name, tally) -> {
          list.add(figures(name, tally, spurious.getOrDefault(name, 0)));
          all.points += tally.points;
          all.errors.addAll(tally.errors);
        });
    list.add(figures(ALL, all, spurious.values().stream().mapToInt(n -> n).sum()));
    return list;
  }

  private Figures figures(String name, Tally tally, int extra) {
    List<Double> errors = new ArrayList<>(tally.errors);
    errors.sort(Comparator.naturalOrder());
    double sum = errors.stream().mapToDouble(e -> e).sum();
    double squares = errors.stream().mapToDouble(e -> e * e).sum();
    Map<Double, Double> pck = new LinkedHashMap<>();
    for (double r : radii) {
      long within = errors.stream().filter(e -> e <= r).count();
      pck.put(r, tally.points == 0 ? 0 : (double) within / tally.points);
    }
    int n = errors.size();
    return new Figures(
        name,
        tally.points,
        tally.points - n,
        extra,
        quantile(errors, 0.5),
        sum / n,
        Math.sqrt(squares / n),
        quantile(errors, 0.9),
        n == 0 ? Double.NaN : errors.get(n - 1),
        pck);
  }

  private static double quantile(List<Double> sorted, double q) {
    if (sorted.isEmpty()) return Double.NaN;
    double at = (sorted.size() - 1) * q;
    int i = (int) at;
    double low = sorted.get(i);
    return low + (at - i) * (sorted.get(Math.min(i + 1, sorted.size() - 1)) - low);
  }

  /** All figures as lines of text, one line a keypoint. */
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
