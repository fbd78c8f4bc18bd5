package sc.fiji.spyhop.task.metrics;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import sc.fiji.spyhop.prediction.LabelMap;
import sc.fiji.spyhop.prediction.ObjectClasses;
import sc.fiji.spyhop.util.Strings;

/**
 * Agreement of predicted objects with true ones at IoU thresholds of 0.50, 0.55 ... 0.95.
 *
 * <p>Objects of an image are matched one to one such that as many pairs as possible reach the
 * threshold, and among such matchings the sum of IoU is largest. Thresholds are compared in whole
 * numbers, so that an IoU of exactly 0.6 reaches 0.6. Counts are pooled over all images added. An
 * object is all pixels of one label, connected or not. With TP pairs, FP predicted objects left
 * over, FN true objects left over:
 *
 * <ul>
 *   <li>precision TP / (TP + FP), recall TP / (TP + FN), F1 2 TP / (2 TP + FP + FN)
 *   <li>AP TP / (TP + FP + FN), as in the 2018 Data Science Bowl
 *   <li>segmentation quality SQ, the mean IoU of the pairs, and panoptic quality PQ = SQ * F1
 *       (Kirillov et al. 2019)
 * </ul>
 *
 * A figure whose denominator is 0 is 0.
 */
public final class InstanceMetrics implements Pooled<InstanceMetrics> {

  /** Thresholds in percent. */
  public static final List<Integer> PERCENT = List.of(50, 55, 60, 65, 70, 75, 80, 85, 90, 95);

  /**
   * Figures at one threshold.
   *
   * @param percent the threshold
   * @param tp pairs
   * @param fp predicted objects without a partner
   * @param fn true objects without a partner
   * @param apImageMean mean over images of the AP of each; an image without any object counts 1
   * @param sq mean IoU of the pairs
   */
  public record Figures(int percent, long tp, long fp, long fn, double apImageMean, double sq) {

    /** Share of predicted objects that are true ones, from 0 to 1. */
    public double precision() {
      return ratio(tp, tp + fp);
    }

    /** Share of true objects that were found, from 0 to 1. */
    public double recall() {
      return ratio(tp, tp + fn);
    }

    /** Harmonic mean of precision and recall. */
    public double f1() {
      return ratio(2.0 * tp, 2.0 * tp + fp + fn);
    }

    /** Pairs by all objects, each pair counted once. */
    public double ap() {
      return ratio(tp, (double) tp + fp + fn);
    }

    /** Panoptic quality: mean IoU of the pairs times F1. */
    public double pq() {
      return ratio(sq * tp, tp + fp / 2.0 + fn / 2.0);
    }
  }

  private final long[] tp = new long[PERCENT.size()];
  private final long[] fp = new long[PERCENT.size()];
  private final long[] fn = new long[PERCENT.size()];
  private final double[] iou = new double[PERCENT.size()];
  private final double[] imageAp = new double[PERCENT.size()];
  private long images;
  private long trueObjects;
  private long predictedObjects;
  private long foregroundBoth;
  private long foregroundAny;
  private final Reliability reliability = new Reliability();

  /**
   * Adds an image. Where the truth is {@link LabelMap#UNLABELLED} nothing counts, nor does a
   * predicted object of which more than half lies there.
   *
   * @throws sc.fiji.spyhop.SpyhopException if sizes differ
   */
  public void add(LabelMap predicted, LabelMap truth) {
    add(predicted, truth, Map.of());
  }

  /**
   * The same of objects with scores.
   *
   * @param scores in [0, 1], by predicted label; objects without one are missing from {@link
   *     #reliability}
   * @throws sc.fiji.spyhop.SpyhopException if sizes differ
   */
  public void add(LabelMap predicted, LabelMap truth, Map<Integer, Double> scores) {
    Map<Long, Long> counts = overlaps(predicted, truth);
    removeUnlabelled(counts);
    Areas areas = Areas.of(counts);
    List<Pair> pairs = pairs(counts, areas.truth, areas.predicted);
    add(counts, areas, pairs);
    Set<Integer> right = new HashSet<>();
    pairs.forEach(pair -> right.add(pair.predicted));
    for (int label : areas.predicted.keySet()) {
      Double score = scores.get(label);
      if (score != null) reliability.add(score, right.contains(label));
    }
  }

