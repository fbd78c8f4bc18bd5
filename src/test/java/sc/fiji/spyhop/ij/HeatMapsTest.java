package sc.fiji.spyhop.ij;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.IJ;
import ij.ImagePlus;
import ij.gui.ImageRoi;
import ij.gui.Overlay;
import java.awt.image.BufferedImage;
import org.junit.jupiter.api.Test;

class HeatMapsTest {

  /** Relative luminance Y of sRGB to lightness L* of CIELAB, a scale of its own. */
  private static double lightness(int rgb) {
    double y = 0;
    double[] share = {0.2126, 0.7152, 0.0722};
    for (int c = 0; c < 3; c++) {
      double v = (rgb >> 16 - 8 * c & 0xFF) / 255.0;
      y += share[c] * (v <= 0.04045 ? v / 12.92 : Math.pow((v + 0.055) / 1.055, 2.4));
    }
    return y > 0.008856 ? 116 * Math.cbrt(y) - 16 : 903.3 * y;
  }

  @Test
  void lightnessRisesEvenlyOnBothSides() {
    assertEquals(0, HeatColors.color(0));
    for (int sign = -1; sign <= 1; sign += 2) {
      double last = 0;
      for (int i = 1; i <= 20; i++) {
        double l = lightness(HeatColors.color(sign * i / 20.0));
        double step = l - last;
        assertTrue(step > (i < 4 ? 0 : 3) && step < 8, sign * i + ": " + step);
        last = l;
      }
      assertTrue(last > 88, "" + last);
    }
    int warm = HeatColors.color(0.5);
    int cold = HeatColors.color(-0.5);
    assertTrue((warm >> 16 & 0xFF) > 2 * (warm & 0xFF), Integer.toHexString(warm));
    assertTrue((cold & 0xFF) > 2 * (cold >> 16 & 0xFF), Integer.toHexString(cold));
    assertEquals(HeatColors.color(1), HeatColors.color(2));
  }

  private static ImagePlus source() {
    ImagePlus image = IJ.createImage("grey", "8-bit white", 6, 4, 1);
    image.getCalibration().pixelWidth = 0.5;
    image.getCalibration().setUnit("um");
    return image;
  }

  @Test
  void imageKeepsValuesAndCalibration() {
    float[] values = new float[24];
    values[7] = 0.5f;
    values[8] = -0.25f;
    ImagePlus map = HeatMaps.image(source(), "map", values);
    assertEquals(32, map.getBitDepth());
    assertEquals(0.5f, map.getProcessor().getf(1, 1));
    assertEquals(0.5, map.getCalibration().pixelWidth);
    assertEquals("µm", map.getCalibration().getUnit());
    assertEquals(-0.5, map.getDisplayRangeMin());
    assertEquals(0.5, map.getDisplayRangeMax());
  }

  @Test
  void overlayColoursWhatMattersAndOutlinesTheCore() {
    float[] values = new float[24];
    values[7] = 1;
    values[8] = -0.5f;
    values[9] = 0.1f;
    ImagePlus image = source();
    Overlay overlay = HeatMaps.overlay(image, 1, 1, values);
    assertEquals(2, overlay.size());
    ImageRoi heat = (ImageRoi) overlay.get(0);
    assertTrue(heat.getZeroTransparent());
    assertEquals(0.5, heat.getOpacity());
    assertEquals(HeatColors.color(1), heat.getProcessor().get(1, 1) & 0xFFFFFF);
    assertEquals(0, heat.getProcessor().get(3, 1) & 0xFFFFFF);
    assertEquals(new java.awt.Rectangle(1, 1, 1, 1), overlay.get(1).getBounds());
    assertEquals(0, HeatMaps.overlay(image, 1, 1, new float[24]).size());
  }

  @Test
  void overlayIsPaintedIntoPictures() {
    float[] values = new float[24];
    values[0] = 1;
    values[5] = -1;
    ImagePlus image = source();
    image.getProcessor().set(3, 3, 0);
    BufferedImage picture = Overlays.render(image, HeatMaps.overlay(image, 1, 1, values));
    assertEquals(24, picture.getWidth());
    assertEquals(0xFFFFFFFF, picture.getRGB(10, 6), "where nothing matters the image is as it was");
    int cold = picture.getRGB(22, 1);
    assertNotEquals(0xFFFFFFFF, cold);
    assertTrue((cold & 0xFF) > (cold >> 16 & 0xFF), Integer.toHexString(cold));
  }
}
