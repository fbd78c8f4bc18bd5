package sc.fiji.spyhop.task.metrics;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import sc.fiji.spyhop.prediction.LabelMap;
import sc.fiji.spyhop.prediction.ObjectClasses;
import sc.fiji.spyhop.util.Strings;

/**
 * Agreement of predicted objects that have classes with true ones: the figures of {@link
 * InstanceMetrics} of all objects whatever their class, the same of the objects of each class,
 * where both outline and class have to agree, and which class was taken for which among the objects
 * that were found at an IoU of 0.5. Means over classes are over those that occur in truth or
 * prediction.
 */
public final class ClassedInstanceMetrics implements Pooled<ClassedInstanceMetrics> {

  private final List<String> classes;
  private final InstanceMetrics any = new InstanceMetrics();
  private final List<InstanceMetrics> each = new ArrayList<>();

  /** Objects that were found, [true class][predicted class]. */
  private final long[][] taken;

  /**
   * Of no images yet.
   *
   * @param classes names of classes 0, 1, ...
   */
  public ClassedInstanceMetrics(List<String> classes) {
    this.classes = List.copyOf(classes);
    for (int c = 0; c < classes.size(); c++) each.add(new InstanceMetrics());
    taken = new long[classes.size()][classes.size()];
  }

  /**
   * Adds an image, whose label maps know the classes of objects. An object whose class the truth
   * does not tell counts among all objects, and for no class.
   *
   * @throws sc.fiji.spyhop.SpyhopException if sizes differ
   */
  public void add(LabelMap predicted, LabelMap truth) {
    add(predicted, truth, Map.of());
  }

  /**
   * The same of objects with scores.
   *
   * @param scores see {@link InstanceMetrics#add(LabelMap, LabelMap, Map)}
   */
  public void add(LabelMap predicted, LabelMap truth, Map<Integer, Double> scores) {
    any.add(predicted, truth, scores);
    for (int c = 0; c < classes.size(); c++) each.get(c).add(predicted, truth, c);
    InstanceMetrics.matches(predicted, truth)
        .right()
        .forEach(
            (p, t) -> {
              int expected = truth.classes().of(t);
              int found = predicted.classes().of(p);
              boolean known = expected != ObjectClasses.UNKNOWN && found != ObjectClasses.UNKNOWN;
              if (known) taken[expected][found]++;
            });
  }

  /** Adds all images that another was given, of the same classes. */
  @Override
  public void add(ClassedInstanceMetrics other) {
    any.add(other.any);
    for (int c = 0; c < classes.size(); c++) {
      each.get(c).add(other.each.get(c));
      for (int p = 0; p < classes.size(); p++) taken[c][p] += other.taken[c][p];
    }
  }

  /** Of all objects: a score says whether an object is there, whatever its class. */
  @Override
  public Optional<Reliability> reliability() {
    return any.reliability();
  }

  /** Figures of all objects, whatever their class. */
  public InstanceMetrics any() {
    return any;
  }

  /** Figures of the objects of a class. */
  public InstanceMetrics of(int type) {
    return each.get(type);
  }

  /** Mean over the classes of F1 at IoU 0.5; 0 if there are no objects. */
  public double meanF1() {
    return mean(m -> m.at(50).f1());
  }

  /** Mean over the classes of {@link InstanceMetrics#meanAp}; 0 if there are no objects. */
  public double meanAp() {
    return mean(InstanceMetrics::meanAp);
  }

  private double mean(ToDoubleFunction<InstanceMetrics> figure) {
    return each.stream().filter(m -> !isEmpty(m)).mapToDouble(figure).average().orElse(0);
  }

  private static boolean isEmpty(InstanceMetrics m) {
    return m.trueObjects() + m.predictedObjects() == 0;
  }

  /** Those of all objects, the means over the classes, and F1 at IoU 0.5 of each class. */
  @Override
  public Map<String, Double> main() {
    Map<String, Double> main = new LinkedHashMap<>(any.main());
    boolean none = each.stream().allMatch(ClassedInstanceMetrics::isEmpty);
    main.put("class_f1", none ? Double.NaN : meanF1());
    main.put("class_mean_ap", none ? Double.NaN : meanAp());
    for (int c = 0; c < classes.size(); c++) {
      main.put("f1_" + classes.get(c), each.get(c).main().get("f1"));
    }
    return main;
  }

  @Override
  public Map<String, Object> row(ClassedInstanceMetrics image) {
    Map<String, Object> row = new LinkedHashMap<>(image.main());
    row.put("true_objects", image.any.trueObjects());
    row.put("predicted_objects", image.any.predictedObjects());
    for (int c = 0; c < classes.size(); c++) {
      row.put("true_" + classes.get(c), image.each.get(c).trueObjects());
      row.put("predicted_" + classes.get(c), image.each.get(c).predictedObjects());
    }
    return row;
  }

  @Override
  public double loss(ClassedInstanceMetrics image) {
    double f1 = image.main().get("class_f1");
    return Double.isNaN(f1) ? 0 : 1 - f1;
  }

  /** In objects that were found. */
  @Override
  public Optional<Confusion> confusion() {
    return Optional.of(new Confusion(classes, taken));
  }

  /** The figures of all objects, a line for each class, and which class was taken for which. */
  @Override
  public String table() {
    int name = 5 + classes.stream().mapToInt(String::length).max().orElse(0);
    StringBuilder text = new StringBuilder(any.table());
    text.append(
        Strings.format(
            "%nBy class, outline and class agreeing: mean F1 %.4f, mean AP %.4f%n  %-" + name + "s",
            meanF1(),
            meanAp(),
            "class"));
    for (String c : List.of("true", "predicted", "precision", "recall", "F1", "mean AP", "PQ")) {
      text.append(Strings.format("%14s", c));
    }
    for (int c = 0; c < classes.size(); c++) {
      InstanceMetrics m = each.get(c);
      InstanceMetrics.Figures f = m.at(50);
      text.append(
          Strings.format(
              "%n  %-" + name + "s%14d%14d%14.4f%14.4f%14.4f%14.4f%14.4f",
              classes.get(c),
              m.trueObjects(),
              m.predictedObjects(),
              f.precision(),
              f.recall(),
              f.f1(),
              m.meanAp(),
              f.pq()));
    }
    text.append(Strings.format("%nObjects found of each class (rows) taken for each (columns)"));
    for (int t = 0; t < classes.size(); t++) {
      long[] row = taken[t];
      text.append(
          Strings.format(
              "%n  %-" + name + "s%s",
              classes.get(t),
              IntStream.range(0, classes.size())
                  .mapToObj(p -> Strings.format("%14d", row[p]))
                  .collect(Collectors.joining())));
    }
    return text.toString();
  }

  /** Figures of all objects, and those of each class under {@code classes}. */
  @Override
  public Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>(any.toMap());
    map.put("class_F1", meanF1());
    map.put("class_mean_AP_50_95", meanAp());
    Map<String, Object> of = new LinkedHashMap<>();
    for (int c = 0; c < classes.size(); c++) of.put(classes.get(c), each.get(c).toMap());
    map.put("classes", of);
    map.put("confusion", taken);
    return map;
  }
}
