package sc.fiji.spyhop.command;

import java.util.Map;
import java.util.OptionalDouble;
import org.scijava.ItemVisibility;
import org.scijava.command.Command;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;
import sc.fiji.spyhop.ij.ChannelChoice;
import sc.fiji.spyhop.inference.Scaling;
import sc.fiji.spyhop.job.Caller;
import sc.fiji.spyhop.job.batch.Adjust;
import sc.fiji.spyhop.job.batch.BatchJob;
import sc.fiji.spyhop.job.batch.DefaultJob;
import sc.fiji.spyhop.job.batch.Look;
import sc.fiji.spyhop.job.batch.Parts;

/**
 * Does with all images of a folder what a model is for, and writes tables, regions and pictures
 * into another. In a macro:
 *
 * <pre>run("Spyhop Batch", "input=/data/images output=/data/results model=nuclei");</pre>
 */
@Plugin(
    type = Command.class,
    menuPath = "Plugins>Spyhop>Spyhop Batch",
    headless = true,
    initializer = "offerModels",
    description = "Looks at all images of a folder with a model or a pipeline.")
public final class BatchCommand extends FilesCommand {

  @Parameter(
      label = "Model or pipeline",
      style = ModelChoice.STYLE,
      persist = false,
      description =
          "Name of a model or pipeline, or path of its .spyhop file; what it is for is done.")
  @InShell("NAME|FILE")
  private String model = "";

  @Parameter(label = "Channel", persist = false, description = CHANNEL_HELP)
  @InShell(value = "N", flags = "--grey=grey")
  private String channel = "auto";

  @Parameter(
      label = "What to classify or measure",
      choices = {"slices", "overlay"},
      visibility = ItemVisibility.INVISIBLE,
      persist = false,
      description =
          "Each slice as a whole, or each region of the overlay that is saved with an image.")
  private String regions = "slices";

  @Parameter(
      label = "Classes to list",
      visibility = ItemVisibility.INVISIBLE,
      min = "1",
      persist = false,
      description =
          "Number of classes to list, the most likely first, for models and pipelines that classify.")
  private int top = 1;

  @Parameter(
      label = "Score threshold",
      visibility = ItemVisibility.INVISIBLE,
      required = false,
      persist = false,
      description =
          "Minimum score of objects, boxes and keypoints, from 0 to 1; empty for what was best for"
              + " the model's validation images.")
  @InShell("N")
  private String score = "";

  @Parameter(
      label = "Threshold",
      visibility = ItemVisibility.INVISIBLE,
      required = false,
      persist = false,
      description = ObjectSettings.THRESHOLD_HELP)
  @InShell("N")
  private String threshold = "";

  @Parameter(
      label = "Split touching objects",
      visibility = ItemVisibility.INVISIBLE,
      required = false,
      persist = false,
      description = ObjectSettings.SPLIT_HELP)
  @InShell("N")
  private String split = "";

  @Parameter(
      label = "Minimum probability",
      visibility = ItemVisibility.INVISIBLE,
      required = false,
      persist = false,
      description = ObjectSettings.PROBABILITY_HELP)
  @InShell("N")
  private String probability = "";

  @Parameter(
      label = "Minimum area",
      visibility = ItemVisibility.INVISIBLE,
      min = "0",
      persist = false,
      description = ObjectSettings.SMALLEST_HELP)
  private double smallest = 0;

  @Parameter(
      label = "Maximum area",
      visibility = ItemVisibility.INVISIBLE,
      min = "0",
      persist = false,
      description = ObjectSettings.LARGEST_HELP)
  private double largest = 0;

  @Parameter(
      label = "Fill holes",
      visibility = ItemVisibility.INVISIBLE,
      persist = false,
      description = ObjectSettings.FILL_HELP)
  private boolean fill = false;

  @Parameter(
      label = "Leave out objects at the border of the image",
      visibility = ItemVisibility.INVISIBLE,
      persist = false,
      description = ObjectSettings.WHOLE_HELP)
  private boolean whole = false;

  @Parameter(
      label = "Classes to keep",
      visibility = ItemVisibility.INVISIBLE,
      required = false,
      persist = false,
      description = ObjectSettings.CLASSES_HELP)
  @InShell("NAME,...")
  private String classes = "";

  @Parameter(
      label = "Keep probabilities",
      visibility = ItemVisibility.INVISIBLE,
      persist = false,
      description = ObjectSettings.KEEP_HELP)
  private boolean probabilities = false;

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
      label = "Measure",
      visibility = ItemVisibility.INVISIBLE,
      required = false,
      persist = false,
      description = ScaledCommand.MEASURE_HELP)
  @InShell("SET,...")
  private String measure = "all";

  @Parameter(
      label = "Look within",
      visibility = ItemVisibility.INVISIBLE,
      required = false,
      persist = false,
      description = ScaledCommand.WITHIN_HELP)
  @InShell("all|overlay|FILE|DIR")
  private String within = "auto";

  @Parameter(
      label = "Objects on its border",
      choices = {"keep", "cut", "drop"},
      visibility = ItemVisibility.INVISIBLE,
      persist = false,
      description = ScaledCommand.EDGE_HELP)
  private String edge = "keep";

  @Parameter(
      label = "Normalize over",
      choices = {"image", "area"},
      visibility = ItemVisibility.INVISIBLE,
      persist = false,
      description = ScaledCommand.NORMALIZE_HELP)
  private String normalize = "image";

  @Parameter(
      label = "Precision",
      choices = {"auto", "float32", "bfloat16"},
      visibility = ItemVisibility.INVISIBLE,
      persist = false,
      description = PredictCommand.PRECISION_HELP)
  private String precision = "auto";

  @Parameter(
      label = "Type of restored images",
      choices = {"float", "same"},
      visibility = ItemVisibility.INVISIBLE,
      persist = false,
      description = RestoreCommand.TYPE_HELP)
  private String type = "float";

  /** Puts the known models and pipelines into the dialog. */
  void offerModels() {
    ModelChoice.offerAll(this, "model");
  }

  @Override
  final ChannelChoice channels() {
    return channels(channel);
  }

  @Override
  void check() {
    super.check();
    ModelChoice.requireAny(model);
    score();
    look();
    adjust();
  }

  @Override
  public Map<String, String> hints(Map<String, Object> settings) {
    return ModelHints.of(settings.get("model"));
  }

  private Adjust adjust() {
    return ObjectSettings.parse(
        threshold, split, probability, score, smallest, largest, fill, whole, classes);
  }

  private Scaling scaling() {
    return ScaledCommand.scaling(diameter, scale, null);
  }

  private Look look() {
    return new Look(
        scaling(),
        precision(precision),
        ScaledCommand.measures(measure),
        ScaledCommand.area(within, edge, false).alone(ScaledCommand.isArea(normalize)));
  }

  private OptionalDouble score() {
    return number("score", score, 1);
  }

  @Override
  BatchJob job(Caller caller) {
    return DefaultJob.of(
        model.strip(),
        new DefaultJob.Options(
            Parts.parse(regions),
            top,
            score(),
            look(),
            adjust(),
            probabilities,
            RestoreCommand.depth(type)));
  }
}
