package sc.fiji.spyhop.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import sc.fiji.spyhop.prediction.LabelMap;
import sc.fiji.spyhop.task.metrics.Bootstrap;
import sc.fiji.spyhop.task.metrics.ClassMetrics;
import sc.fiji.spyhop.task.metrics.InstanceMetrics;
import sc.fiji.spyhop.util.CsvFile;
import sc.fiji.spyhop.util.Digits;
import sc.fiji.spyhop.util.Strings;

/** Two figures of each image, what they are for all, and how sure they are. */
final class SegmentScores {

  private final int classes;
  private final List<String> images = new ArrayList<>();
  private final List<InstanceMetrics> objects = new ArrayList<>();
  private final List<List<InstanceMetrics.Figures>> figures = new ArrayList<>();
  private final List<ClassMetrics> pixels = new ArrayList<>();

  /**
   * @param classes number of classes of pixels; 0 where labels number objects
   */
  SegmentScores(int classes) {
    this.classes = classes;
  }

  void add(String image, LabelMap predicted, LabelMap truth) {
    if (classes > 0) {
      ClassMetrics metrics = new ClassMetrics(classes, l -> l == LabelMap.UNLABELLED);
      metrics.add(predicted, truth);
      pixels.add(metrics);
    } else {
      InstanceMetrics metrics = new InstanceMetrics();
      metrics.add(predicted, truth);
      objects.add(metrics);
      figures.add(metrics.figures());
    }
    images.add(image);
  }

  /** What the figures are called; the first is the one that images are sorted by. */
  private List<String> names() {
    return classes > 0 ? List.of("mean_iou", "mean_dice") : List.of("f1", "mean_ap");
  }

  /** Figures of some images together. */
  private double[] figures(int[] draw) {
    if (classes > 0) {
      ClassMetrics all = new ClassMetrics(classes, l -> l == LabelMap.UNLABELLED);
      for (int i : draw) all.add(pixels.get(i));
      return new double[] {all.meanIou(), all.meanDice()};
    }
    int n = InstanceMetrics.PERCENT.size();
    double[] right = new double[n];
    double[] any = new double[n];
    double both = 0;
    for (int i : draw) {
      List<InstanceMetrics.Figures> own = figures.get(i);
      for (int k = 0; k < n; k++) {
        InstanceMetrics.Figures f = own.get(k);
        right[k] += f.tp();
        any[k] += f.tp() + f.fp() + f.fn();
      }
      both += 2.0 * own.get(0).tp() + own.get(0).fp() + own.get(0).fn();
    }
    double ap = 0;
    for (int k = 0; k < n; k++) ap += any[k] == 0 ? 0 : right[k] / any[k] / n;
    return new double[] {both == 0 ? 0 : 2 * right[0] / both, ap};
  }

  private double[] all() {
    return figures(IntStream.range(0, images.size()).toArray());
  }

  /** A sentence about how sure the figures are. */
  String sentence() {
    return told("95 % intervals, by images drawn at random: ", all(), intervals(), "%.4f");
  }

  private Bootstrap.Interval[] intervals() {
    return Bootstrap.intervals(images.size(), this::figures);
  }

  private String told(
      String start, double[] values, Bootstrap.Interval[] intervals, String format) {
    List<String> parts = new ArrayList<>();
    for (int i = 0; i < values.length; i++) {
      parts.add(
          Strings.format(
              "%s " + format + " (" + format + " to " + format + ")",
              names().get(i).replace('_', ' '),
              values[i],
              intervals[i].low(),
              intervals[i].high()));
    }
    return start + String.join(", ", parts) + ".";
  }

  /** Differences to figures of the same images in the same order. */
  String against(SegmentScores other, Path folder) {
    return told(
        "Compared with " + folder + " on the same images: ",
        minus(all(), other.all()),
        differences(other),
        "%+.4f");
  }

  private Bootstrap.Interval[] differences(SegmentScores other) {
    return Bootstrap.intervals(images.size(), d -> minus(figures(d), other.figures(d)));
  }

  private static double[] minus(double[] a, double[] b) {
    return IntStream.range(0, a.length).mapToDouble(i -> a[i] - b[i]).toArray();
  }

  /** For JSON: each interval by the name of its figure. */
  Map<String, Object> toMap() {
    return map(all(), intervals());
  }

  /** The same of the differences to another. */
  Map<String, Object> toMap(SegmentScores other) {
    return map(minus(all(), other.all()), differences(other));
  }

  private Map<String, Object> map(double[] values, Bootstrap.Interval[] intervals) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < values.length; i++) {
      map.put(
          names().get(i),
          Map.of("value", values[i], "low", intervals[i].low(), "high", intervals[i].high()));
    }
    return map;
  }

  /** A row for each image, the worst first. */
  void write(Path file) {
    List<Integer> order =
        IntStream.range(0, images.size())
            .boxed()
            .sorted(Comparator.comparingDouble(i -> figures(new int[] {i})[0]))
            .toList();
    CsvFile.write(
        file,
        csv -> {
          List<String> header = new ArrayList<>(List.of("image"));
          header.addAll(names());
          if (classes == 0) header.addAll(List.of("true_objects", "predicted_objects"));
          csv.row(header);
          for (int i : order) {
            List<String> row = new ArrayList<>(List.of(images.get(i)));
            for (double value : figures(new int[] {i})) row.add(Digits.cell(value));
            if (classes == 0) {
              row.add(String.valueOf(objects.get(i).trueObjects()));
              row.add(String.valueOf(objects.get(i).predictedObjects()));
            }
            csv.row(row);
          }
        });
  }
}
