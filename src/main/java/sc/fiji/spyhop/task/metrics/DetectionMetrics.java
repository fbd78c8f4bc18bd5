package sc.fiji.spyhop.task.metrics;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import sc.fiji.spyhop.prediction.LocalizedObject;
import sc.fiji.spyhop.util.Decimals;
import sc.fiji.spyhop.util.Strings;

/**
 * How well predicted boxes match true ones, as COCO measures it (Lin et al. 2014, cocoapi), without
 * its ranges of area and its crowds. In each image and class the predictions choose in order of
 * their scores: each takes the free true box with the highest IoU, if that reaches the threshold.
 * Average precision is the mean, over the recalls 0, 0.01 ... 1, of the highest precision at that
 * recall or beyond.
 */
public final class DetectionMetrics implements Pooled<DetectionMetrics> {

  private static final int FIRST_PERCENT = 50;
  private static final int STEP = 5;
  private static final int THRESHOLDS = 10;

  /** IoU that falls short by rounding only is enough. */
  private static final double TOLERANCE = 1e-9;

  private record Scored(double score, int hits) {}

  private final int maxDetections;
  private final OptionalDouble threshold;
  private final Map<String, List<Scored>> found = new TreeMap<>();
  private final Map<String, Integer> trueCounts = new TreeMap<>();

  /** Of classes, once they are asked for. */
  private final Map<String, Double> thresholds = new HashMap<>();

  private int images;

  /**
   * Tells the figures of each class at the threshold that is best for it.
   *
   * @param maxDetections of one class in one image, those with the best scores; COCO takes 100
   */
  public DetectionMetrics(int maxDetections) {
    this(maxDetections, OptionalDouble.empty());
  }

  /**
   * Tells figures at a given threshold besides.
   *
   * @param threshold score of the boxes whose precision and recall are told as well, and by which
   *     images are told apart; absent: the best of each class
   */
  public DetectionMetrics(int maxDetections, OptionalDouble threshold) {
    this.maxDetections = maxDetections;
    this.threshold = threshold;
  }

  /**
   * Figures of one class.
   *
   * @param truths number of true boxes
   * @param predictions number of predicted ones that count
   * @param ap at IoU 0.50, 0.55 ... 0.95
   * @param best the score threshold with the highest F1 at IoU 0.5, chosen on these very data;
   *     empty without predictions
   */
  public record Figures(
      String type, int truths, int predictions, List<Double> ap, Optional<Operating> best) {

    /** Average precision at IoU 0.50, from 0 to 1. */
    public double ap50() {
      return ap.get(0);
    }

    /** Average precision at IoU 0.75, from 0 to 1. */
    public double ap75() {
      return ap.get(5);
    }

    /** Mean over all thresholds. */
    public double ap50to95() {
      return ap.stream().mapToDouble(a -> a).average().orElseThrow();
    }
  }

  /**
   * What taking all boxes from a score upward gives, at IoU 0.5.
   *
   * @param precision 0 if nothing is taken
   */
  public record Operating(double score, double precision, double recall, double f1) {}

  /**
   * Takes in an image. The order of images matters only to predictions with equal scores.
   *
   * @param predicted may be empty, as may {@code truth}
   */
  public void add(List<LocalizedObject> predicted, List<LocalizedObject> truth) {
    images++;
    thresholds.clear();
    Map<String, List<LocalizedObject>> truths = byType(truth);
    truths.forEach((type, boxes) -> trueCounts.merge(type, boxes.size(), Integer::sum));
    byType(predicted)
        .forEach(
            (type, boxes) ->
                found
                    .computeIfAbsent(type, t -> new ArrayList<>())
                    .addAll(match(boxes, truths.getOrDefault(type, List.of()))));
  }

  /** Adds all images that another was given. */
  @Override
  public void add(DetectionMetrics other) {
    images += other.images;
    thresholds.clear();
    other.trueCounts.forEach((type, n) -> trueCounts.merge(type, n, Integer::sum));
    other.found.forEach(
        (type, scored) -> found.computeIfAbsent(type, t -> new ArrayList<>()).addAll(scored));
  }

