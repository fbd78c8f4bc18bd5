package sc.fiji.spyhop.command;

import ij.IJ;
import ij.ImagePlus;
import ij.macro.Interpreter;
import ij.measure.ResultsTable;
import java.awt.GraphicsEnvironment;
import java.util.concurrent.CancellationException;
import org.scijava.ItemIO;
import org.scijava.app.StatusService;
import org.scijava.command.Command;
import org.scijava.command.DynamicCommand;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;
import org.scijava.task.TaskService;
import org.scijava.thread.ThreadService;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.ij.ChannelChoice;
import sc.fiji.spyhop.ij.CommandOverlay;
import sc.fiji.spyhop.ij.Frames;
import sc.fiji.spyhop.ij.HyperstackSegmentation;
import sc.fiji.spyhop.ij.Rois;
import sc.fiji.spyhop.ij.Tables;
import sc.fiji.spyhop.inference.Runner;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.prediction.Segmentation;
import sc.fiji.spyhop.task.SegmentationTask;
import sc.fiji.spyhop.task.TaskKind;

/**
 * Segments an opened image: a label image, an overlay on the image, rows in the Results table, and
 * outlines in the ROI Manager. In a macro:
 *
 * <pre>run("Spyhop Segment", "model=nuclei channel=auto table=true manager=false");</pre>
 */
@Plugin(
    type = Command.class,
    menuPath = "Plugins>Spyhop>Spyhop Segment",
    headless = true,
    initializer = "offerModels",
    description = "Finds the objects in an image with a trained network.")
public final class SegmentCommand extends DynamicCommand {

  @Parameter(label = "Image", description = "The image; stacks are done slice by slice.")
  private ImagePlus image;

  @Parameter(
      label = "Model",
      persist = false,
      description = "Name of a model, or in macros also the path of a .spyhop file.")
  private String model = "nuclei";

  @Parameter(
      label = "Channel",
      persist = false,
      description =
          "auto: all channels, which must be as many as the model expects; grey: all in one; or"
              + " the number of a channel.")
  private String channel = "auto";

  @Parameter(
      label = "Fill Results table",
      persist = false,
      description = "A row for each object: area, position, probability.")
  private boolean table = true;

  @Parameter(
      label = "Add to ROI Manager",
      persist = false,
      description = "Outlines are added to those that are there; without a display, nothing.")
  private boolean manager = true;

  @Parameter(type = ItemIO.OUTPUT, label = "Labels", description = "A number for each object.")
  private ImagePlus labels;

  @Parameter private StatusService statusService;
  @Parameter private TaskService taskService;
  @Parameter private ThreadService threadService;

  /** Puts the known models into the dialog. */
  void offerModels() {
    if (model.isBlank()) return; // which is refused
    model =
        Models.offer(
            getInfo().getMutableInput("model", String.class), model, SegmentationTask.class);
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
    Models.require(model, SegmentationTask.class);
    try (Runner<Segmentation> segmenter = Runner.open(model.strip(), TaskKind.SEGMENTATION);
        CommandProgress progress =
            new CommandProgress(statusService, taskService, "Spyhop Segment", this::isCanceled)) {
      ModelSpec.Input input = segmenter.spec().input();
      Frames frames = Frames.of(image, choice, input.channels(), input.colors());
      HyperstackSegmentation found =
          HyperstackSegmentation.run(
              frames,
              segmenter.spec().task(TaskKind.SEGMENTATION).labelNames(),
              segmenter::predict,
              progress);
      IJ.log("Spyhop: " + image.getTitle() + " segmented on " + segmenter.device());
      show(found, segmenter.device().name());
    } catch (CancellationException e) {
      Cancellations.end(this, "Spyhop Segment was cancelled; nothing was changed.");
    }
  }

  private void show(HyperstackSegmentation found, String device) {
    labels = found.labels();
    CommandOverlay.replace(image, "segment", found.rois());
    if (table) {
      ResultsTable results = ResultsTable.getResultsTable();
      int before = results.size();
      Tables.fill(results, found);
      Tables.device(results, before, device);
      results.show("Results");
    }
    if (manager) Rois.appendToManager(found.rois());
    if (Interpreter.isBatchMode() || GraphicsEnvironment.isHeadless())
      ImageCheck.makeCurrent(labels, threadService);
  }
}
