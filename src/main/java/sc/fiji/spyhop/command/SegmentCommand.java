package sc.fiji.spyhop.command;

import ij.ImagePlus;
import ij.measure.ResultsTable;
import org.scijava.ItemIO;
import org.scijava.command.Command;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;
import sc.fiji.spyhop.ij.CommandOverlay;
import sc.fiji.spyhop.ij.Frames;
import sc.fiji.spyhop.ij.HyperstackSegmentation;
import sc.fiji.spyhop.ij.Rois;
import sc.fiji.spyhop.ij.Tables;
import sc.fiji.spyhop.inference.Runner;
import sc.fiji.spyhop.job.Caller;
import sc.fiji.spyhop.job.batch.BatchJob;
import sc.fiji.spyhop.job.batch.SegmentJob;
import sc.fiji.spyhop.prediction.Segmentation;
import sc.fiji.spyhop.task.SegmentationTask;
import sc.fiji.spyhop.task.TaskKind;

/**
 * Segments an open image: a label image, an overlay on the image, rows in the Results table, and
 * outlines in the ROI Manager. In a macro:
 *
 * <pre>run("Spyhop Segment", "model=nuclei channel=auto table=true manager=false");</pre>
 */
@Plugin(
    type = Command.class,
    menuPath = "Plugins>Spyhop>Spyhop Segment",
    headless = true,
    initializer = "offerModels",
    description = "Segments the objects, or the classes of pixels, in images.")
public final class SegmentCommand extends ScaledCommand {

  @Parameter(
      label = "Fill Results table",
      persist = false,
      description = "A row for each object: area, position, probability.")
  @InImageJ
  private boolean table = true;

  @Parameter(
      label = "Add to ROI Manager",
      persist = false,
      description = "Outlines are added to those that are there; without a display, nothing.")
  @InImageJ
  private boolean manager = true;

  @Parameter(type = ItemIO.OUTPUT, label = "Labels", description = "A number for each object.")
  private ImagePlus labels;

  public SegmentCommand() {
    super("nuclei");
  }

  @Override
  Class<?> kind() {
    return SegmentationTask.class;
  }

  @Override
  BatchJob job(Caller caller) {
    return new SegmentJob(model(), scaling(), precision());
  }

  @Override
  String activity() {
    return "Segmenting";
  }

  @Override
  void offerModels() {
    if (!model().isBlank()) super.offerModels(); // a blank one is refused
  }

  @Override
  void look(Caller caller) {
    Runner.Options options =
        Runner.Options.DEFAULT.withScaling(scaling()).withPrecision(precision());
    try (Runner<Segmentation> segmenter = Runner.open(model(), TaskKind.SEGMENTATION, options);
        Caller.Shown progress = caller.progress(activity())) {
      Frames frames = frames(segmenter.spec().input());
      double scale = scale(segmenter, frames, caller, progress).factor();
      HyperstackSegmentation found =
          HyperstackSegmentation.run(
              frames,
              segmenter.spec().task(TaskKind.SEGMENTATION).labelNames(),
              (frame, part) -> segmenter.predict(frame, scale, part),
              progress);
      caller.seen(image().getTitle() + " segmented on " + segmenter.device());
      show(found, scale, segmenter.device().name());
    }
  }

  private void show(HyperstackSegmentation found, double scale, String device) {
    labels = found.labels();
    CommandOverlay.replace(image(), "segment", found.rois());
    if (table) {
      ResultsTable results = ResultsTable.getResultsTable();
      int before = results.size();
      Tables.fill(results, found);
      Tables.scale(results, before, scale);
      Tables.device(results, before, device);
      results.show("Results");
    }
    if (manager) Rois.appendToManager(found.rois());
    makeCurrent(labels);
  }
}