  /**
   * Adds the objects of one class of an image. Where the truth is {@link LabelMap#UNLABELLED}, or
   * an object whose class nobody has said, nothing counts.
   *
   * @param type number of the class
   * @throws sc.fiji.spyhop.SpyhopException if sizes differ
   */
  void add(LabelMap predicted, LabelMap truth, int type) {
    Map<Long, Long> counts = new HashMap<>();
    overlaps(predicted, truth)
        .forEach(
            (key, n) -> {
              int t = (int) (key >> 32);
              int p = (int) (long) key;
              long of = t;
              if (t != 0 && t != LabelMap.UNLABELLED && truth.classes().of(t) != type) {
                of = truth.classes().of(t) == ObjectClasses.UNKNOWN ? LabelMap.UNLABELLED : 0;
              }
              counts.merge(of << 32 | (predicted.classes().of(p) == type ? p : 0), n, Long::sum);
            });
    removeUnlabelled(counts);
    Areas areas = Areas.of(counts);
    add(counts, areas, pairs(counts, areas.truth, areas.predicted));
  }

  /**
   * Which predicted objects are right.
   *
   * @param right labels of those that match a true one at an IoU of at least 0.5, with the label of
   *     that one
   * @param uncounted labels of those that are left out, since most of them lies where the truth is
   *     unlabelled
   */
  public record Matches(Map<Integer, Integer> right, Set<Integer> uncounted) {}

  /**
   * Which objects of an image are right.
   *
   * @throws sc.fiji.spyhop.SpyhopException if sizes differ
   */
  public static Matches matches(LabelMap predicted, LabelMap truth) {
    Map<Long, Long> counts = overlaps(predicted, truth);
    Set<Integer> all = new HashSet<>();
    counts.keySet().forEach(key -> all.add((int) (long) key));
    removeUnlabelled(counts);
    Areas areas = Areas.of(counts);
    all.removeAll(areas.predicted.keySet());
    all.remove(0);
    Map<Integer, Integer> right = new HashMap<>();
    for (Pair pair : pairs(counts, areas.truth, areas.predicted)) {
      right.put(pair.predicted, pair.truth);
    }
    return new Matches(right, all);
  }

  /** Pixels by true label (upper half) and predicted label. */
  private static Map<Long, Long> overlaps(LabelMap predicted, LabelMap truth) {
    Sizes.requireEqual(predicted, truth);
    Map<Long, Long> counts = new HashMap<>();
    long key = 0;
    long run = 0;
    for (int i = 0; i < truth.size(); i++) {
      long k = (long) truth.get(i) << 32 | predicted.get(i);
      if (k != key) {
        if (run > 0) counts.merge(key, run, Long::sum);
        key = k;
        run = 0;
      }
      run++;
    }
    if (run > 0) counts.merge(key, run, Long::sum);
    return counts;
  }

  /** Adds all images that another was given. */
  @Override
  public void add(InstanceMetrics other) {
    for (int i = 0; i < PERCENT.size(); i++) {
      tp[i] += other.tp[i];
      fp[i] += other.fp[i];
      fn[i] += other.fn[i];
      iou[i] += other.iou[i];
      imageAp[i] += other.imageAp[i];
    }
    images += other.images;
    trueObjects += other.trueObjects;
    predictedObjects += other.predictedObjects;
    foregroundBoth += other.foregroundBoth;
    foregroundAny += other.foregroundAny;
    reliability.add(other.reliability);
  }

  private static void removeUnlabelled(Map<Long, Long> counts) {
    Map<Integer, Long> unknown = new HashMap<>();
    Map<Integer, Long> known = new HashMap<>();
    counts.forEach(
        (key, n) -> {
          boolean labelled = (int) (key >> 32) != LabelMap.UNLABELLED;
          (labelled ? known : unknown).merge((int) (long) key, n, Long::sum);
        });
    if (unknown.isEmpty()) return;
    Map<Long, Long> kept = new HashMap<>();
    counts.forEach(
        (key, n) -> {
          int predicted = (int) (long) key;
          if ((int) (key >> 32) == LabelMap.UNLABELLED) return;
          boolean counted = unknown.getOrDefault(predicted, 0L) <= known.get(predicted);
          kept.merge(counted ? key : key >> 32 << 32, n, Long::sum);
        });
    counts.clear();
    counts.putAll(kept);
  }

