package sc.fiji.spyhop.command;

import ij.IJ;
import ij.ImagePlus;
import ij.gui.Roi;
import ij.measure.ResultsTable;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.concurrent.CancellationException;
import org.scijava.app.StatusService;
import org.scijava.command.DynamicCommand;
import org.scijava.plugin.Parameter;
import org.scijava.task.TaskService;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.ij.ChannelChoice;
import sc.fiji.spyhop.ij.CommandOverlay;
import sc.fiji.spyhop.ij.Frames;
import sc.fiji.spyhop.ij.HyperstackAnnotations;
import sc.fiji.spyhop.ij.HyperstackResults;
import sc.fiji.spyhop.ij.Rois;
import sc.fiji.spyhop.ij.Tables;
import sc.fiji.spyhop.inference.Runner;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.prediction.Annotation;
import sc.fiji.spyhop.task.AnnotationTask;
import sc.fiji.spyhop.task.TaskKind;
import sc.fiji.spyhop.util.Strings;

/** Says where things are in an opened image: overlay, Results table, ROI Manager. */
abstract class SceneCommand extends DynamicCommand {

  @Parameter(label = "Image", description = "The image; stacks are done slice by slice.")
  private ImagePlus image;

  @Parameter(
      label = "Model",
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
      label = "Least score",
      required = false,
      persist = false,
      description = "From 0 to 1; empty for what was best when the model was made.")
  private String score = "";

  @Parameter(
      label = "Fill Results table",
      persist = false,
      description = "A row for each, in pixels and calibrated units.")
  private boolean table = true;

  @Parameter(
      label = "Add to ROI Manager",
      persist = false,
      description = "Regions are added to those that are there; without a display, nothing.")
  private boolean manager = true;

  @Parameter private StatusService statusService;
  @Parameter private TaskService taskService;

  abstract String title();

  abstract TaskKind<Annotation, ? extends AnnotationTask> kind();

  /**
   * How planes are looked at.
   *
   * @throws SpyhopException if the model does not do it as the parameters say
   */
  HyperstackResults.Look<Annotation> look(Runner<Annotation> runner, Frames frames) {
    return (z, t, frame, progress) -> runner.predict(frame, progress);
  }

  abstract void fill(ResultsTable results, ImagePlus of, HyperstackResults.Plane<Annotation> plane);

  /** Puts the known models into the dialog. */
  void offerModels() {
    model = Models.offer(getInfo().getMutableInput("model", String.class), model, kind().type());
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
    OptionalDouble threshold = LeastScore.parse(score);
    Models.require(model, kind().type());
    try (Runner<Annotation> runner =
            Runner.open(model.strip(), kind(), new Runner.Options(threshold, OptionalInt.empty()));
        CommandProgress progress =
            new CommandProgress(statusService, taskService, title(), this::isCanceled)) {
      ModelSpec.Input input = runner.spec().input();
      Frames frames = Frames.of(image, choice, input.channels(), input.colors());
      show(runner, HyperstackAnnotations.run(frames, look(runner, frames), progress));
    } catch (CancellationException e) {
      Cancellations.end(this, title() + " was cancelled; nothing was changed.");
    }
  }

  private void show(Runner<Annotation> runner, HyperstackAnnotations found) {
    AnnotationTask task = runner.spec().task(kind());
    List<Roi> rois = found.rois(task.names(), task.layout());
    CommandOverlay.replace(image, title(), rois);
    if (table) {
      ResultsTable results = ResultsTable.getResultsTable();
      int before = results.size();
      found.planes().forEach(p -> fill(results, image, p));
      Tables.device(results, before, runner.device().name());
      results.show("Results");
    }
    if (manager) Rois.appendToManager(rois);
    IJ.log(
        Strings.format(
            "Spyhop: %s: %d boxes, %d keypoints; on %s",
            image.getTitle(), found.boxes(), found.points(), runner.device()));
  }
}