  private static Map<String, List<LocalizedObject>> byType(List<LocalizedObject> objects) {
    Map<String, List<LocalizedObject>> map = new TreeMap<>();
    objects.forEach(o -> map.computeIfAbsent(o.type(), t -> new ArrayList<>()).add(o));
    return map;
  }

  private List<Scored> match(List<LocalizedObject> predicted, List<LocalizedObject> truth) {
    List<LocalizedObject> order = new ArrayList<>(predicted);
    order.sort(Comparator.comparingDouble(o -> -o.score()));
    order = order.subList(0, Math.min(maxDetections, order.size()));
    int[] hits = new int[order.size()];
    double[][] overlap = new double[order.size()][truth.size()];
    for (int i = 0; i < order.size(); i++) {
      for (int j = 0; j < truth.size(); j++) {
        overlap[i][j] = order.get(i).box().iou(truth.get(j).box());
      }
    }
    for (int t = 0; t < THRESHOLDS; t++) {
      double threshold = (FIRST_PERCENT + STEP * t) / 100.0 - TOLERANCE;
      boolean[] taken = new boolean[truth.size()];
      for (int i = 0; i < order.size(); i++) {
        int best = -1;
        for (int j = 0; j < truth.size(); j++) {
          if (!taken[j] && (best < 0 || overlap[i][j] > overlap[i][best])) best = j;
        }
        if (best >= 0 && overlap[i][best] >= threshold) {
          taken[best] = true;
          hits[i] |= 1 << t;
        }
      }
    }
    List<Scored> scored = new ArrayList<>();
    for (int i = 0; i < hits.length; i++) scored.add(new Scored(order.get(i).score(), hits[i]));
    return scored;
  }

  /**
   * A predicted box.
   *
   * @param right whether it matches a true one at an IoU of at least 0.5
   */
  public record Outcome(double score, boolean right) {}

  /** What became of the predicted boxes of a class, in no order. */
  public List<Outcome> outcomes(String type) {
    return found.getOrDefault(type, List.of()).stream()
        .map(s -> new Outcome(s.score, (s.hits & 1) == 1))
        .toList();
  }

  /** Of the boxes of the classes that have true boxes; absent if there are none. */
  @Override
  public Optional<Reliability> reliability() {
    Reliability all = new Reliability();
    for (String type : trueCounts.keySet()) {
      outcomes(type).forEach(o -> all.add(o.score, o.right));
    }
    return Optional.of(all).filter(r -> r.count() > 0);
  }

  /** Best score first; equal scores in the order they came. */
  private List<Scored> ranked(String type) {
    List<Scored> list = new ArrayList<>(found.getOrDefault(type, List.of()));
    list.sort((a, b) -> Double.compare(b.score, a.score));
    return list;
  }

  /** Images added so far, also those without any box. */
  public int images() {
    return images;
  }

  /** The classes that have true boxes, by name. */
  public List<Figures> figures() {
    List<Figures> all = new ArrayList<>();
    trueCounts.forEach((type, n) -> all.add(figures(type, n)));
    return all;
  }

  /** Classes that were predicted but have no true box; they do not count. */
  public List<String> unknownTypes() {
    return found.keySet().stream().filter(t -> !trueCounts.containsKey(t)).toList();
  }

  private Figures figures(String type, int truths) {
    List<Scored> ranked = ranked(type);
    return new Figures(
        type, truths, ranked.size(), averagePrecisions(ranked, truths), best(ranked, truths));
  }

  private static List<Double> averagePrecisions(List<Scored> ranked, int truths) {
    return IntStream.range(0, THRESHOLDS)
        .mapToObj(t -> averagePrecision(ranked, t, truths))
        .toList();
  }

