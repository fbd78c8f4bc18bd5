package sc.fiji.spyhop.command;

import ij.ImagePlus;
import java.util.List;
import java.util.OptionalDouble;
import org.scijava.ItemIO;
import org.scijava.ItemVisibility;
import org.scijava.command.Command;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;
import sc.fiji.spyhop.ij.CommandOverlay;
import sc.fiji.spyhop.ij.Frames;
import sc.fiji.spyhop.ij.HyperstackSegmentation;
import sc.fiji.spyhop.ij.LookArea;
import sc.fiji.spyhop.ij.Rois;
import sc.fiji.spyhop.inference.Runner;
import sc.fiji.spyhop.inference.ShownScale;
import sc.fiji.spyhop.job.Caller;
import sc.fiji.spyhop.job.SettingException;
import sc.fiji.spyhop.job.batch.Adjust;
import sc.fiji.spyhop.job.batch.BatchJob;
import sc.fiji.spyhop.job.batch.FoundObjects;
import sc.fiji.spyhop.job.batch.SegmentJob;
import sc.fiji.spyhop.prediction.Segmentation;
import sc.fiji.spyhop.task.Adjustment;
import sc.fiji.spyhop.task.SegmentationTask;
import sc.fiji.spyhop.task.TaskKind;
import sc.fiji.spyhop.task.decode.Refinement;
import sc.fiji.spyhop.util.Strings;

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
      label = "Threshold",
      visibility = ItemVisibility.INVISIBLE,
      required = false,
      persist = false,
      description =
          "Probability above which a pixel belongs to an object, from 0 to 1: a lower one makes"
              + " objects larger and finds fainter ones; empty for what was best for the model's"
              + " validation images.")
  @InShell("N")
  private String threshold = "";

  @Parameter(
      label = "Split touching objects",
      visibility = ItemVisibility.INVISIBLE,
      required = false,
      persist = false,
      description =
          "How deep the neck between two parts has to be for them to be two objects, from 0 to 1:"
              + " a lower one splits more; empty for what was best for the model's validation"
              + " images.")
  @InShell("N")
  private String split = "";

  @Parameter(
      label = "Minimum probability",
      visibility = ItemVisibility.INVISIBLE,
      required = false,
      persist = false,
      description =
          "Mean probability of an object, from 0 to 1, below which it is left out; empty for what"
              + " was best for the model's validation images.")
  @InShell("N")
  private String probability = "";

  @Parameter(
      label = "Minimum area",
      visibility = ItemVisibility.INVISIBLE,
      min = "0",
      persist = false,
      description =
          "Objects of a smaller area are left out. It is in the unit of the column area: the square"
              + " of that of the image, such as µm², or pixels where an image has none.")
  private double smallest = 0;

  @Parameter(
      label = "Maximum area",
      visibility = ItemVisibility.INVISIBLE,
      min = "0",
      persist = false,
      description =
          "Objects of a larger area are left out, in the unit of the minimum; 0 for no maximum.")
  private double largest = 0;

  @Parameter(
      label = "Fill holes",
      visibility = ItemVisibility.INVISIBLE,
      persist = false,
      description = "Fills holes that lie in one object alone.")
  private boolean fill = false;

  @Parameter(
      label = "Leave out objects at the border of the image",
      visibility = ItemVisibility.INVISIBLE,
      persist = false,
      description = "Objects that touch the border of the image are not whole: leaves them out.")
  private boolean whole = false;

  @Parameter(
      label = "Fill Results table",
      persist = false,
      description = "A row for each object: area, position, probability and what is measured.")
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
    return new SegmentJob(model(), look(), adjust());
  }

  @Override
  void check() {
    super.check();
    adjust();
  }

  /**
   * What is wanted otherwise than the model has it.
   *
   * @throws SettingException if a setting makes no sense
   */
  private Adjust adjust() {
    Adjustment decoding =
        new Adjustment(
            within("threshold", threshold, false),
            within("split", split, true),
            number("probability", probability, 1));
    if (smallest < 0 || largest < 0 || largest > 0 && largest < smallest) {
      throw SettingException.wrong(
          largest < smallest ? "largest" : "smallest",
          "expected areas of 0 or more, the maximum not below the minimum.");
    }
    double most = largest == 0 ? Double.POSITIVE_INFINITY : largest;
    return new Adjust(decoding, smallest, most, fill, whole);
  }

  /** Without the ends of the range at which nothing, or everything, would be an object. */
  private static OptionalDouble within(String name, String text, boolean one) {
    OptionalDouble value = number(name, text);
    if (value.isEmpty()) return value;
    double v = value.getAsDouble();
    if (v > 0 && (v < 1 || one && v == 1)) return value;
    throw SettingException.wrong(
        name,
        Strings.format(
            "expected a number of more than 0 and %s 1, received %s.",
            one ? "at most" : "less than", text.strip()));
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
    Runner.Options options = look().options().withAdjustment(adjust().decoding());
    try (Runner<Segmentation> segmenter = Runner.open(model(), TaskKind.SEGMENTATION, options);
        Caller.Shown progress = caller.progress(activity())) {
      Frames frames = frames(segmenter.spec().input());
      ShownScale scale = scale(segmenter, frames, caller, progress);
      List<String> classes = segmenter.spec().task(TaskKind.SEGMENTATION).labelNames();
      LookArea.Of within = where(caller);
      Refinement refinement = adjust().in(image());
      HyperstackSegmentation found =
          HyperstackSegmentation.run(
              frames,
              classes,
              (z, t, frame, part) ->
                  within.clip(
                      z,
                      t,
                      refinement.of(segmenter.predict(frame, scale.factor(), part)),
                      !classes.isEmpty()),
              progress);
      caller.seen(image().getTitle() + " segmented on " + segmenter.device());
      show(found, within, scale, segmenter.device().name());
    }
  }

  private void show(
      HyperstackSegmentation found, LookArea.Of within, ShownScale scale, String device) {
    labels = found.labels();
    CommandOverlay.replace(image(), "segment", found.rois());
    if (table) {
      FoundObjects objects = FoundObjects.of(image().getTitle(), found, within, measures(), scale);
      ResultsWindow.show(image(), FoundObjects.COLUMNS, objects, device);
    }
    if (manager) Rois.appendToManager(found.rois());
    makeCurrent(labels);
  }
}
