package sc.fiji.spyhop.ij;

import ij.ImagePlus;
import ij.gui.ImageRoi;
import ij.gui.Overlay;
import ij.gui.Roi;
import ij.measure.Calibration;
import ij.process.ColorProcessor;
import ij.process.FloatProcessor;
import java.awt.Color;
import java.util.SortedMap;
import sc.fiji.spyhop.prediction.LabelMap;

/** Shows a number for each pixel of an image, such as how much it matters: about zero, signed. */
public final class HeatMaps {

  /** Values below this share of the largest are not drawn over the image. */
  private static final double FAINT = 0.15;

  private static final double OPACITY = 0.5;

  /** The contour encloses what has at least this share of the largest value. */
  private static final double CONTOUR = 0.5;

  private HeatMaps() {}

  /**
   * A 32-bit image of the values, with the calibration of the image they belong to, displayed
   * symmetrically about zero.
   *
   * @param values row by row, of the image's size
   */
  public static ImagePlus image(ImagePlus source, String title, float[] values) {
    FloatProcessor plane = new FloatProcessor(source.getWidth(), source.getHeight(), values);
    plane.setLut(HeatColors.lut());
    double largest = largest(values);
    plane.setMinAndMax(largest == 0 ? -1 : -largest, largest == 0 ? 1 : largest);
    ImagePlus map = new ImagePlus(title, plane);
    Calibration calibration = source.getCalibration().copy();
    calibration.disableDensityCalibration();
    map.setCalibration(calibration);
    return map;
  }

  /**
   * The values in colours, half transparent, and a contour at half of the largest value; nothing
   * where all are zero.
   *
   * @param source image they belong to
   * @param z slice, from 1
   * @param t time point, from 1
   */
  public static Overlay overlay(ImagePlus source, int z, int t, float[] values) {
    Overlay overlay = new Overlay();
    double largest = largest(values);
    if (largest == 0) return overlay;
    int width = source.getWidth();
    int height = source.getHeight();
    int[] colors = new int[values.length];
    LabelMap core = new LabelMap(width, height);
    boolean any = false;
    for (int i = 0; i < values.length; i++) {
      double share = values[i] / largest;
      if (Math.abs(share) >= FAINT) colors[i] = HeatColors.color(share);
      boolean in = share >= CONTOUR;
      core.set(i, in ? 1 : 0);
      any |= in;
    }
    ImageRoi heat = new ImageRoi(0, 0, new ColorProcessor(width, height, colors));
    heat.setZeroTransparent(true);
    heat.setOpacity(OPACITY);
    heat.setName("saliency");
    Rois.place(heat, source, z, t);
    overlay.add(heat);
    if (any) {
      SortedMap<Integer, Roi> traced = Rois.trace(core);
      Roi contour = traced.get(1);
      contour.setName("saliency-half");
      contour.setStrokeColor(Color.WHITE);
      Rois.place(contour, source, z, t);
      overlay.add(contour);
    }
    return overlay;
  }

  private static double largest(float[] values) {
    double largest = 0;
    for (float v : values) largest = Math.max(largest, Math.abs(v));
    return largest;
  }
}
