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
import sc.fiji.spyhop.prediction.RealValues;
import sc.fiji.spyhop.task.Regression;
import sc.fiji.spyhop.task.TaskKind;
import sc.fiji.spyhop.util.Digits;

/**
 * Measures images: a table with a row for each number.
 *
 * @param model name or file
 * @param precision in which it is asked to compute
 */
public record RegressJob(String model, Parts parts, Precision precision) implements BatchJob {

  /** Columns of what is said. */
  public static final List<Column> COLUMNS =
      Column.all("image", "slice", "roi", "name", "value", "unit");

  @Override
  public String name() {
    return "regress";
  }

  @Override
  public Map<String, String> settings() {
    return Map.of("regions", parts.name().toLowerCase(Locale.ROOT));
  }

  @Override
  public Session open() {
    Runner<RealValues> regressor =
        Runner.open(model, TaskKind.REGRESSION, Runner.Options.DEFAULT.withPrecision(precision));
    Regression task = regressor.spec().task(TaskKind.REGRESSION);
    return new ModelSession(
        regressor,
        COLUMNS,
        (image, progress) -> {
          List<Region> regions = parts.of(image.frames());
          Runner.Looked<RealValues> looked =
              regressor.look(regions.size(), i -> regions.get(i).frame().get(), progress);
          return found(image.title(), image.frames(), regions, looked, task);
        });
  }

  /**
   * A row for each number.
   *
   * @param title of the image in the table
   */
  public static Found found(
      String title,
      Frames frames,
      List<Region> regions,
      Runner.Looked<RealValues> looked,
      Regression task) {
    List<RealValues> values = looked.said();
    List<List<String>> rows = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      for (int k = 0; k < task.names().size(); k++) {
        rows.add(
            List.of(
                title,
                Parts.slice(regions.get(i), frames),
                Parts.roi(regions.get(i), i),
                task.names().get(k),
                Digits.six(values.get(i).get(k)),
                task.units().get(k)));
      }
    }
    return new FoundRows(rows, summary(values, task), looked.unlike());
  }

  private static String summary(List<RealValues> values, Regression task) {
    return values.size() > 1
        ? values.size() + " measured"
        : task.names().get(0) + " " + Digits.six(values.get(0).get(0));
  }
}
