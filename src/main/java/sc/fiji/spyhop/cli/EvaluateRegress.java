package sc.fiji.spyhop.cli;

import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import sc.fiji.spyhop.dataset.Grouping;
import sc.fiji.spyhop.dataset.ValueImages;
import sc.fiji.spyhop.inference.Runner;
import sc.fiji.spyhop.prediction.RealValues;
import sc.fiji.spyhop.task.TaskKind;
import sc.fiji.spyhop.task.metrics.RegressionMetrics;
import sc.fiji.spyhop.util.Strings;

/** Compares what a model measures with the truth. */
@Command(
    name = "regress",
    sortOptions = false,
    description = {
      "Compares what a model measures on images with the truth.",
      "Writes R2, mean absolute error and root mean squared error, in units of each number."
    },
    footer = {"", "Example:", "  spyhop evaluate regress --model length.spyhop --data mydata"})
final class EvaluateRegress extends Job {

  @Option(
      names = "--model",
      required = true,
      paramLabel = "NAME|FILE",
      description = "Name of a model or its file.")
  private String model;

  @Option(
      names = "--data",
      required = true,
      paramLabel = "DIR",
      description = "Folder with index.csv: a column image and one for each number.")
  private Path data;

  @Mixin private ImageSetOptions files = new ImageSetOptions();

  @Mixin private FiguresOptions figures = new FiguresOptions();

  @Override
  public Integer call() {
    figures.check(this);
    RegressionMetrics metrics;
    List<String> names;
    List<String> units;
    try (Runner<RealValues> regressor = Runner.open(model, TaskKind.REGRESSION)) {
      names = regressor.spec().names();
      units = regressor.spec().task(TaskKind.REGRESSION).units();
      ValueImages images =
          ValueImages.read(
              data, files.index(), files.subset(), names, Grouping.BY_NAME, files.reader(this));
      metrics = new RegressionMetrics(names);
      try (ConsoleProgress progress = new ConsoleProgress(console(), "Evaluating", 1)) {
        progress.begin("evaluating");
        List<RealValues> values =
            regressor.predict(
                images.samples().size(), i -> images.samples().get(i).frame(), progress);
        for (int i = 0; i < values.size(); i++) {
          metrics.add(values.get(i), ordered(images, images.samples().get(i).truth(), names));
        }
      }
    }
    console().out().println(Strings.count(metrics.images(), "image"));
    for (int k = 0; k < names.size(); k++) {
      String unit = units.get(k).isEmpty() ? "" : " " + units.get(k);
      console()
          .print(
              "%s: R2 %.4f, MAE %.4g%s, RMSE %.4g%s%n",
              names.get(k), metrics.r2(k), metrics.mae(k), unit, metrics.rmse(k), unit);
    }
    figures.write(metrics.toMap());
    return ExitCode.OK;
  }

  /** The table may have its columns in another order than the model. */
  private static RealValues ordered(ValueImages images, RealValues truth, List<String> names) {
    return new RealValues(names.stream().map(n -> truth.get(images.names().indexOf(n))).toList());
  }
}
