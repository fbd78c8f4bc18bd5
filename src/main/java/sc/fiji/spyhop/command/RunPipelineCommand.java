package sc.fiji.spyhop.command;

import ij.ImagePlus;
import ij.gui.Roi;
import java.util.List;
import org.scijava.ItemVisibility;
import org.scijava.command.Command;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;
import sc.fiji.spyhop.ij.ChannelChoice;
import sc.fiji.spyhop.ij.CommandOverlay;
import sc.fiji.spyhop.ij.Frames;
import sc.fiji.spyhop.ij.HyperstackResults;
import sc.fiji.spyhop.ij.LookArea;
import sc.fiji.spyhop.ij.Rois;
import sc.fiji.spyhop.ij.measure.Measures;
import sc.fiji.spyhop.inference.Scaling;
import sc.fiji.spyhop.inference.ShownScale;
import sc.fiji.spyhop.job.Caller;
import sc.fiji.spyhop.job.SettingException;
import sc.fiji.spyhop.job.batch.BatchJob;
import sc.fiji.spyhop.job.batch.FoundFindings;
import sc.fiji.spyhop.job.batch.Look;
import sc.fiji.spyhop.job.batch.PipelineJob;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.pipeline.FindingTable;
import sc.fiji.spyhop.pipeline.PipelineResult;
import sc.fiji.spyhop.pipeline.PipelineRunner;
import sc.fiji.spyhop.prediction.KeptClasses;
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
    description = "Runs a pipeline on images.")
public final class RunPipelineCommand extends LookCommand {

  @Parameter(label = "Image", description = "The image; stacks are done slice by slice.")
  private ImagePlus image;

  @Parameter(
      label = "Pipeline",
      style = ModelChoice.STYLE,
      persist = false,
      description = "Name of a pipeline, or path of its .spyhop file.")
  @InShell("NAME|FILE")
  private String pipeline = "";

  @Parameter(label = "Channel", persist = false, description = CHANNEL_HELP)
  @InShell(value = "N", flags = "--grey=grey")
  private String channel = "auto";

  @Parameter(
      label = "Classes to list",
      min = "1",
      persist = false,
      description = "Number of classes to list of each object, the most likely first.")
  private int top = 1;

  @Parameter(
      label = "Diameter of objects",
      visibility = ItemVisibility.INVISIBLE,
      required = false,
      persist = false,
      description = ScaledCommand.DIAMETER_HELP)
  @InShell("auto|N")
  private String diameter = "auto";

  @Parameter(
      label = "Scale",
      visibility = ItemVisibility.INVISIBLE,
      required = false,
      persist = false,
      description = ScaledCommand.SCALE_HELP)
  @InShell("auto|N")
  private String scale = "auto";

  @Parameter(
      label = "Classes to keep",
      visibility = ItemVisibility.INVISIBLE,
      required = false,
      persist = false,
      description = ObjectSettings.CLASSES_HELP)
  @InShell("NAME,...")
  private String classes = "";

  @Parameter(
      label = "Measure",
      visibility = ItemVisibility.INVISIBLE,
      required = false,
      persist = false,
      description = ScaledCommand.MEASURE_HELP)
  @InShell("SET,...")
  private String measure = "all";

  @Parameter(
      label = "Precision",
      choices = {"auto", "float32", "bfloat16"},
      visibility = ItemVisibility.INVISIBLE,
      persist = false,
      description = PredictCommand.PRECISION_HELP)
  private String precision = "auto";

  @Parameter(
      label = "Fill Results table",
      persist = false,
      description =
          "A row for each object and class, in pixels, and in the unit of a calibrated image.")
  @InImageJ
  private boolean table = true;

  @Parameter(
      label = "Add to ROI Manager",
      persist = false,
      description = "Regions are added to those that are there; without a display, nothing.")
  @InImageJ
  private boolean manager = true;

  /** Puts the known pipelines into the dialog. */
  void offerPipelines() {
    pipeline = ModelChoice.offerPipelines(this, "pipeline", pipeline);
  }

  @Override
  final ChannelChoice channels() {
    return channels(channel);
  }

  @Override
  BatchJob job(Caller caller) {
    return new PipelineJob(pipeline.strip(), top, look(), kept());
  }

  private KeptClasses kept() {
    return ObjectSettings.classes(classes);
  }

  private Look look() {
    return new Look(scaling(), precision(precision), ScaledCommand.measures(measure), LookArea.ALL);
  }

  private Scaling scaling() {
    return ScaledCommand.scaling(diameter, scale, image);
  }

  @Override
  void check() {
    channels();
    scaling();
    look().requireMeasures(Measures.Of.BOXES);
    if (pipeline.isBlank()) {
      throw SettingException.wrong(
          "pipeline", "expected a name or, in macros, a .spyhop file, received nothing.");
    }
  }

  @Override
  void work(Caller caller) {
    try (ImageCheck.Held held = ImageCheck.hold(image);
        PipelineRunner chain =
            PipelineRunner.open(pipeline.strip(), scaling(), precision(precision), kept());
        Caller.Shown progress = caller.progress(activity())) {
      setting("classes", () -> kept().among(chain.allClasses()));
      ModelSpec.Input input = chain.input();
      Frames frames = Frames.of(image, channels(), input.channels(), input.colors());
      ShownScale scale = chain.scale(frames.samples(), progress);
      scale.sentence(image.getTitle()).ifPresent(caller::note);
      scale
          .warning(pipeline.strip())
          .ifPresent(warning -> caller.note(image.getTitle() + ": " + warning));
      HyperstackResults<PipelineResult> found =
          HyperstackResults.run(
              frames, (frame, part) -> chain.run(frame, scale.factor(), part), progress);
      show(chain, found, scale, caller);
    }
  }

  private void show(
      PipelineRunner chain,
      HyperstackResults<PipelineResult> found,
      ShownScale scale,
      Caller caller) {
    FindingTable columns = FoundFindings.table(chain, top);
    FoundFindings measured =
        FoundFindings.of(
            image.getTitle(), chain, columns, found, ScaledCommand.measures(measure), scale);
    List<Roi> rois = measured.rois();
    CommandOverlay.replace(image, title(), rois);
    if (table) {
      ResultsWindow.show(image, FoundFindings.columns(columns), measured, chain.deviceName());
    }
    if (manager) Rois.appendToManager(rois);
    for (HyperstackResults.Plane<PipelineResult> p : found.planes()) {
      caller.seen(Strings.format("%s: %s", image.getTitle(), p.result().summary(chain.classes())));
    }
  }
}
