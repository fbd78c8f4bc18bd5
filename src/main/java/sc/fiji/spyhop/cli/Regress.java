package sc.fiji.spyhop.cli;

import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import sc.fiji.spyhop.ij.Frames;
import sc.fiji.spyhop.ij.Region;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.pipeline.Regressor;
import sc.fiji.spyhop.prediction.RealValues;
import sc.fiji.spyhop.task.Regression;

/** Measures image files. */
@Command(
    name = "regress",
    sortOptions = false,
    description = {
      "Measures images with a trained network.",
      "Writes results.csv with a row for each number of each image, slice or region."
    },
    footer = {"", "Example:", "  spyhop regress --model length.spyhop --output results images/"})
final class Regress extends ImagesJob {

  @Override
  Session open(Path table) {
    Regressor regressor = Regressor.open(model);
    Regression task = regressor.task();
    CsvRows rows = new CsvRows(table, "image", "slice", "roi", "name", "value", "unit");
    return new Session() {
      @Override
      public ModelSpec spec() {
        return regressor.model().spec();
      }

      @Override
      public String device() {
        return regressor.device().toString();
      }

      @Override
      public String process(
          String name, Frames frames, List<Region> regions, ConsoleProgress progress) {
        List<RealValues> values =
            regressor.measure(regions.size(), i -> regions.get(i).frame().get(), progress);
        for (int i = 0; i < values.size(); i++) {
          for (int k = 0; k < task.names().size(); k++) {
            rows.add(
                name,
                slice(regions.get(i), frames),
                roi(regions.get(i), i),
                task.names().get(k),
                CsvRows.number(values.get(i).get(k)),
                task.units().get(k));
          }
        }
        return values.size() > 1
            ? values.size() + " measured"
            : task.names().get(0) + " " + CsvRows.number(values.get(0).get(0));
      }

      @Override
      public void finish() {
        rows.finish();
      }

      @Override
      public void close() {
        rows.close();
        regressor.close();
      }
    };
  }
}
