package sc.fiji.spyhop.command;

import ij.IJ;
import ij.ImagePlus;
import ij.gui.Roi;
import ij.measure.ResultsTable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.scijava.app.StatusService;
import org.scijava.command.Command;
import org.scijava.command.DynamicCommand;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;
import org.scijava.task.TaskService;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.ij.ChannelChoice;
import sc.fiji.spyhop.ij.CommandOverlay;
import sc.fiji.spyhop.ij.Frames;
import sc.fiji.spyhop.ij.HyperstackResults;
import sc.fiji.spyhop.ij.Rois;
import sc.fiji.spyhop.ij.Tables;
import sc.fiji.spyhop.job.batch.ChainRois;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.pipeline.Chain;
import sc.fiji.spyhop.pipeline.ChainResult;
import sc.fiji.spyhop.pipeline.Finding;
import sc.fiji.spyhop.pipeline.FindingTable;
import sc.fiji.spyhop.prediction.LocalizedObject;
import sc.fiji.spyhop.prediction.Pose;
import sc.fiji.spyhop.util.Strings;

/**
 * Runs a pipeline on an opened image: boxes, keypoints and classes as an overlay, rows in the
 * Results table, and regions in the ROI Manager. In a macro:
 *
 * <pre>run("Spyhop Run Pipeline", "pipeline=whales channel=auto top=1 table=true manager=false");
 * </pre>
 */
@Plugin(
    type = Command.class,
    menuPath = "Plugins>Spyhop>Spyhop Run Pipeline",
    headless = true,
    initializer = "offerPipelines",
    description = "Finds objects in an image, aligns them and says what they are, in one go.")
public final class RunPipelineCommand extends DynamicCommand {

  private static final String TITLE = "Spyhop Run Pipeline";

  @Parameter(label = "Image", description = "The image; stacks are done slice by slice.")
  private ImagePlus image;

  @Parameter(
      label = "Pipeline",
      persist = false,
      description = "Name of a pipeline, or in macros also the path of a .spyhop file.")
  private String pipeline = "";

  @Parameter(
      label = "Channel",
      persist = false,
      description =
          "auto: all channels, which must be as many as the models expect; grey: all in one; or"
              + " the number of a channel.")
  private String channel = "auto";

  @Parameter(
      label = "Classes to tell",
      persist = false,
      description = "How many classes to tell of each object, the most likely first; from 1.")
  private int top = 1;

  @Parameter(
      label = "Fill Results table",
      persist = false,
      description =
          "A row for each object and class, in pixels, and in the unit of a calibrated image.")
  private boolean table = true;

  @Parameter(
      label = "Add to ROI Manager",
      persist = false,
      description = "Regions are added to those that are there; without a display, nothing.")
  private boolean manager = true;

  @Parameter private StatusService statusService;
  @Parameter private TaskService taskService;

  /** Puts the known pipelines into the dialog. */
  void offerPipelines() {
    pipeline = Models.offerPipelines(getInfo().getMutableInput("pipeline", String.class), pipeline);
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
    if (top < 1) {
      throw new SpyhopException("Classes to tell: expected a number from 1, received " + top + ".");
    }
    if (pipeline.isBlank()) {
      throw new SpyhopException(
          "Pipeline: expected a name or, in macros, the path of a .spyhop file, received nothing.");
    }
    try (Chain chain = Chain.open(pipeline.strip());
        CommandProgress progress =
            new CommandProgress(statusService, taskService, TITLE, this::isCanceled)) {
      ModelSpec.Input input = chain.input();
      Frames frames = Frames.of(image, choice, input.channels(), input.colors());
      show(chain, HyperstackResults.run(frames, chain::run, progress));
    } catch (CancellationException e) {
      Cancellations.end(this, TITLE + " was cancelled; nothing was changed.");
    }
  }

  private void show(Chain chain, HyperstackResults<ChainResult> found) {
    List<Roi> rois = ChainRois.of(found, chain);
    CommandOverlay.replace(image, TITLE, rois);
    FindingTable columns =
        new FindingTable(chain.classes(), chain.keypoints(), chain.measures(), top);
    if (table) {
      ResultsTable results = ResultsTable.getResultsTable();
      results.setNaNEmptyCells(true);
      int before = results.size();
      for (HyperstackResults.Plane<ChainResult> p : found.planes()) {
        Map<String, Finding> findings = new HashMap<>();
        p.result().findings().forEach(f -> findings.put(String.valueOf(f.number()), f));
        for (List<String> row : columns.rows(image.getTitle(), p.z(), p.t(), p.result())) {
          fill(results, columns.header(), row);
          Optional.ofNullable(findings.get(row.get(FindingTable.OBJECT)))
              .ifPresent(f -> addCalibrated(results, f));
        }
      }
      Tables.device(results, before, chain.deviceName());
      results.show("Results");
    }
    if (manager) Rois.appendToManager(rois);
    for (HyperstackResults.Plane<ChainResult> p : found.planes()) {
      IJ.log(
          Strings.format("Spyhop: %s: %s", image.getTitle(), p.result().summary(chain.classes())));
    }
  }

  /** Numbers as numbers, so that they can be sorted and plotted. */
  private static void fill(ResultsTable results, List<String> header, List<String> row) {
    results.incrementCounter();
    for (int i = 0; i < row.size(); i++) {
      String cell = row.get(i);
      if (cell.matches("-?\\d+(\\.\\d+)?"))
        results.addValue(header.get(i), Double.parseDouble(cell));
      else results.addValue(header.get(i), cell);
    }
  }

  private void addCalibrated(ResultsTable results, Finding f) {
    Tables.addCalibrated(
        results,
        image,
        f.object().map(LocalizedObject::box),
        f.pose().map(Pose::located).orElse(List.of()));
  }
}
