package sc.fiji.spyhop.task.metrics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import sc.fiji.spyhop.prediction.ClassScores;
import sc.fiji.spyhop.util.Strings;

/**
 * Figures of classes that do not exclude each other, over all images added, as scikit-learn defines
 * them. Means over classes leave out those for which a figure has no meaning.
 */
public final class MultiLabelMetrics implements Pooled<MultiLabelMetrics.Outcome> {

  /**
   * What was said of an image.
   *
   * @param truth whether it is of each class
   * @param told whether it was said to be, as many
   * @param probabilities of each class, as many; NaN where not known
   */
  public record Outcome(List<Boolean> truth, List<Boolean> told, List<Double> probabilities) {

    /** Copies the lists. */
    public Outcome {
      truth = List.copyOf(truth);
      told = List.copyOf(told);
      probabilities = List.copyOf(probabilities);
    }

    /**
     * What a network said of an image.
     *
     * @param told numbers of the classes that it is said to be of
     * @param truth what is certain of each class
     */
    public static Outcome of(ClassScores said, List<Integer> told, ClassScores truth) {
      int n = truth.classes();
      return new Outcome(
          IntStream.range(0, n).mapToObj(c -> truth.probability(c) >= 0.5).toList(),
          IntStream.range(0, n).mapToObj(told::contains).toList(),
          IntStream.range(0, n).mapToObj(c -> (double) said.probability(c)).toList());
    }

    private long wrong() {
      return IntStream.range(0, truth.size())
          .filter(c -> !truth.get(c).equals(told.get(c)))
          .count();
    }
  }

  /** Begins the names of columns that tell how likely a class is. */
  public static final String PROBABILITY = "probability_";

  private final List<String> classes;
  private final long[] hits;
  private final long[] misses;
  private final long[] falseAlarms;
  private final List<Outcome> images = new ArrayList<>();
  private long exact;

  /** Of no images yet; the names give numbers to the classes. */
  public MultiLabelMetrics(List<String> classes) {
    this.classes = List.copyOf(classes);
    hits = new long[classes.size()];
    misses = new long[classes.size()];
    falseAlarms = new long[classes.size()];
  }

  @Override
  public void add(Outcome image) {
    for (int c = 0; c < classes.size(); c++) {
      boolean is = image.truth.get(c);
      if (image.told.get(c)) (is ? hits : falseAlarms)[c]++;
      else if (is) misses[c]++;
    }
    if (image.wrong() == 0) exact++;
    images.add(image);
  }

  /** Number of images. */
  public long images() {
    return images.size();
  }

  /** Images that are of a class. */
  public long truths(int index) {
    return hits[index] + misses[index];
  }

  /** Share of what was said to be of a class that is; NaN if nothing was. */
  public double precision(int index) {
    return (double) hits[index] / (hits[index] + falseAlarms[index]);
  }

  /** Share of what is of a class that was said to be; NaN if nothing is. */
  public double recall(int index) {
    return (double) hits[index] / truths(index);
  }

  /** {@code 2 hits / (2 hits + misses + false alarms)}; NaN if nothing is or was said to be. */
  public double f1(int index) {
    return f1(hits[index], misses[index], falseAlarms[index]);
  }

  private static double f1(long hits, long misses, long falseAlarms) {
    return 2.0 * hits / (2 * hits + misses + falseAlarms);
  }

  /** Mean F1 over the classes that occur in truth or prediction; NaN if none does. */
  public double macroF1() {
    return mean(this::f1);
  }

  /** F1 of all classes of all images together; NaN if none occurs. */
  public double microF1() {
    return f1(
        Arrays.stream(hits).sum(), Arrays.stream(misses).sum(), Arrays.stream(falseAlarms).sum());
  }

  /** Share of the images of which all classes are right; 0 if there are none. */
  public double exactMatch() {
    return images.isEmpty() ? 0 : (double) exact / images.size();
  }

  /** Share of the classes of all images that are wrong; 0 if there are no images. */
  public double hammingLoss() {
    long wrong = Arrays.stream(misses).sum() + Arrays.stream(falseAlarms).sum();
    return images.isEmpty() ? 0 : (double) wrong / images.size() / classes.size();
  }

  /**
   * Area under the ROC curve: how often an image of the class has a larger probability than one
   * that is not, equal ones counting one half; NaN if all or none are of the class, or a
   * probability is not known.
   */
  public double auc(int index) {
    List<Outcome> ranked = ranked(index);
    double below = 0;
    double wins = 0;
    long positive = 0;
    for (int from = 0; from < ranked.size(); ) {
      int to = from;
      long in = 0;
      while (to < ranked.size() && equal(ranked.get(to), ranked.get(from), index)) {
        if (ranked.get(to++).truth.get(index)) in++;
      }
      long out = to - from - in;
      // from the surest down: what comes before are the larger ones
      wins += out * (positive + in / 2.0);
      positive += in;
      below += out;
      from = to;
    }
    return wins / (positive * below);
  }

