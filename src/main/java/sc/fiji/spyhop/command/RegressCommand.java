package sc.fiji.spyhop.command;

import java.util.List;
import org.scijava.command.Command;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;
import sc.fiji.spyhop.ij.Frames;
import sc.fiji.spyhop.ij.Region;
import sc.fiji.spyhop.inference.Runner;
import sc.fiji.spyhop.job.Caller;
import sc.fiji.spyhop.job.batch.BatchJob;
import sc.fiji.spyhop.job.batch.Parts;
import sc.fiji.spyhop.job.batch.RegressJob;
import sc.fiji.spyhop.prediction.RealValues;
import sc.fiji.spyhop.task.Regression;
import sc.fiji.spyhop.task.TaskKind;

/**
 * Measures an image, each of its slices or each region of interest with a trained network: rows in
 * the Results table. In a macro:
 *
 * <pre>run("Spyhop Regress", "model=/models/length.spyhop regions=overlay");</pre>
 */
@Plugin(
    type = Command.class,
    menuPath = "Plugins>Spyhop>Spyhop Regress",
    headless = true,
    initializer = "offerModels",
    description = "Measures images with a trained network.")
public final class RegressCommand extends PredictCommand {

  @Parameter(
      label = "What to measure",
      choices = {"slices", "selection", "overlay", "manager"},
      persist = false,
      description =
          "slices: each slice as a whole; overlay: each region of the overlay; in ImageJ also the"
              + " selection, or the regions of the ROI Manager.")
  @InImageJ({"selection", "manager"})
  private String regions = "slices";

  /**
   * Made by ImageJ and by the shell, which then fill in the parameters; no model is chosen at
   * first.
   */
  public RegressCommand() {
    super("");
  }

  @Override
  Class<?> kind() {
    return Regression.class;
  }

  @Override
  BatchJob job(Caller caller) {
    return new RegressJob(model(), Parts.parse(regions), precision());
  }

  @Override
  void look(Caller caller) {
    Runner.Options options = Runner.Options.DEFAULT.withPrecision(precision());
    try (Runner<RealValues> regressor = Runner.open(model(), TaskKind.REGRESSION, options);
        Caller.Shown progress = caller.progress(activity())) {
      Regression task = regressor.spec().task(TaskKind.REGRESSION);
      Frames frames = frames(regressor.spec().input());
      List<Region> parts = RegionChoice.regions(regions, frames);
      Runner.Looked<RealValues> looked =
          regressor.look(parts.size(), i -> parts.get(i).frame().get(), progress);
      warn(regressor.spec(), looked.unlike());
      ResultsWindow.show(
          image(),
          RegressJob.COLUMNS,
          RegressJob.found(image().getTitle(), frames, parts, looked, task),
          regressor.device().name());
      caller.seen(image().getTitle() + " measured on " + regressor.device());
    }
  }
}
