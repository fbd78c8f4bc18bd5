package sc.fiji.spyhop.command;

import ij.IJ;
import ij.ImagePlus;
import ij.measure.ResultsTable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import org.scijava.app.StatusService;
import org.scijava.command.Command;
import org.scijava.command.DynamicCommand;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;
import org.scijava.task.TaskService;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.ij.ChannelChoice;
import sc.fiji.spyhop.ij.Frames;
import sc.fiji.spyhop.ij.Region;
import sc.fiji.spyhop.ij.Tables;
import sc.fiji.spyhop.inference.Runner;
import sc.fiji.spyhop.model.ModelSpec;
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
    description = "Measures an image with a trained network.")
public final class RegressCommand extends DynamicCommand {

  @Parameter(label = "Image", description = "The image; stacks are done slice by slice.")
  private ImagePlus image;

  @Parameter(
      label = "Model",
      required = false,
      persist = false,
      description = "Name of a model, or in macros also the path of a .spyhop file.")
  private String model = "";

  @Parameter(
      label = "Channel",
      persist = false,
      description =
          "auto: all channels, which must be as many as the model expects; grey: all in one; or"
              + " the number of a channel.")
  private String channel = "auto";

  @Parameter(
      label = "What to measure",
      choices = {"slices", "selection", "overlay", "manager"},
      persist = false,
      description =
          "Each slice as a whole, the selection, or each region of the overlay or the ROI Manager.")
  private String regions = "slices";

  @Parameter private StatusService statusService;
  @Parameter private TaskService taskService;

  /** Puts the known models into the dialog. */
  void offerModels() {
    model = Models.offer(getInfo().getMutableInput("model", String.class), model, Regression.class);
  }

  /**
   * Blocks until all is done.
   *
   * @throws SpyhopException if something is wrong with the image or the parameters
   */
  @Override
  public void run() {
    ImageCheck.require(image);
    ChannelChoice choice = ChannelChoice.parse(channel);
    Models.require(model, Regression.class);
    try (Runner<RealValues> regressor = Runner.open(model.strip(), TaskKind.REGRESSION);
        CommandProgress progress =
            new CommandProgress(statusService, taskService, "Spyhop Regress", this::isCanceled)) {
      ModelSpec.Input input = regressor.spec().input();
      Regression task = regressor.spec().task(TaskKind.REGRESSION);
      Frames frames = Frames.of(image, choice, input.channels(), input.colors());
      List<Region> parts = RegionChoice.regions(regions, frames);
      List<RealValues> values =
          regressor.predict(parts.size(), i -> parts.get(i).frame().get(), progress);
      ResultsTable results = ResultsTable.getResultsTable();
      int before = results.size();
      Tables.fill(results, image, parts, values.stream().map(v -> List.of(row(v, task))).toList());
      Tables.device(results, before, regressor.device().name());
      results.show("Results");
      IJ.log("Spyhop: " + image.getTitle() + " measured on " + regressor.device());
    } catch (CancellationException e) {
      Cancellations.end(this, "Spyhop Regress was cancelled; nothing was changed.");
    }
  }

  private static Map<String, Object> row(RealValues values, Regression task) {
    Map<String, Object> row = new LinkedHashMap<>();
    for (int k = 0; k < values.size(); k++) {
      String unit = task.units().get(k);
      row.put(task.names().get(k) + (unit.isEmpty() ? "" : " (" + unit + ")"), values.get(k));
    }
    return row;
  }
}
