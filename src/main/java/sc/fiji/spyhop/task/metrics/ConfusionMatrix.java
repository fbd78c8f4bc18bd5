package sc.fiji.spyhop.task.metrics;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import sc.fiji.spyhop.prediction.ClassScores;
import sc.fiji.spyhop.util.Strings;

/** Which class was taken for which, over all images added, and the figures that follow from it. */
public final class ConfusionMatrix implements Pooled<ConfusionMatrix.Outcome> {

  /**
   * What was said of an image.
   *
   * @param truth number of its class
   * @param predicted number of the class that it was taken for; negative: there is no prediction
   * @param rank of the true class in the prediction, from 0; negative: not known
   * @param probability of the class that it was taken for; NaN if not known
   * @param trueProbability of its class; NaN if not known
   */
  public record Outcome(
      int truth, int predicted, int rank, double probability, double trueProbability) {

    /** What a network said of an image of a class, whose number counts from 0. */
    public static Outcome of(ClassScores scores, int truth) {
      int best = scores.best();
      return new Outcome(
          truth, best, scores.rank(truth), scores.probability(best), scores.probability(truth));
    }
  }

  private final List<String> classes;

  /** Images, [truth][predicted]. */
  private final long[][] counts;

  /** Images without a prediction, by their class. */
  private final long[] missing;

  private long amongFive;
  private boolean ranked = true;
  private long images;

  /** Of no images yet; the names give numbers to the classes. */
  public ConfusionMatrix(List<String> classes) {
    this.classes = List.copyOf(classes);
    counts = new long[classes.size()][classes.size()];
    missing = new long[classes.size()];
  }

  /** Names in the order of their numbers. */
  public List<String> classes() {
    return classes;
  }

  /** Adds an image. */
  public void add(ClassScores predicted, int truth) {
    add(Outcome.of(predicted, truth));
  }

  @Override
  public void add(Outcome image) {
    if (image.predicted < 0) missing[image.truth]++;
    else counts[image.truth][image.predicted]++;
    ranked &= image.predicted < 0 || image.rank >= 0;
    images++;
    if (image.rank >= 0 && image.rank < 5) amongFive++;
  }

  /** Images of one class that were taken for another, or for itself. */
  public long count(int truth, int predicted) {
    return counts[truth][predicted];
  }

  /** Number of images. */
  public long images() {
    return images;
  }

  /** Images of a class. */
  public long truths(int index) {
    long sum = missing[index];
    for (long n : counts[index]) sum += n;
    return sum;
  }

  /** Images taken for a class. */
  public long predictions(int index) {
    long sum = 0;
    for (long[] row : counts) sum += row[index];
    return sum;
  }

  /** Share of the images that are right; 0 if there are none. */
  public double accuracy() {
    long right = 0;
    for (int c = 0; c < counts.length; c++) right += counts[c][c];
    return ratio(right, images);
  }

  /**
   * Share of the images whose class is among the five most likely; 0 if there are none, NaN if it
   * is not known of all.
   */
  public double topFive() {
    return ranked ? ratio(amongFive, images) : Double.NaN;
  }

  /** Share of what was taken for a class that is; 0 if nothing was. */
  public double precision(int index) {
    return ratio(counts[index][index], predictions(index));
  }

  /** Share of a class that was found; 0 if there is none. */
  public double recall(int index) {
    return ratio(counts[index][index], truths(index));
  }

  /** Harmonic mean of precision and recall; 0 if the class neither occurs nor was predicted. */
  public double f1(int index) {
    return ratio(2 * counts[index][index], truths(index) + predictions(index));
  }

  /** Mean F1 over the classes that occur in truth or prediction; 0 if there are none. */
  public double macroF1() {
    double sum = 0;
    int n = 0;
    for (int c = 0; c < counts.length; c++) {
      if (truths(c) + predictions(c) == 0) continue;
      sum += f1(c);
      n++;
    }
    return n == 0 ? 0 : sum / n;
  }

  private static double ratio(long part, long whole) {
    return whole == 0 ? 0 : (double) part / whole;
  }

  /** Among five classes or fewer, all are in the first five. */
  private boolean tellsTopFive() {
    return ranked && classes.size() > 5;
  }

  /** Accuracy, macro F1 and, of more than five classes, top-5 accuracy. */
  @Override
  public Map<String, Double> main() {
    Map<String, Double> main = new LinkedHashMap<>();
    main.put("accuracy", accuracy());
    main.put("macro_f1", macroF1());
    if (tellsTopFive()) main.put("top5_accuracy", topFive());
    return main;
  }

  @Override
  public Map<String, Object> row(Outcome image) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("truth", classes.get(image.truth));
    row.put("predicted", image.predicted < 0 ? "" : classes.get(image.predicted));
    row.put("right", image.truth == image.predicted ? 1 : 0);
    row.put("probability", image.probability);
    row.put("true_probability", image.trueProbability);
    return row;
  }

  /** The less likely the true class was said to be, as far as that is known. */
  @Override
  public double loss(Outcome image) {
    if (!Double.isNaN(image.trueProbability)) return 1 - image.trueProbability;
    if (image.truth == image.predicted) return 0;
    return Double.isNaN(image.probability) ? 1 : image.probability;
  }

  @Override
  public Optional<Confusion> confusion() {
    return Optional.of(new Confusion(classes, counts));
  }

  /** All figures as lines of text, one line for each class that occurs. */
  @Override
  public String table() {
    StringBuilder text = new StringBuilder();
    text.append(
        Strings.format(
            "%s%naccuracy %.4f, error %.2f %%%s, macro F1 %.4f%n",
            Strings.count(images, "image"),
            accuracy(),
            100 * (1 - accuracy()),
            tellsTopFive() ? Strings.format(", top-5 accuracy %.4f", topFive()) : "",
            macroF1()));
    text.append(
        Strings.format("%-24s %8s %9s %8s %8s", "class", "images", "precision", "recall", "F1"));
    for (int c = 0; c < classes.size(); c++) {
      if (truths(c) + predictions(c) == 0) continue;
      text.append(
          Strings.format(
              "%n%-24s %8d %9.4f %8.4f %8.4f",
              classes.get(c), truths(c), precision(c), recall(c), f1(c)));
    }
    return text.toString();
  }

  /** All figures, for JSON. */
  @Override
  public Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("images", images);
    map.put("accuracy", accuracy());
    if (tellsTopFive()) map.put("top5_accuracy", topFive());
    map.put("macro_f1", macroF1());
    Map<String, Object> each = new LinkedHashMap<>();
    for (int c = 0; c < counts.length; c++) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("images", truths(c));
      one.put("precision", precision(c));
      one.put("recall", recall(c));
      one.put("f1", f1(c));
      each.put(classes.get(c), one);
    }
    map.put("classes", each);
    map.put("confusion", counts);
    return map;
  }
}
