package sc.fiji.spyhop.command;

import ij.ImagePlus;
import ij.WindowManager;
import java.io.File;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.scijava.ItemIO;
import org.scijava.ItemVisibility;
import org.scijava.command.Command;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.ij.Frames;
import sc.fiji.spyhop.ij.LookArea;
import sc.fiji.spyhop.ij.measure.Measurement;
import sc.fiji.spyhop.ij.measure.Measures;
import sc.fiji.spyhop.job.Caller;
import sc.fiji.spyhop.job.SettingException;
import sc.fiji.spyhop.job.batch.Adjust;
import sc.fiji.spyhop.job.batch.FoundObjects;
import sc.fiji.spyhop.job.maps.KeptMaps;
import sc.fiji.spyhop.job.preview.SeenObjects;

/**
 * Finds objects once more in probabilities that <em>Spyhop Segment</em> has kept, with other
 * settings and without the network. In a macro:
 *
 * <pre>run("Spyhop Adjust", "threshold=0.4 split=0.05 smallest=20");</pre>
 */
@Plugin(
    type = Command.class,
    menuPath = "Plugins>Spyhop>Spyhop Adjust",
    headless = true,
    description =
        "Finds objects again, with other settings, in the probabilities that Spyhop Segment has kept.")
public final class AdjustCommand extends JobCommand {

  @Parameter(
      label = "Probabilities",
      required = false,
      description = "The image of probabilities, if no folder is given.")
  private ImagePlus image;

  @Parameter(
      label = "Image",
      required = false,
      persist = false,
      description =
          "Title of the open image that was segmented, which is measured and drawn on; auto: by its"
              + " title, and the probabilities if it is not open, without intensities.")
  private String source = "auto";

  @Parameter(
      label = "Threshold",
      required = false,
      persist = false,
      description = ObjectSettings.THRESHOLD_HELP)
  @InShell("N")
  private String threshold = "";

  @Parameter(
      label = "Split touching objects",
      required = false,
      persist = false,
      description = ObjectSettings.SPLIT_HELP)
  @InShell("N")
  private String split = "";

  @Parameter(
      label = "Minimum probability",
      required = false,
      persist = false,
      description = ObjectSettings.PROBABILITY_HELP)
  @InShell("N")
  private String probability = "";

  @Parameter(
      label = "Minimum score",
      required = false,
      persist = false,
      description = ObjectSettings.SCORE_HELP)
  @InShell("N")
  private String score = "";

  @Parameter(
      label = "Minimum area",
      min = "0",
      persist = false,
      description = ObjectSettings.SMALLEST_HELP)
  private double smallest = 0;

  @Parameter(
      label = "Maximum area",
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
      label = "Folder of earlier results",
      required = false,
      style = "directory",
      visibility = ItemVisibility.INVISIBLE,
      persist = false,
      description =
          "Instead of an open image: a folder of results with kept probabilities, all of which are"
              + " adjusted.")
  @InImageJ
  private File folder = new File("");

  @Parameter(
      label = "Folder for the results",
      required = false,
      style = "directory",
      visibility = ItemVisibility.INVISIBLE,
      persist = false,
      description = FilesCommand.OUTPUT_HELP)
  private File output = new File("");

  @Parameter(
      label = "Earlier results",
      choices = {"resume", "replace", "refuse"},
      visibility = ItemVisibility.INVISIBLE,
      persist = false,
      description = FilesCommand.EXISTING_HELP)
  @SuppressWarnings("UnusedVariable") // for the recorded line, which is of the command for files
  private String existing = "resume";

  @Parameter(type = ItemIO.OUTPUT, label = "Labels", description = "A number for each object.")
  private ImagePlus labels;

  private Adjust adjust() {
    return ObjectSettings.parse(
        threshold, split, probability, score, smallest, largest, fill, whole, classes);
  }

  private Measures measures() {
    return ScaledCommand.measures(measure);
  }

  private boolean isOfFiles() {
    return !folder.getPath().isBlank();
  }

  @Override
  void check() {
    adjust();
    measures();
    ScaledCommand.area(within, edge, !isOfFiles());
    if (isOfFiles() && output.getPath().isBlank()) {
      throw SettingException.wrong(
          "output",
          "expected a folder for what comes of the adjusted ones, received nothing (in macros:"
              + " output=FOLDER).");
    }
  }

