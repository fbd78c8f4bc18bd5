package sc.fiji.spyhop.task.metrics;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import sc.fiji.spyhop.prediction.LabelMap;
import sc.fiji.spyhop.util.Strings;

/** Figures of maps of classes, pixel by pixel, pooled over images. */
public final class PixelMetrics implements Pooled<PixelMetrics> {

  private final List<String> classes;
  private final double tolerance;
  private final ClassMetrics pixels;
  private final BoundaryMetrics outlines;
  private int images;

  /**
   * Of no images yet.
   *
   * @param classes names of labels 0, 1, ...
   * @param tolerance of outlines, in pixels
   */
  public PixelMetrics(List<String> classes, double tolerance) {
    this.classes = classes;
    this.tolerance = tolerance;
    pixels = new ClassMetrics(classes.size(), label -> label == LabelMap.UNLABELLED);
    outlines =
        new BoundaryMetrics(classes.size(), tolerance, label -> label == LabelMap.UNLABELLED);
  }

  /**
   * Adds an image. Where the truth is {@link LabelMap#UNLABELLED} nothing counts.
   *
   * @throws sc.fiji.spyhop.SpyhopException if sizes differ, or a label is none of the classes
   */
  public void add(LabelMap predicted, LabelMap truth) {
    pixels.add(predicted, truth);
    outlines.add(predicted, truth);
    images++;
  }

  /** Adds all images that another was given, of the same classes. */
  @Override
  public void add(PixelMetrics other) {
    pixels.add(other.pixels);
    outlines.add(other.outlines);
    images += other.images;
  }

  /** Mean IoU and mean Dice; neither has a meaning without a pixel that counts. */
  @Override
  public Map<String, Double> main() {
    boolean none = IntStream.range(0, classes.size()).allMatch(c -> pixels.truePixels(c) == 0);
    Map<String, Double> main = new LinkedHashMap<>();
    main.put("mean_iou", none ? Double.NaN : pixels.meanIou());
    main.put("mean_dice", none ? Double.NaN : pixels.meanDice());
    return main;
  }

  @Override
  public Map<String, Object> row(PixelMetrics image) {
    Map<String, Object> row = new LinkedHashMap<>(image.main());
    for (int c = 0; c < classes.size(); c++) {
      row.put("iou_" + classes.get(c), image.pixels.iou(c));
    }
    return row;
  }

  @Override
  public double loss(PixelMetrics image) {
    double iou = image.main().get("mean_iou");
    return Double.isNaN(iou) ? 0 : 1 - iou;
  }

  /** In pixels. */
  @Override
  public Optional<Confusion> confusion() {
    int n = classes.size();
    long[][] counts = new long[n][n];
    for (int t = 0; t < n; t++) for (int p = 0; p < n; p++) counts[t][p] = pixels.count(t, p);
    return Optional.of(new Confusion(classes, counts));
  }

  /** A line for each class, and how many pixels of each were taken for each. */
  @Override
  public String table() {
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
  @Override
  public Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("images", images);
    map.put("pixel_accuracy", pixels.accuracy());
    map.put("mean_iou", pixels.meanIou());
    map.put("mean_dice", pixels.meanDice());
    map.put("tolerance", tolerance);
    Map<String, Object> each = new LinkedHashMap<>();
    for (int c = 0; c < classes.size(); c++) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("pixels", pixels.truePixels(c));
      figures(c)
          .forEach(
              (k, v) -> {
                if (!v.isNaN()) one.put(k, v);
              });
      each.put(classes.get(c), one);
    }
    map.put("classes", each);
    map.put("confusion", confusion().orElseThrow().counts());
    return map;
  }
}
