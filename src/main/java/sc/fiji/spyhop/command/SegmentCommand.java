package sc.fiji.spyhop.command;

import ij.ImagePlus;
import java.util.Map;
import java.util.Optional;
import org.scijava.ItemIO;
import org.scijava.ItemVisibility;
import org.scijava.command.Command;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;
import sc.fiji.spyhop.ij.Frames;
import sc.fiji.spyhop.ij.LookArea;
import sc.fiji.spyhop.inference.Runner;
import sc.fiji.spyhop.inference.ShownScale;
import sc.fiji.spyhop.job.Caller;
import sc.fiji.spyhop.job.SettingException;
import sc.fiji.spyhop.job.batch.Adjust;
import sc.fiji.spyhop.job.batch.BatchJob;
import sc.fiji.spyhop.job.batch.FoundObjects;
import sc.fiji.spyhop.job.batch.SegmentJob;
import sc.fiji.spyhop.job.maps.MapsWriter;
import sc.fiji.spyhop.job.maps.Segmenting;
import sc.fiji.spyhop.job.preview.ModelUse;
import sc.fiji.spyhop.job.preview.SeenObjects;
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
      label = "Minimum score",
      visibility = ItemVisibility.INVISIBLE,
      required = false,
      persist = false,
      description = ObjectSettings.SCORE_HELP)
  @InShell("N")
  private String score = "";

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

  @Parameter(
      type = ItemIO.OUTPUT,
      label = "Probabilities",
      description = "The maps that objects are found in, if they are kept.")
  private ImagePlus maps;

  @Parameter(type = ItemIO.OUTPUT, label = "Labels", description = "A number for each object.")
  private ImagePlus labels;

  /**
   * Made by ImageJ and by the shell, which then fill in the parameters; the model is {@code nuclei}
   * at first.
   */
  public SegmentCommand() {
    super("nuclei");
  }

  @Override
  Class<?> kind() {
    return SegmentationTask.class;
  }

  @Override
  BatchJob job(Caller caller) {
    return new SegmentJob(model(), look(), adjust(), probabilities);
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
  Adjust adjust() {
    return ObjectSettings.parse(
        threshold, split, probability, score, smallest, largest, fill, whole, classes);
  }

  @Override
  public Map<String, String> hints(Map<String, Object> settings) {
    return ModelHints.of(settings.get("model"));
  }

  @Override
  public Optional<Previewer> previewer() {
    return Optional.of(new PartPreviewer<>(this, new SeenObjects(), this::seen));
  }

  private SeenObjects.Asked seen() {
    ImagePlus of = image();
    return new SeenObjects.Asked(
        new SeenObjects.Source.OfModel(new ModelUse(model(), channels(), look().options())),
        of,
        adjust().decoding(),
        adjust().in(of),
        adjust().classes(),
        area());
  }

  @Override
  InFiles inFiles() {
    return new SegmentFiles(this);
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
      LookArea.Of within = where(caller);
      String title = image().getTitle();
      MapsWriter.Work<FoundObjects> work =
          writer ->
              FoundObjects.find(
                  title,
                  Segmenting.by(segmenter, frames, scale, writer),
                  adjust(),
                  within,
                  measures(),
                  progress);
      FoundObjects found =
          probabilities
              ? MapsWriter.toImage(
                  image().getShortTitle() + "_probabilities",
                  segmenter,
                  frames,
                  scale,
                  work,
                  kept -> maps = kept)
              : work.with(MapsWriter.NONE);
      String settings = ((SegmentationTask) segmenter.task()).adjustment().text();
      caller.seen(
          title
              + " segmented on "
              + segmenter.device()
              + (settings.isEmpty() ? "" : "; " + settings));
      if (maps != null) makeCurrent(maps);
      labels =
          ShownObjects.show(image(), found, adjust(), segmenter.device().name(), table, manager);
      makeCurrent(labels);
    }
  }
}
