package sc.fiji.spyhop.ij;

import ij.ImagePlus;
import ij.ImageStack;
import ij.gui.Overlay;
import ij.gui.Roi;
import ij.gui.TextRoi;
import ij.measure.Calibration;
import java.awt.Color;
import java.awt.Font;
import java.util.List;
import sc.fiji.spyhop.prediction.ClassMaps;

/** Class names written where a user of ImageJ looks for them. */
public final class ClassLabels {

  /** Marks texts of ours in an overlay, so that they are replaced when there are new ones. */
  private static final String MARK = "spyhop-class";

  private ClassLabels() {}

  /** Names regions by class; slices get a label, in all channels. */
  public static void name(ImagePlus image, List<Region> regions, List<String> classes) {
    for (int i = 0; i < regions.size(); i++) {
      Region region = regions.get(i);
      String name = classes.get(i);
      if (region.roi().isPresent()) {
        region.roi().get().setName(name);
      } else if (image.getStackSize() == 1) {
        image.setProperty("Label", name);
      } else {
        for (int c = 1; c <= image.getNChannels(); c++) {
          image.getStack().setSliceLabel(name, image.getStackIndex(c, region.z(), region.t()));
        }
      }
    }
    image.updateAndRepaintWindow();
  }

  /** Texts at the top left corners, instead of those of an earlier run. */
  public static void draw(ImagePlus image, List<Region> regions, List<String> texts) {
    Overlay overlay = image.getOverlay() == null ? new Overlay() : image.getOverlay();
    for (int i = overlay.size() - 1; i >= 0; i--) {
      if (overlay.get(i).getProperty(MARK) != null) overlay.remove(i);
    }
    int size = Math.max(6, Math.min(24, image.getHeight() / 16));
    for (int i = 0; i < regions.size(); i++) {
      Region region = regions.get(i);
      double x = region.roi().map(r -> r.getXBase()).orElse(2.0);
      double y = region.roi().map(r -> r.getYBase()).orElse(2.0);
      TextRoi text = new TextRoi(x, y, texts.get(i), new Font("SansSerif", Font.PLAIN, size));
      text.setStrokeColor(Color.YELLOW);
      text.setProperty(MARK, "text");
      Rois.place(text, image, region.z(), region.t());
      overlay.add(text);
    }
    image.setOverlay(overlay);
  }

  /** Regions of an overlay, without the texts that {@link #draw} has put there. */
  public static List<Roi> regions(ImagePlus image) {
    Overlay overlay = image.getOverlay();
    return overlay == null
        ? List.of()
        : List.of(overlay.toArray()).stream().filter(r -> r.getProperty(MARK) == null).toList();
  }

  /**
   * Maps as a 32-bit stack, one slice for each class, from 0 to 1, calibrated like the image.
   *
   * @param image that the maps were made of
   */
  public static ImagePlus maps(ImagePlus image, ClassMaps maps, List<String> classes) {
    ImageStack stack = new ImageStack(maps.width(), maps.height());
    for (int c = 0; c < classes.size(); c++) stack.addSlice(classes.get(c), maps.planes().get(c));
    ImagePlus made = new ImagePlus(image.getShortTitle() + "_classes", stack);
    Calibration calibration = image.getCalibration().copy();
    calibration.disableDensityCalibration();
    calibration.pixelWidth *= maps.stride();
    calibration.pixelHeight *= maps.stride();
    calibration.xOrigin /= maps.stride();
    calibration.yOrigin /= maps.stride();
    made.setCalibration(calibration);
    made.setDisplayRange(0, 1);
    return made;
  }
}
