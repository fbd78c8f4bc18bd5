package sc.fiji.spyhop.job.batch;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.dataset.format.Column;
import sc.fiji.spyhop.ij.Region;
import sc.fiji.spyhop.inference.Regressor;
import sc.fiji.spyhop.prediction.RealValues;
import sc.fiji.spyhop.task.Regression;
import sc.fiji.spyhop.util.Digits;

/**
 * Measures images: a table with a row for each number.
 *
 * @param model name or file
 */
public record RegressJob(String model, Parts parts) implements BatchJob {

  private static final List<Column> COLUMNS =
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
    Regressor regressor = Regressor.open(model);
    return new ModelSession(regressor.model(), regressor.device()) {
      @Override
      public List<Column> columns() {
        return COLUMNS;
      }

      @Override
      public Found look(Image image, Progress progress) {
        List<Region> regions = parts.of(image.frames());
        List<RealValues> values =
            regressor.measure(regions.size(), i -> regions.get(i).frame().get(), progress);
        return new FoundRows(
            rows(image, regions, values, regressor.task()), summary(values, regressor.task()));
      }

      @Override
      public void close() {
        regressor.close();
      }
    };
  }

  private static List<List<String>> rows(
      Image image, List<Region> regions, List<RealValues> values, Regression task) {
    List<List<String>> rows = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      for (int k = 0; k < task.names().size(); k++) {
        rows.add(
            List.of(
                image.name(),
                Parts.slice(regions.get(i), image.frames()),
                Parts.roi(regions.get(i), i),
                task.names().get(k),
                Digits.six(values.get(i).get(k)),
                task.units().get(k)));
      }
    }
    return rows;
  }

  private static String summary(List<RealValues> values, Regression task) {
    return values.size() > 1
        ? values.size() + " measured"
        : task.names().get(0) + " " + Digits.six(values.get(0).get(0));
  }
}