  /** Adds an image by its pixel counts, keyed by true label (upper half) and predicted label. */
  private void add(Map<Long, Long> counts, Areas areas, List<Pair> pairs) {
    counts.forEach(
        (key, n) -> {
          int t = (int) (key >> 32);
          int p = (int) (long) key;
          if (t != 0 || p != 0) foregroundAny += n;
          if (t != 0 && p != 0) foregroundBoth += n;
        });
    images++;
    trueObjects += areas.truth.size();
    predictedObjects += areas.predicted.size();
    for (int i = 0; i < PERCENT.size(); i++) {
      int percent = PERCENT.get(i);
      long hits = 0;
      for (Pair pair : pairs) {
        if (100 * pair.both >= percent * pair.any) {
          hits++;
          iou[i] += pair.iou();
        }
      }
      long extra = areas.predicted.size() - hits;
      long missed = areas.truth.size() - hits;
      tp[i] += hits;
      fp[i] += extra;
      fn[i] += missed;
      imageAp[i] += hits + extra + missed == 0 ? 1 : (double) hits / (hits + extra + missed);
    }
  }

  /** Pixels of each object. */
  private record Areas(Map<Integer, Long> truth, Map<Integer, Long> predicted) {
    static Areas of(Map<Long, Long> counts) {
      Areas areas = new Areas(new HashMap<>(), new HashMap<>());
      counts.forEach(
          (key, n) -> {
            int t = (int) (key >> 32);
            int p = (int) (long) key;
            if (t != 0) areas.truth.merge(t, n, Long::sum);
            if (p != 0) areas.predicted.merge(p, n, Long::sum);
          });
      return areas;
    }
  }

  private record Pair(int truth, int predicted, long both, long any) {
    double iou() {
      return (double) both / any;
    }
  }

  /**
   * The best matching at 0.5, which is the best at any higher threshold too. Two true objects
   * cannot both share more than half of one predicted object; and if one shares exactly half of its
   * pixels with each of two others, these lie within it and have no further partner. So it does not
   * matter which of several partners is taken; it is the one of the lowest label.
   */
  private static List<Pair> pairs(
      Map<Long, Long> counts, Map<Integer, Long> trueArea, Map<Integer, Long> predictedArea) {
    List<Pair> candidates = new ArrayList<>();
    counts.forEach(
        (key, both) -> {
          int t = (int) (key >> 32);
          int p = (int) (long) key;
          if (t == 0 || p == 0) return;
          long any = trueArea.get(t) + predictedArea.get(p) - both;
          if (2 * both >= any) candidates.add(new Pair(t, p, both, any));
        });
    candidates.sort(Comparator.comparingInt(Pair::truth).thenComparingInt(Pair::predicted));
    Set<Integer> usedTrue = new HashSet<>();
    Set<Integer> usedPredicted = new HashSet<>();
    List<Pair> pairs = new ArrayList<>();
    for (Pair pair : candidates) {
      if (usedTrue.contains(pair.truth) || usedPredicted.contains(pair.predicted)) continue;
      usedTrue.add(pair.truth);
      usedPredicted.add(pair.predicted);
      pairs.add(pair);
    }
    return pairs;
  }

  /**
   * Figures at a threshold.
   *
   * @param percent one of {@link #PERCENT}
   */
  public Figures at(int percent) {
    int i = PERCENT.indexOf(percent);
    if (i < 0) {
      throw new IllegalArgumentException(
          "IoU threshold: expected one of " + PERCENT + " percent, received " + percent);
    }
    return new Figures(
        percent, tp[i], fp[i], fn[i], ratio(imageAp[i], images), ratio(iou[i], tp[i]));
  }

  /** Figures at every threshold, ascending. */
  public List<Figures> figures() {
    return PERCENT.stream().map(this::at).toList();
  }

  /** Mean over the thresholds of AP from pooled counts. */
  public double meanAp() {
    return figures().stream().mapToDouble(Figures::ap).average().orElseThrow();
  }