  @Override
  public Map<String, String> hints(Map<String, Object> settings) {
    if (!(settings.get("image") instanceof ImagePlus chosen)) return Map.of();
    try (KeptMaps maps = KeptMaps.of(chosen)) {
      return maps.record().task().adjustment().settings();
    } catch (SpyhopException e) {
      return Map.of(); // told when it is to be used
    }
  }

  @Override
  public Optional<Previewer> previewer() {
    return Optional.of(new PartPreviewer<>(this, new SeenObjects(), this::seen));
  }

  private SeenObjects.Asked seen() {
    if (isOfFiles()) throw new SpyhopException("Of a folder, nothing is shown.");
    ImagePlus shown;
    try (KeptMaps maps = KeptMaps.of(image)) {
      shown = segmented(maps.record().image()).orElse(image);
    }
    LookArea area = ScaledCommand.area(ScaledCommand.where(within, shown, false), edge, true);
    return new SeenObjects.Asked(
        new SeenObjects.Source.Kept(image),
        shown,
        adjust().decoding(),
        adjust().in(shown),
        adjust().classes(),
        area);
  }

  @Override
  void work(Caller caller) {
    if (isOfFiles()) {
      files().run(caller);
      return;
    }
    if (image == null) {
      throw new SpyhopException(
          "Expected an image of probabilities, or a folder of results with such, received neither.");
    }
    try (ImageCheck.Held held = ImageCheck.hold(image);
        KeptMaps maps = KeptMaps.of(image)) {
      adjust(maps, caller);
    }
  }

  private void adjust(KeptMaps maps, Caller caller) {
    Optional<ImagePlus> open = segmented(maps.record().image());
    ImagePlus shown = open.orElse(image);
    LookArea area = ScaledCommand.area(ScaledCommand.where(within, shown, false), edge, true);
    if (shown != image && isOnProbabilities()) {
      caller.note(
          "The selection on "
              + image.getTitle()
              + " is not looked at, as "
              + shown.getTitle()
              + " is open: draw it there.");
    }
    LookArea.Of inside = ScaledCommand.where(area, shown, caller);
    Measures measured =
        open.isPresent() ? measures() : new Measures(measures().of(Measurement.Kind.SHAPE));
    if (open.isEmpty()) {
      caller.note(
          maps.record().image()
              + " is not open: outlines are drawn on the probabilities, and no intensities are"
              + " measured.");
    }
    Adjust by = adjust();
    try (Caller.Shown progress = caller.progress("Adjusting")) {
      FoundObjects found =
          FoundObjects.find(
              maps.record().image(),
              maps.segmenting(
                  Frames.of(open.orElseGet(() -> titled(maps.record().image()))), by.decoding()),
              by,
              inside,
              measured,
              progress);
      String settings = maps.task(by.decoding()).adjustment().text();
      caller.seen(
          maps.record().image()
              + " adjusted, of model "
              + maps.record().model()
              + (settings.isEmpty() ? "" : "; " + settings));
      labels = ShownObjects.show(shown, found, by, maps.record().device(), table, manager);
      makeCurrent(labels);
    }
  }

  /** Whether a selection that is asked for was drawn on the probabilities. */
  private boolean isOnProbabilities() {
    String where = ScaledCommand.where(within, image, false);
    return where.equals("selection") && image.getRoi() != null;
  }

  /** The probabilities under the title of the image, by which results go. */
  private ImagePlus titled(String title) {
    ImagePlus titled = new ImagePlus(title, image.getStack());
    titled.setDimensions(image.getNChannels(), image.getNSlices(), image.getNFrames());
    titled.setCalibration(image.getCalibration());
    return titled;
  }

  /** The image that was segmented; empty if it is not open, and not asked for. */
  private Optional<ImagePlus> segmented(String title) {
    String asked = source.strip();
    if (!asked.isEmpty() && !asked.equalsIgnoreCase("auto")) {
      return Optional.of(OpenImages.find("Image", asked));
    }
    boolean one = Arrays.stream(WindowManager.getImageTitles()).filter(title::equals).count() == 1;
    return one ? Optional.of(WindowManager.getImage(title)) : Optional.empty();
  }

  /** What is asked for, of files. */
  private SegmentFiles files() {
    SegmentFiles files = new SegmentFiles(new SegmentCommand());
    Map<String, Setting> theirs =
        files.settings().stream().collect(Collectors.toMap(Setting::key, Function.identity()));
    theirs.get(SegmentFiles.ADJUST).set(folder);
    for (Setting s : settings()) {
      if (theirs.containsKey(s.key()) && !s.isOfImageJ()) theirs.get(s.key()).set(s.get());
    }
    return files;
  }
}
