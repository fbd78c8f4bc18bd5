package sc.fiji.spyhop.task.metrics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import sc.fiji.spyhop.prediction.LocalizedObject;
import sc.fiji.spyhop.util.Strings;

/**
 * How well predicted boxes match true ones, as COCO measures it (Lin et al. 2014, cocoapi), without
 * its ranges of area and its crowds. In each image and class the predictions choose in order of
 * their scores: each takes the free true box with the highest IoU, if that reaches the threshold.
 * Average precision is the mean, over the recalls 0, 0.01 ... 1, of the highest precision at that
 * recall or beyond.
 */
public final class DetectionMetrics {

  private static final int FIRST_PERCENT = 50;
  private static final int STEP = 5;
  private static final int THRESHOLDS = 10;

  /** IoU that falls short by rounding only is enough. */
  private static final double TOLERANCE = 1e-9;

  private record Scored(double score, int hits) {}

  private final int maxDetections;
  private final Map<String, List<Scored>> found = new TreeMap<>();
  private final Map<String, Integer> trueCounts = new TreeMap<>();
  private int images;

  /**
   * @param maxDetections of one class in one image, those with the best scores; COCO takes 100
   */
  public DetectionMetrics(int maxDetections) {
    this.maxDetections = maxDetections;
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

    public double ap50() {
      return ap.get(0);
    }

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
    Map<String, List<LocalizedObject>> truths = byType(truth);
    truths.forEach((type, boxes) -> trueCounts.merge(type, boxes.size(), Integer::sum));
    byType(predicted)
        .forEach(
            (type, boxes) ->
                found
                    .computeIfAbsent(type, t -> new ArrayList<>())
                    .addAll(match(boxes, truths.getOrDefault(type, List.of()))));
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

  /** Best score first; equal scores in the order they came. */
  private List<Scored> ranked(String type) {
    List<Scored> list = new ArrayList<>(found.getOrDefault(type, List.of()));
    list.sort(Comparator.comparingDouble(s -> -s.score));
    return list;
  }

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
    List<Double> ap = new ArrayList<>();
    for (int t = 0; t < THRESHOLDS; t++) ap.add(averagePrecision(ranked, t, truths));
    return new Figures(type, truths, ranked.size(), ap, best(ranked, truths));
  }

  private static double averagePrecision(List<Scored> ranked, int threshold, int truths) {
    int n = ranked.size();
    double[] recall = new double[n];
    double[] precision = new double[n];
    int hits = 0;
    for (int i = 0; i < n; i++) {
      if ((ranked.get(i).hits >> threshold & 1) == 1) hits++;
      recall[i] = (double) hits / truths;
      precision[i] = (double) hits / (i + 1);
    }
    for (int i = n - 2; i >= 0; i--) precision[i] = Math.max(precision[i], precision[i + 1]);
    double[] sum = new double[101];
    int at = 0;
    for (int percent = 0; percent <= 100; percent++) {
      while (at < n && recall[at] < percent / 100.0 - 1e-12) at++;
      sum[percent] = at < n ? precision[at] : 0;
    }
    return Arrays.stream(sum).sum() / 101;
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

  /** All figures as lines of text, one line a class. */
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
    return text.toString();
  }

  /** All figures for a JSON writer: strings, numbers, lists, and maps of these. */
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
    return all;
  }
}