  /** The precision is highest where a box is right, and the recall is reached there. */
  private static double averagePrecision(List<Scored> ranked, int threshold, int truths) {
    double[] precision = new double[Math.min(ranked.size(), truths)];
    int hits = 0;
    int taken = 0;
    for (Scored s : ranked) {
      taken++;
      if ((s.hits >> threshold & 1) == 1) precision[hits] = (double) ++hits / taken;
    }
    for (int k = hits - 2; k >= 0; k--) precision[k] = Math.max(precision[k], precision[k + 1]);
    double sum = 0;
    int at = 0;
    for (int percent = 0; percent <= 100; percent++) {
      while (at < hits && (at + 1.0) / truths < percent / 100.0 - 1e-12) at++;
      if (at < hits) sum += precision[at];
    }
    return sum / 101;
  }

  private static Optional<Operating> best(List<Scored> ranked, int truths) {
    Optional<Operating> best = Optional.empty();
    int hits = 0;
    for (int i = 0; i < ranked.size(); i++) {
      hits += ranked.get(i).hits & 1;
      double score = ranked.get(i).score;
      boolean last = i + 1 == ranked.size() || ranked.get(i + 1).score < score;
      if (!last) continue;
      Operating here = operating(score, hits, i + 1, truths);
      if (best.isEmpty() || here.f1 > best.get().f1) best = Optional.of(here);
    }
    return best;
  }

  private static Operating operating(double score, int hits, int taken, int truths) {
    return new Operating(
        score,
        taken == 0 ? 0 : (double) hits / taken,
        truths == 0 ? 0 : (double) hits / truths,
        taken + truths == 0 ? 0 : 2.0 * hits / (taken + truths));
  }

  /** What taking all boxes of a class from a score upward gives, at IoU 0.5. */
  public Operating at(String type, double score) {
    int hits = 0;
    int taken = 0;
    for (Scored s : found.getOrDefault(type, List.of())) {
      if (s.score < score) continue;
      taken++;
      hits += s.hits & 1;
    }
    return operating(score, hits, taken, trueCounts.getOrDefault(type, 0));
  }

  /** Mean over the classes with true boxes of AP at IoU 0.5; 0 without classes. */
  public double map50() {
    return figures().stream().mapToDouble(Figures::ap50).average().orElse(0);
  }

  /** The same at IoU 0.75. */
  public double map75() {
    return figures().stream().mapToDouble(Figures::ap75).average().orElse(0);
  }

  /** The same over IoU 0.5, 0.55 ... 0.95. */
  public double map50to95() {
    return figures().stream().mapToDouble(Figures::ap50to95).average().orElse(0);
  }

  /** The three means of average precision; they have no meaning without a true box. */
  @Override
  public Map<String, Double> main() {
    List<Figures> each = new ArrayList<>();
    trueCounts.forEach(
        (type, n) ->
            each.add(
                new Figures(type, n, 0, averagePrecisions(ranked(type), n), Optional.empty())));
    Map<String, Double> main = new LinkedHashMap<>();
    main.put("mAP50", mean(each, Figures::ap50));
    main.put("mAP75", mean(each, Figures::ap75));
    main.put("mAP50_95", mean(each, Figures::ap50to95));
    return main;
  }

  private static double mean(List<Figures> each, ToDoubleFunction<Figures> figure) {
    return each.stream().mapToDouble(figure).average().orElse(Double.NaN);
  }

  /** The boxes of an image that are taken, as by {@link #threshold(String)}, at IoU 0.5. */
  private record Taken(int right, int taken, int truths) {
    double f1() {
      return 2.0 * right / (taken + truths);
    }
  }

  private double threshold(String type) {
    return threshold.orElseGet(
        () ->
            best(ranked(type), trueCounts.get(type))
                .map(Operating::score)
                .orElse(Double.POSITIVE_INFINITY));
  }

  private Taken taken(DetectionMetrics image) {
    int right = 0;
    int taken = 0;
    for (String type : trueCounts.keySet()) {
      double least = thresholds.computeIfAbsent(type, this::threshold);
      for (Scored s : image.found.getOrDefault(type, List.of())) {
        if (s.score < least) continue;
        taken++;
        right += s.hits & 1;
      }
    }
    return new Taken(
        right, taken, image.trueCounts.values().stream().mapToInt(Integer::intValue).sum());
  }