  /**
   * Average precision: precisions at falling thresholds, each weighted with the recall that it
   * adds; NaN if none is of the class, or a probability is not known.
   */
  public double averagePrecision(int index) {
    List<Outcome> ranked = ranked(index);
    double sum = 0;
    long positive = 0;
    for (int from = 0; from < ranked.size(); ) {
      int to = from;
      long in = 0;
      while (to < ranked.size() && equal(ranked.get(to), ranked.get(from), index)) {
        if (ranked.get(to++).truth.get(index)) in++;
      }
      positive += in;
      sum += in * ((double) positive / to);
      from = to;
    }
    return sum / positive;
  }

  private static boolean equal(Outcome a, Outcome b, int index) {
    return a.probabilities.get(index).equals(b.probabilities.get(index));
  }

  /** The surest first; none if a probability is not known. */
  private List<Outcome> ranked(int index) {
    if (images.stream().anyMatch(i -> i.probabilities.get(index).isNaN())) return List.of();
    return images.stream()
        .sorted(Comparator.comparingDouble((Outcome i) -> i.probabilities.get(index)).reversed())
        .toList();
  }

  private double mean(IntToDoubleFunction figure) {
    return IntStream.range(0, classes.size())
        .mapToDouble(figure)
        .filter(v -> !Double.isNaN(v))
        .average()
        .orElse(Double.NaN);
  }

  /** Macro and micro F1, exact match and Hamming loss. */
  @Override
  public Map<String, Double> main() {
    Map<String, Double> main = new LinkedHashMap<>();
    main.put("macro_f1", macroF1());
    main.put("micro_f1", microF1());
    main.put("exact_match", exactMatch());
    main.put("hamming_loss", hammingLoss());
    return main;
  }

  @Override
  public Map<String, Object> row(Outcome image) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("truth", names(image.truth));
    row.put("predicted", names(image.told));
    row.put("right", image.wrong() == 0 ? 1 : 0);
    for (int c = 0; c < classes.size(); c++) {
      row.put(PROBABILITY + classes.get(c), image.probabilities.get(c));
    }
    return row;
  }

  private String names(List<Boolean> which) {
    return IntStream.range(0, classes.size())
        .filter(which::get)
        .mapToObj(classes::get)
        .collect(Collectors.joining("; "));
  }

  /** Mean over the classes of how far what was said is from what is true. */
  @Override
  public double loss(Outcome image) {
    return IntStream.range(0, classes.size())
        .mapToDouble(
            c -> {
              double p = image.probabilities.get(c);
              double said = Double.isNaN(p) ? (image.told.get(c) ? 1 : 0) : p;
              return Math.abs((image.truth.get(c) ? 1 : 0) - said);
            })
        .average()
        .orElse(0);
  }

  /** All figures as lines of text, one line for each class. */
  @Override
  public String table() {
    int width = Math.max(24, classes.stream().mapToInt(String::length).max().orElse(0) + 1);
    StringBuilder text = new StringBuilder();
    text.append(
        Strings.format(
            "%s%nmacro F1 %s, micro F1 %s, exact match %.4f, Hamming loss %.4f%n",
            Strings.count(images.size(), "image"),
            cell(macroF1()),
            cell(microF1()),
            exactMatch(),
            hammingLoss()));
    text.append(
        Strings.format(
            "%-" + width + "s %8s %9s %8s %8s %8s %8s",
            "class",
            "images",
            "precision",
            "recall",
            "F1",
            "AUC",
            "AP"));
    for (int c = 0; c < classes.size(); c++) {
      text.append(
          Strings.format(
              "%n%-" + width + "s %8d %9s %8s %8s %8s %8s",
              classes.get(c),
              truths(c),
              cell(precision(c)),
              cell(recall(c)),
              cell(f1(c)),
              cell(auc(c)),
              cell(averagePrecision(c))));
    }
    return text.toString();
  }

  private static String cell(double value) {
    return Double.isNaN(value) ? "-" : Strings.format("%.4f", value);
  }

  /** All figures, for JSON; those that have no meaning are left out. */
  @Override
  public Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("images", images());
    main().forEach((name, value) -> put(map, name, value));
    put(map, "mean_auc", mean(this::auc));
    put(map, "mean_average_precision", mean(this::averagePrecision));
    Map<String, Object> each = new LinkedHashMap<>();
    for (int c = 0; c < classes.size(); c++) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("images", truths(c));
      put(one, "precision", precision(c));
      put(one, "recall", recall(c));
      put(one, "f1", f1(c));
      put(one, "auc", auc(c));
      put(one, "average_precision", averagePrecision(c));
      each.put(classes.get(c), one);
    }
    map.put("classes", each);
    return map;
  }

  private static void put(Map<String, Object> map, String name, double value) {
    if (!Double.isNaN(value)) map.put(name, value);
  }
}
