package sc.fiji.spyhop.task.metrics;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.prediction.LabelMap;
import sc.fiji.spyhop.prediction.Overlaps;
import sc.fiji.spyhop.util.Strings;

/**
 * Figures of classes of pixels that may lie over each other, from pixel counts of each class pooled
 * over all images added. Means are over the classes that occur in truth or prediction.
 */
public final class OverlapMetrics implements Pooled<OverlapMetrics> {

  private final List<String> classes;
  private final long[] hits;
  private final long[] truths;
  private final long[] said;
  private long pixels;
  private long exact;
  private int images;

  /** Of no images yet; the names are those of bits 0, 1, ... of labels. */
  public OverlapMetrics(List<String> classes) {
    this.classes = List.copyOf(classes);
    hits = new long[classes.size()];
    truths = new long[classes.size()];
    said = new long[classes.size()];
  }

  /**
   * Adds an image. Where the truth is {@link LabelMap#UNLABELLED} nothing counts.
   *
   * @param predicted sets of classes, see {@link Overlaps}
   * @throws SpyhopException if sizes differ, or a label holds another class
   */
  public void add(LabelMap predicted, LabelMap truth) {
    Sizes.requireEqual(predicted, truth);
    for (int i = 0; i < truth.size(); i++) {
      int t = truth.get(i);
      int p = predicted.get(i);
      if (t == LabelMap.UNLABELLED) continue;
      if ((t | p) >= Overlaps.bit(classes.size())) {
        throw new SpyhopException(
            Strings.format(
                "Masks of classes: expected %d classes, received a pixel of another.",
                classes.size()));
      }
      pixels++;
      if (t == p) exact++;
      if ((t | p) == 0) continue;
      for (int c = 0; c < classes.size(); c++) {
        boolean is = Overlaps.has(t, c);
        boolean was = Overlaps.has(p, c);
        if (is) truths[c]++;
        if (was) said[c]++;
        if (is && was) hits[c]++;
      }
    }
    images++;
  }

  @Override
  public void add(OverlapMetrics other) {
    for (int c = 0; c < classes.size(); c++) {
      hits[c] += other.hits[c];
      truths[c] += other.truths[c];
      said[c] += other.said[c];
    }
    pixels += other.pixels;
    exact += other.exact;
    images += other.images;
  }

  /** Intersection over union of a class; NaN if it is neither in the truth nor predicted. */
  public double iou(int index) {
    return (double) hits[index] / (truths[index] + said[index] - hits[index]);
  }

  /** {@code 2 |P and T| / (|P| + |T|)} of a class; NaN if neither in the truth nor predicted. */
  public double dice(int index) {
    return 2.0 * hits[index] / (truths[index] + said[index]);
  }

  /** Share of what was said to be of a class that is; NaN if nothing was. */
  public double precision(int index) {
    return (double) hits[index] / said[index];
  }

  /** Share of a class that was found; NaN if it is not in the truth. */
  public double recall(int index) {
    return (double) hits[index] / truths[index];
  }

  /** Mean of {@link #iou} over the classes that occur; NaN if none does. */
  public double meanIou() {
    return mean(this::iou);
  }

  /** Mean of {@link #dice} over the classes that occur; NaN if none does. */
  public double meanDice() {
    return mean(this::dice);
  }

  /** Share of the pixels of which all classes are right; 0 if no pixel counts. */
  public double exactMatch() {
    return pixels == 0 ? 0 : (double) exact / pixels;
  }

  private double mean(IntToDoubleFunction figure) {
    return IntStream.range(0, classes.size())
        .mapToDouble(figure)
        .filter(v -> !Double.isNaN(v))
        .average()
        .orElse(Double.NaN);
  }

  /** Mean IoU and mean Dice; neither has a meaning where no class occurs. */
  @Override
  public Map<String, Double> main() {
    Map<String, Double> main = new LinkedHashMap<>();
    main.put("mean_iou", meanIou());
    main.put("mean_dice", meanDice());
    return main;
  }

  @Override
  public Map<String, Object> row(OverlapMetrics image) {
    Map<String, Object> row = new LinkedHashMap<>(image.main());
    for (int c = 0; c < classes.size(); c++) row.put("iou_" + classes.get(c), image.iou(c));
    return row;
  }

  @Override
  public double loss(OverlapMetrics image) {
    double iou = image.meanIou();
    return Double.isNaN(iou) ? 0 : 1 - iou;
  }

  /** A line for each class. */
  @Override
  public String table() {
    int name = 5 + classes.stream().mapToInt(String::length).max().orElse(0);
    StringBuilder text = new StringBuilder();
    text.append(
        Strings.format(
            "%s, classes that may lie over each other: mean IoU %s, mean Dice %s, exact pixels"
                + " %.4f%n",
            Strings.count(images, "image"), cell(meanIou()), cell(meanDice()), exactMatch()));
    text.append(Strings.format("  %-" + name + "s", "class"));
    for (String c : List.of("pixels", "IoU", "Dice", "precision", "recall")) {
      text.append(Strings.format("%14s", c));
    }
    for (int c = 0; c < classes.size(); c++) {
      text.append(
          Strings.format(
              "%n  %-" + name + "s%14d%s",
              classes.get(c),
              truths[c],
              figures(c).values().stream()
                  .map(v -> Strings.format("%14s", cell(v)))
                  .collect(Collectors.joining())));
    }
    return text.toString();
  }

  private static String cell(double value) {
    return Double.isNaN(value) ? "-" : Strings.format("%.4f", value);
  }

  private Map<String, Double> figures(int index) {
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put("iou", iou(index));
    figures.put("dice", dice(index));
    figures.put("precision", precision(index));
    figures.put("recall", recall(index));
    return figures;
  }

  /** For JSON; figures that have no meaning are left out. */
  @Override
  public Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("images", images);
    main().forEach((k, v) -> put(map, k, v));
    map.put("exact_pixels", exactMatch());
    Map<String, Object> each = new LinkedHashMap<>();
    for (int c = 0; c < classes.size(); c++) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("pixels", truths[c]);
      figures(c).forEach((k, v) -> put(one, k, v));
      each.put(classes.get(c), one);
    }
    map.put("classes", each);
    return map;
  }

  private static void put(Map<String, Object> map, String name, double value) {
    if (!Double.isNaN(value)) map.put(name, value);
  }
}