  @Override
  public Map<String, Object> row(DetectionMetrics image) {
    Taken taken = taken(image);
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("f1", taken.f1());
    row.putAll(image.main());
    row.put("true_boxes", taken.truths);
    row.put("predicted_boxes", taken.taken);
    row.put("missing", taken.truths - taken.right);
    row.put("spurious", taken.taken - taken.right);
    return row;
  }

  @Override
  public double loss(DetectionMetrics image) {
    double f1 = taken(image).f1();
    return Double.isNaN(f1) ? 0 : 1 - f1;
  }

  /** All figures as lines of text, one line a class. */
  @Override
  public String table() {
    StringBuilder text = new StringBuilder();
    text.append(Strings.format("%s%n%16s", Strings.count(images, "image"), "class"));
    for (String column :
        List.of(
            "true",
            "predicted",
            "AP50",
            "AP75",
            "AP50_95",
            "best_F1",
            "best_F1_score",
            "precision",
            "recall")) {
      text.append(Strings.format("%14s", column));
    }
    text.append(System.lineSeparator());
    for (Figures f : figures()) {
      Operating best = f.best.orElse(new Operating(Double.NaN, 0, 0, 0));
      text.append(
          Strings.format(
              "%16s%14d%14d%14.4f%14.4f%14.4f%14.4f%14.4f%14.4f%14.4f%n",
              f.type,
              f.truths,
              f.predictions,
              f.ap50(),
              f.ap75(),
              f.ap50to95(),
              best.f1,
              best.score,
              best.precision,
              best.recall));
    }
    text.append(
        Strings.format(
            "mAP@0.5 %.4f   mAP@0.75 %.4f   mAP@0.5:0.95 %.4f", map50(), map75(), map50to95()));
    atThreshold()
        .forEach(
            (type, at) ->
                text.append(
                    Strings.format(
                        "%n%16s at score %s: precision %.4f, recall %.4f, F1 %.4f",
                        type, Decimals.text(at.score), at.precision, at.recall, at.f1)));
    return text.toString();
  }

  /** By class; empty without a threshold. */
  private Map<String, Operating> atThreshold() {
    Map<String, Operating> all = new LinkedHashMap<>();
    threshold.ifPresent(s -> trueCounts.keySet().forEach(type -> all.put(type, at(type, s))));
    return all;
  }

  /** All figures for a JSON writer: strings, numbers, lists, and maps of these. */
  @Override
  public Map<String, Object> toMap() {
    Map<String, Object> classes = new LinkedHashMap<>();
    for (Figures f : figures()) {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("true", f.truths);
      row.put("predicted", f.predictions);
      row.put("AP50", f.ap50());
      row.put("AP75", f.ap75());
      row.put("AP50_95", f.ap50to95());
      row.put("best_F1", f.best.map(Operating::f1).orElse(0.0));
      f.best.ifPresent(b -> row.put("best_F1_score", b.score));
      row.put("precision", f.best.map(Operating::precision).orElse(0.0));
      row.put("recall", f.best.map(Operating::recall).orElse(0.0));
      classes.put(f.type, row);
    }
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("images", images);
    all.put("mAP50", map50());
    all.put("mAP75", map75());
    all.put("mAP50_95", map50to95());
    all.put("classes", classes);
    all.put("unknown_classes", unknownTypes());
    Map<String, Object> rows = new LinkedHashMap<>();
    atThreshold()
        .forEach(
            (type, at) -> {
              Map<String, Object> row = new LinkedHashMap<>();
              row.put("score", at.score);
              row.put("precision", at.precision);
              row.put("recall", at.recall);
              row.put("F1", at.f1);
              rows.put(type, row);
            });
    if (!rows.isEmpty()) all.put("at_score", rows);
    return all;
  }
}
