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
import sc.fiji.spyhop.task.TaskKind;
import sc.fiji.spyhop.util.Digits;
import sc.fiji.spyhop.util.Strings;

/**
 * Classifies images: a table with the most likely classes and their probabilities.
 *
 * @param model name or file
 * @param top how many classes to tell, from 1
 * @param precision in which it is asked to compute
 */
public record ClassifyJob(String model, Parts parts, int top, Precision precision)
    implements BatchJob {

  /** Columns of what is said. */
  public static final List<Column> COLUMNS =
      Column.all("image", "slice", "roi", "rank", "class", "probability");

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
    List<String> classes = classifier.spec().names();
    return new ModelSession(
        classifier,
        COLUMNS,
        (image, progress) -> {
          List<Region> regions = parts.of(image.frames());
          Runner.Looked<ClassScores> looked =
              classifier.look(regions.size(), i -> regions.get(i).frame().get(), progress);
          return found(image.title(), image.frames(), regions, looked, classes, top);
        });
  }

  /**
   * A row for each class that is told of a region.
   *
   * @param title of the image in the table
   * @param classes names of the classes of the scores
   * @param top how many classes to tell, from 1
   */
  public static Found found(
      String title,
      Frames frames,
      List<Region> regions,
      Runner.Looked<ClassScores> looked,
      List<String> classes,
      int top) {
    List<ClassScores> scores = looked.said();
    List<List<String>> rows = new ArrayList<>();
    for (int i = 0; i < scores.size(); i++) {
      int[] ranked = scores.get(i).ranked();
      for (int k = 0; k < Math.min(top, ranked.length); k++) {
        rows.add(
            List.of(
                title,
                Parts.slice(regions.get(i), frames),
                Parts.roi(regions.get(i), i),
                String.valueOf(k + 1),
                classes.get(ranked[k]),
                Digits.six(scores.get(i).probability(ranked[k]))));
      }
    }
    return new FoundRows(rows, summary(scores, classes), looked.unlike());
  }

  private static String summary(List<ClassScores> scores, List<String> classes) {
    if (scores.size() > 1) return scores.size() + " classified";
    ClassScores only = scores.get(0);
    return Strings.format("%s (%.3f)", classes.get(only.best()), only.probability(only.best()));
  }
}