  /** Mean over the thresholds of {@link Figures#apImageMean}. */
  public double meanApImageMean() {
    return figures().stream().mapToDouble(Figures::apImageMean).average().orElseThrow();
  }

  /** Pixels that are foreground in both over pixels that are foreground in either. */
  public double foregroundIou() {
    return ratio(foregroundBoth, foregroundAny);
  }

  /** Images added so far, also those without any object. */
  public long images() {
    return images;
  }

  /** Over all images added so far. */
  public long trueObjects() {
    return trueObjects;
  }

  /** Over all images added so far. */
  public long predictedObjects() {
    return predictedObjects;
  }

  /** Of the objects with scores that count; absent if there are none. */
  @Override
  public Optional<Reliability> reliability() {
    return Optional.of(reliability).filter(r -> r.count() > 0);
  }

  /** F1 at IoU 0.5 and the mean AP; neither has a meaning without any object. */
  @Override
  public Map<String, Double> main() {
    boolean none = trueObjects + predictedObjects == 0;
    Map<String, Double> main = new LinkedHashMap<>();
    main.put("f1", none ? Double.NaN : at(50).f1());
    main.put("mean_ap", none ? Double.NaN : meanAp());
    return main;
  }

  @Override
  public Map<String, Object> row(InstanceMetrics image) {
    Map<String, Object> row = new LinkedHashMap<>(image.main());
    row.put("true_objects", image.trueObjects);
    row.put("predicted_objects", image.predictedObjects);
    return row;
  }

  @Override
  public double loss(InstanceMetrics image) {
    double f1 = image.main().get("f1");
    return Double.isNaN(f1) ? 0 : 1 - f1;
  }

  /** All figures as lines of text, one line a threshold. */
  @Override
  public String table() {
    StringBuilder text = new StringBuilder();
    text.append(
        Strings.format(
            "%s, %d true and %d predicted objects, foreground IoU %.4f%n",
            Strings.count(images, "image"), trueObjects, predictedObjects, foregroundIou()));
    text.append(" IoU>= ");
    for (String column :
        List.of("TP", "FP", "FN", "precision", "recall", "F1", "AP", "AP_image_mean", "SQ", "PQ")) {
      text.append(Strings.format("%14s", column));
    }
    text.append(System.lineSeparator());
    for (Figures f : figures()) {
      text.append(
          Strings.format(
              "  %.2f  %14d%14d%14d%14.4f%14.4f%14.4f%14.4f%14.4f%14.4f%14.4f%n",
              f.percent / 100.0,
              f.tp,
              f.fp,
              f.fn,
              f.precision(),
              f.recall(),
              f.f1(),
              f.ap(),
              f.apImageMean,
              f.sq,
              f.pq()));
    }
    text.append(
        Strings.format(
            "mean AP 0.50:0.05:0.95: %.4f pooled, %.4f image mean", meanAp(), meanApImageMean()));
    return text.toString();
  }

  /**
   * All figures for a JSON writer: strings, numbers, and maps of these, in order of display. Keys
   * of thresholds are such as "0.50".
   */
  @Override
  public Map<String, Object> toMap() {
    Map<String, Object> at = new LinkedHashMap<>();
    for (Figures f : figures()) {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("TP", f.tp);
      row.put("FP", f.fp);
      row.put("FN", f.fn);
      row.put("precision", f.precision());
      row.put("recall", f.recall());
      row.put("F1", f.f1());
      row.put("AP", f.ap());
      row.put("SQ", f.sq);
      row.put("PQ", f.pq());
      row.put("AP_image_mean", f.apImageMean);
      at.put(Strings.format("%.2f", f.percent / 100.0), row);
    }
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("images", images);
    all.put("true_objects", trueObjects);
    all.put("predicted_objects", predictedObjects);
    all.put("mean_AP_50_95", meanAp());
    all.put("mean_AP_50_95_image_mean", meanApImageMean());
    all.put("foreground_IoU", foregroundIou());
    all.put("at", at);
    return all;
  }

  private static double ratio(double a, double b) {
    return b == 0 ? 0 : a / b;
  }
}
