package sc.fiji.spyhop.command;

import ij.ImagePlus;
import ij.gui.Roi;
import java.util.Locale;
import org.scijava.ItemVisibility;
import org.scijava.plugin.Parameter;
import sc.fiji.spyhop.ij.Frames;
import sc.fiji.spyhop.ij.LookArea;
import sc.fiji.spyhop.ij.measure.Measures;
import sc.fiji.spyhop.inference.Runner;
import sc.fiji.spyhop.inference.Scaling;
import sc.fiji.spyhop.inference.ShownScale;
import sc.fiji.spyhop.job.Caller;
import sc.fiji.spyhop.job.SettingException;
import sc.fiji.spyhop.job.batch.Look;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.prediction.Clipping;
import sc.fiji.spyhop.prediction.Diameters;

/** Looks with a model that knows objects of some size, in a scale in which they have it. */
abstract class ScaledCommand extends PredictCommand {

  static final String DIAMETER_HELP =
      "Diameter of the objects, in pixels or with a unit such as 12 um; images are shown to the model"
          + " in the scale in which they are as large as those that it knows. auto: by calibration or"
          + " as the model sees them; roi: of an open image, that of its selection.";

  static final String SCALE_HELP =
      "Scale in which images are shown to the model instead of one by diameter: 0.5 for half of"
          + " their size, 1 for as they are; auto: by diameter.";

  static final String MEASURE_HELP =
      "What is measured of each object besides its place: shape, intensity (in every channel), all,"
          + " none, or columns with commas, such as perimeter,mean; docs/results.md lists them.";

  static final String WITHIN_HELP =
      "Where to look: all; overlay, in the areas of an image's overlay; or a mask, an image whose"
          + " pixels other than 0 are looked at, or a folder of masks that are called like the images;"
          + " of an open image also selection or manager. auto: the selection of an open image, if"
          + " there is one that is an area and gives no diameter, else all.";

  static final String EDGE_HELP =
      "What becomes of objects across the border of where is looked. keep: whole, if half or more"
          + " of it is inside; cut: what is outside is cut off; drop: left out.";

  static final String NORMALIZE_HELP =
      "Over what brightness is normalized. image: all of it; area: where is looked alone, so that"
          + " what is outside plays no part.";

  private static final String SELECTION = "roi";

  @Parameter(
      label = "Diameter of objects",
      required = false,
      persist = false,
      description = DIAMETER_HELP)
  @InShell("auto|N")
  private String diameter = "auto";

  @Parameter(
      label = "Scale",
      visibility = ItemVisibility.INVISIBLE,
      required = false,
      persist = false,
      description = SCALE_HELP)
  @InShell("auto|N")
  private String scale = "auto";

  @Parameter(label = "Measure", required = false, persist = false, description = MEASURE_HELP)
  @InShell("SET,...")
  private String measure = "all";

  @Parameter(label = "Look within", required = false, persist = false, description = WITHIN_HELP)
  @InShell("all|overlay|FILE|DIR")
  private String within = "auto";

  @Parameter(
      label = "Objects on its border",
      choices = {"keep", "cut", "drop"},
      visibility = ItemVisibility.INVISIBLE,
      persist = false,
      description = EDGE_HELP)
  private String edge = "keep";

  @Parameter(
      label = "Normalize over",
      choices = {"image", "area"},
      visibility = ItemVisibility.INVISIBLE,
      persist = false,
      description = NORMALIZE_HELP)
  private String normalize = "image";

  ScaledCommand(String model) {
    super(model);
  }

  @Override
  final boolean scales() {
    return true;
  }

  @Override
  void check() {
    super.check();
    look();
  }

  /**
   * How things are looked for.
   *
   * @throws SettingException if a setting makes no sense
   */
  final Look look() {
    return new Look(scaling(), precision(), measures(), area());
  }

  /**
   * What is measured of each object.
   *
   * @throws SettingException if it is not known
   */
  final Measures measures() {
    return measures(measure);
  }

  /**
   * Where things are looked for.
   *
   * @throws SettingException if that makes no sense
   */
  final LookArea area() {
    return area(where(within, image(), isSelectionTaken()), edge, image() != null)
        .alone(isArea(normalize));
  }

  /**
   * Where an open image is looked at: for auto, its selection if that is an area.
   *
   * @param image null for files
   * @param taken whether the selection says something else already
   */
  static String where(String within, ImagePlus image, boolean taken) {
    if (!within.strip().equalsIgnoreCase("auto")) return within.strip();
    Roi selection = image == null ? null : image.getRoi();
    return selection != null && selection.isArea() && !taken ? "selection" : "all";
  }

