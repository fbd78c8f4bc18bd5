package sc.fiji.spyhop.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import sc.fiji.spyhop.prediction.LabelMap;
import sc.fiji.spyhop.task.metrics.BoundaryMetrics;
import sc.fiji.spyhop.task.metrics.ClassMetrics;
import sc.fiji.spyhop.util.Strings;

/** Figures of maps of classes, pixel by pixel, pooled over images. */
final class ClassFigures {

  private final List<String> classes;
  private final double tolerance;
  private final ClassMetrics pixels;
  private final BoundaryMetrics outlines;
  private int images;

  /**
   * @param classes names of labels 0, 1, ...
   * @param tolerance of outlines, in pixels
   */
  ClassFigures(List<String> classes, double tolerance) {
    this.classes = classes;
    this.tolerance = tolerance;
    pixels = new ClassMetrics(classes.size(), label -> label == LabelMap.UNLABELLED);
    outlines =
        new BoundaryMetrics(classes.size(), tolerance, label -> label == LabelMap.UNLABELLED);
  }

  void add(LabelMap predicted, LabelMap truth) {
    pixels.add(predicted, truth);
    outlines.add(predicted, truth);
    images++;
  }

  /** A line for each class, and how many pixels of each were taken for each. */
  String table() {
    int name = 5 + classes.stream().mapToInt(String::length).max().orElse(0);
    StringBuilder text = new StringBuilder();
    text.append(
        Strings.format(
            "%s, pixel accuracy %.4f, mean IoU %.4f, mean Dice %.4f%n",
            Strings.count(images, "image"),
            pixels.accuracy(),
            pixels.meanIou(),
            pixels.meanDice()));
    text.append(Strings.format("  %-" + name + "s", "class"));
    for (String c : List.of("pixels", "IoU", "Dice", "precision", "recall", "boundary F1")) {
      text.append(Strings.format("%14s", c));
    }
    text.append(System.lineSeparator());
    for (int c = 0; c < classes.size(); c++) {
      text.append(
          Strings.format(
              "  %-" + name + "s%14d%s%n",
              classes.get(c),
              pixels.truePixels(c),
              figures(c).values().stream()
                  .map(v -> Strings.format("%14s", v.isNaN() ? "-" : Strings.format("%.4f", v)))
                  .collect(Collectors.joining())));
    }
    text.append(Strings.format("Pixels of each class (rows) taken for each (columns)%n"));
    for (int t = 0; t < classes.size(); t++) {
      int row = t;
      text.append(
          Strings.format(
              "  %-" + name + "s%s%n",
              classes.get(t),
              IntStream.range(0, classes.size())
                  .mapToObj(p -> Strings.format("%14d", pixels.count(row, p)))
                  .collect(Collectors.joining())));
    }
    return text.toString().stripTrailing();
  }

  private Map<String, Double> figures(int label) {
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put("iou", pixels.iou(label));
    figures.put("dice", pixels.dice(label));
    figures.put("precision", pixels.precision(label));
    figures.put("recall", pixels.recall(label));
    figures.put("boundary_f1", outlines.f1(label));
    return figures;
  }

  /** For JSON; figures that have no meaning are left out. */
  Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("images", images);
    map.put("pixel_accuracy", pixels.accuracy());
    map.put("mean_iou", pixels.meanIou());
    map.put("mean_dice", pixels.meanDice());
    map.put("tolerance", tolerance);
    Map<String, Object> each = new LinkedHashMap<>();
    List<List<Long>> confusion = new ArrayList<>();
    for (int c = 0; c < classes.size(); c++) {
      int truth = c;
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("pixels", pixels.truePixels(c));
      figures(c)
          .forEach(
              (k, v) -> {
                if (!v.isNaN()) one.put(k, v);
              });
      each.put(classes.get(c), one);
      confusion.add(
          IntStream.range(0, classes.size()).mapToObj(p -> pixels.count(truth, p)).toList());
    }
    map.put("classes", each);
    map.put("confusion", confusion);
    return map;
  }
}
