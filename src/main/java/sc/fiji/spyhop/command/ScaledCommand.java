package sc.fiji.spyhop.command;

import ij.ImagePlus;
import ij.gui.Roi;
import org.scijava.ItemVisibility;
import org.scijava.plugin.Parameter;
import sc.fiji.spyhop.ij.Frames;
import sc.fiji.spyhop.inference.Runner;
import sc.fiji.spyhop.inference.Scaling;
import sc.fiji.spyhop.inference.ShownScale;
import sc.fiji.spyhop.job.Caller;
import sc.fiji.spyhop.job.SettingException;
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
    scaling();
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

  /** In which scale the image is shown to a model; it is told. */
  final ShownScale scale(Runner<?> runner, Frames frames, Caller caller, Caller.Shown progress) {
    ShownScale found = runner.scale(frames.samples(), progress);
    found.sentence(image().getTitle()).ifPresent(caller::note);
    return found;
  }
}