  /** Whether the selection of an open image says something else already. */
  boolean isSelectionTaken() {
    return diameter.strip().equalsIgnoreCase(SELECTION);
  }

  /**
   * Of the settings of these names.
   *
   * @param open whether it is about an open image
   */
  static LookArea area(String within, String edge, boolean open) {
    String where = within.strip().equalsIgnoreCase("auto") ? "all" : within.strip();
    if (!open && (where.equals("selection") || where.equals("manager"))) {
      throw SettingException.wrong(
          "within", "of files, all, overlay or masks are looked at, received \"" + where + "\".");
    }
    Clipping.Edge border = setting("edge", () -> Clipping.Edge.parse(edge));
    LookArea area = setting("within", () -> LookArea.parse(where, border));
    if (!open && area.isAll() && border != Clipping.Edge.KEEP) {
      throw SettingException.wrong(
          "edge",
          "it says what becomes of objects on the border of an area; expected one to look within as"
              + " well, received none.");
    }
    return area;
  }

  /** Whether a setting of the name normalize says so. */
  static boolean isArea(String normalize) {
    return normalize.equals("area");
  }

  static Measures measures(String measure) {
    return setting("measure", () -> Measures.parse(measure));
  }

  /**
   * In which scale images are shown.
   *
   * @throws SettingException if the settings make no sense
   */
  final Scaling scaling() {
    return scaling(diameter, scale, image());
  }

  /**
   * As the settings of these names say.
   *
   * @param image whose selection may be asked for; null for files
   * @throws SettingException if one makes no sense, or both are given
   */
  static Scaling scaling(String diameter, String scale, ImagePlus image) {
    if (diameter.strip().equalsIgnoreCase(SELECTION)) {
      return scaling(String.valueOf(measured(image)), scale, image);
    }
    Scaling bySize = setting("diameter", () -> Scaling.ofDiameter(diameter));
    Scaling given = setting("scale", () -> Scaling.ofFactor(scale));
    if (given.equals(Scaling.AUTO)) return bySize;
    if (bySize.equals(Scaling.AUTO)) return given;
    throw SettingException.wrong("scale", "it and a diameter of the objects exclude each other.");
  }

  /** Diameter of what is selected; a rectangle stands for what fills it, as a box does. */
  private static double measured(ImagePlus image) {
    Roi selection = image == null ? null : image.getRoi();
    if (selection == null || !selection.isArea()) {
      throw SettingException.wrong(
          "diameter",
          "roi asks for a selection around one object in an open image; expected an area, found"
              + " none.");
    }
    double area = selection.getStatistics().pixelCount;
    return selection.getType() == Roi.RECTANGLE ? Math.sqrt(area) : Diameters.ofArea(area);
  }

  /** Normalized as is asked for. */
  @Override
  final Frames frames(ModelSpec.Input input) {
    LookArea area = area();
    return area.normalized(super.frames(input), area.in(image()));
  }

  /** Where the open image is looked at; it is told if that is not all. */
  final LookArea.Of where(Caller caller) {
    return where(area(), image(), caller);
  }

  /** Where an open image is looked at; it is told if that is not all. */
  static LookArea.Of where(LookArea area, ImagePlus image, Caller caller) {
    if (!area.isAll()) {
      caller.note(image.getTitle() + ": looked at within " + area.text() + ".");
    } else if (image.getRoi() != null && !image.getRoi().isArea()) {
      caller.note(
          image.getTitle()
              + ": looked at as a whole, as the selection is no area but a "
              + image.getRoi().getTypeAsString().toLowerCase(Locale.ROOT)
              + ".");
    } else if (area.edge() != Clipping.Edge.KEEP) {
      caller.note(
          image.getTitle()
              + ": looked at as a whole, so that there is no border of an area that edge="
              + area.edge().name().toLowerCase(Locale.ROOT)
              + " could speak of.");
    }
    LookArea.Of within = area.in(image);
    if (within.isEmpty(image.getNSlices(), image.getNFrames())) {
      caller.note(image.getTitle() + ": " + area.nothing());
    }
    return within;
  }

  /** In which scale the image is shown to a model; it is told. */
  final ShownScale scale(Runner<?> runner, Frames frames, Caller caller, Caller.Shown progress) {
    ShownScale found = runner.scale(frames.samples(), progress);
    found.sentence(image().getTitle()).ifPresent(caller::note);
    warn(runner.spec(), found.unlike());
    return found;
  }
}
