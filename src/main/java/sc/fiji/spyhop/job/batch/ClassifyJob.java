package sc.fiji.spyhop.job.batch;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import sc.fiji.spyhop.dataset.format.Column;
import sc.fiji.spyhop.engine.Precision;
import sc.fiji.spyhop.ij.Frames;
import sc.fiji.spyhop.ij.Region;
import sc.fiji.spyhop.inference.Runner;
import sc.fiji.spyhop.prediction.ClassScores;
import sc.fiji.spyhop.task.ClassTask;
import sc.fiji.spyhop.task.TaskKind;
import sc.fiji.spyhop.task.metrics.MultiLabelMetrics;
import sc.fiji.spyhop.util.Digits;
import sc.fiji.spyhop.util.Strings;

/**
 * Classifies images: a table with the most likely classes and their probabilities, or where an
 * image may be of several, with these and the probability of each.
 *
 * @param model name or file
 * @param top how many classes to tell, from 1
 * @param precision in which it is asked to compute
 */
public record ClassifyJob(String model, Parts parts, int top, Precision precision)
    implements BatchJob {

  private static final List<Column> ONE =
      Column.all("image", "slice", "roi", "rank", "class", "probability");

  /**
   * Begins the names of columns that tell how likely a class is, of those that exclude no other.
   */
  public static final String PROBABILITY = "probability_";

  /**
   * Columns of what is said: a row for each class that is told; or, if an image may be of several,
   * their names and how likely each class is.
   */
  public static List<Column> columns(ClassTask task) {
    if (task.exclusive()) return ONE;
    List<Column> columns = new ArrayList<>(Column.all("image", "slice", "roi", "classes"));
    task.classes().forEach(c -> columns.add(Column.of(MultiLabelMetrics.PROBABILITY + c)));
    return columns;
  }

  @Override
  public String name() {
    return "classify";
  }

  @Override
  public Map<String, String> settings() {
    return Map.of("regions", parts.name().toLowerCase(Locale.ROOT), "top", String.valueOf(top));
  }

  @Override
  public Session open() {
    Runner<ClassScores> classifier =
        Runner.open(
            model, TaskKind.CLASSIFICATION, Runner.Options.DEFAULT.withPrecision(precision));
    ClassTask task = classifier.spec().task(TaskKind.CLASSIFICATION);
    return new ModelSession(
        classifier,
        columns(task),
        (image, progress) -> {
          List<Region> regions = parts.of(image.frames());
          Runner.Looked<ClassScores> looked =
              classifier.look(regions.size(), i -> regions.get(i).frame().get(), progress);
          return found(image.title(), image.frames(), regions, looked, task, top);
        });
  }

  /**
   * A row for each class that is told of a region, or one for each region if it may be of several.
   *
   * @param title of the image in the table
   * @param task tells what the scores are of
   * @param top how many classes to tell of those that exclude each other, from 1
   */
  public static Found found(
      String title,
      Frames frames,
      List<Region> regions,
      Runner.Looked<ClassScores> looked,
      ClassTask task,
      int top) {
    List<ClassScores> scores = looked.said();
    List<List<String>> rows = new ArrayList<>();
    if (!task.exclusive()) {
      for (int i = 0; i < scores.size(); i++) {
        List<String> row =
            new ArrayList<>(
                List.of(
                    title,
                    Parts.slice(regions.get(i), frames),
                    Parts.roi(regions.get(i), i),
                    task.text(scores.get(i))));
        for (double p : task.numbers(scores.get(i))) row.add(Digits.six(p));
        rows.add(row);
      }
      return new FoundRows(rows, summary(scores, task), looked.unlike());
    }
    for (int i = 0; i < scores.size(); i++) {
      int[] ranked = scores.get(i).ranked();
      for (int k = 0; k < Math.min(top, ranked.length); k++) {
        rows.add(
            List.of(
                title,
                Parts.slice(regions.get(i), frames),
                Parts.roi(regions.get(i), i),
                String.valueOf(k + 1),
                task.classes().get(ranked[k]),
                Digits.six(scores.get(i).probability(ranked[k]))));
      }
    }
    return new FoundRows(rows, summary(scores, task), looked.unlike());
  }

  private static String summary(List<ClassScores> scores, ClassTask task) {
    if (scores.size() > 1) return scores.size() + " classified";
    ClassScores only = scores.get(0);
    if (!task.exclusive()) return task.words(only);
    List<String> classes = task.classes();
    return Strings.format("%s (%.3f)", classes.get(only.best()), only.probability(only.best()));
  }
}
