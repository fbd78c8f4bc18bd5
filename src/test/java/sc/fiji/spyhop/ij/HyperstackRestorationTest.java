package sc.fiji.spyhop.ij;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.CompositeImage;
import ij.IJ;
import ij.ImagePlus;
import ij.process.ColorProcessor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.ij.HyperstackRestoration.Depth;
import sc.fiji.spyhop.ij.HyperstackRestoration.Wanted;
import sc.fiji.spyhop.image.Frame;

class HyperstackRestorationTest {

  /** Values times a factor, plus a summand. */
  private static HyperstackRestoration made(
      ImagePlus image, Depth depth, boolean sameUnits, double factor, double plus) {
    return HyperstackRestoration.run(
        Frames.of(image),
        new Wanted("made", depth, sameUnits),
        (z, t, frame, part) -> {
          List<float[]> planes = new ArrayList<>();
          float[] values = frame.values();
          int plane = values.length / frame.channels();
          for (int c = 0; c < frame.channels(); c++) {
            float[] channel = new float[plane];
            for (int i = 0; i < plane; i++) {
              channel[i] = (float) (values[c * plane + i] * factor + plus);
            }
            planes.add(channel);
          }
          part.update(frame.name(), 1, 1);
          return Frame.ofPlanes(planes, frame.width(), frame.height());
        },
        Progress.NONE);
  }

  /** Two channels, three slices, two time points; a pixel tells where it is. */
  private static ImagePlus hyperstack(int bits) {
    ImagePlus image = IJ.createImage("cells.tif", bits + "-bit black", 4, 3, 12);
    image.setDimensions(2, 3, 2);
    CompositeImage shown = new CompositeImage(image, CompositeImage.COLOR);
    for (int i = 1; i <= 12; i++) {
      shown.getStack().getProcessor(i).setf(1, 2, 10 * i);
      shown.getStack().setSliceLabel("plane " + i, i);
    }
    shown.setTitle("cells.tif");
    for (int c = 1; c <= 2; c++) {
      shown.setPosition(c, 1, 1);
      shown.setDisplayRange(5 * c, 100 * c);
    }
    shown.getCalibration().pixelWidth = 0.5;
    shown.getCalibration().pixelDepth = 2;
    shown.getCalibration().frameInterval = 30;
    shown.getCalibration().setUnit("um");
    return shown;
  }

  @Test
  void dimensionsCalibrationAndDisplayRangeAreKept() {
    ImagePlus from = hyperstack(16);
    HyperstackRestoration found = made(from, Depth.FLOAT, true, 1, 0.25);
    ImagePlus image = found.image();
    assertEquals(32, image.getBitDepth());
    assertEquals(
        List.of(2, 3, 2), List.of(image.getNChannels(), image.getNSlices(), image.getNFrames()));
    assertEquals(0.5, image.getCalibration().pixelWidth);
    assertEquals(2, image.getCalibration().pixelDepth);
    assertEquals(30, image.getCalibration().frameInterval);
    assertEquals(from.getCalibration().getUnit(), image.getCalibration().getUnit());
    assertTrue(image instanceof CompositeImage c && c.getMode() == CompositeImage.COLOR);
    for (int i = 1; i <= 12; i++) {
      assertEquals(10 * i + 0.25f, image.getStack().getProcessor(i).getf(1, 2), "plane " + i);
    }
    for (int c = 1; c <= 2; c++) {
      image.setPosition(c, 1, 1);
      assertEquals(5 * c, image.getDisplayRangeMin());
      assertEquals(100 * c, image.getDisplayRangeMax());
    }
    assertEquals(6, found.planes().size());
    assertEquals(20.25, found.planes().get(0).max(), 1e-6);
    assertEquals(0.25, found.planes().get(0).min(), 1e-6);
  }

  @Test
  void otherUnitsAreShownInTheirOwnRange() {
    ImagePlus image = made(hyperstack(8), Depth.FLOAT, false, 100, 1).image();
    image.setPosition(2, 1, 1);
    assertEquals(1, image.getDisplayRangeMin());
    assertEquals(2001, image.getDisplayRangeMax());
  }

  @Test
  void valuesAreRoundedAndClippedNeverWrapped() {
    ImagePlus from = IJ.createImage("a", "8-bit black", 3, 1, 1);
    for (int x = 0; x < 3; x++) from.getProcessor().set(x, 0, 100 * x);
    HyperstackRestoration found = made(from, Depth.SAME, true, 1.5, -20.4);
    assertEquals(8, found.image().getBitDepth());
    assertEquals(0, found.image().getProcessor().get(0, 0));
    assertEquals(130, found.image().getProcessor().get(1, 0)); // 129.6
    assertEquals(255, found.image().getProcessor().get(2, 0));
    assertEquals(2 / 3.0, found.planes().get(0).clipped(), 1e-9);
    ImagePlus deep = made(hyperstack(16), Depth.SAME, true, 1000, 0).image();
    assertEquals(10_000, deep.getStack().getProcessor(1).get(1, 2));
    assertEquals(65_535, deep.getStack().getProcessor(7).get(1, 2));
  }

  @Test
  void signedValuesStaySigned() {
    ImagePlus from = IJ.createImage("a", "16-bit black", 2, 1, 1);
    from.getProcessor().set(0, 0, 32768 - 1000);
    from.getProcessor().set(1, 0, 32768 + 20);
    from.getLocalCalibration().setSigned16BitCalibration();
    ImagePlus same = made(from, Depth.SAME, true, 2, 0).image();
    assertTrue(same.getCalibration().isSigned16Bit());
    assertEquals(32768 - 2000, same.getProcessor().get(0, 0));
    ImagePlus floats = made(from, Depth.FLOAT, true, 2, 0).image();
    assertEquals(-2000, floats.getProcessor().getf(0, 0));
    assertEquals(40, floats.getProcessor().getf(1, 0));
  }

  @Test
  void coloursStayColours() {
    ColorProcessor rgb = new ColorProcessor(2, 1);
    rgb.set(0, 0, 0x102030);
    ImagePlus same = made(new ImagePlus("a", rgb), Depth.SAME, true, 2, 0).image();
    assertEquals(0x204060, same.getProcessor().get(0, 0) & 0xFFFFFF);
    ImagePlus floats = made(new ImagePlus("a", rgb), Depth.FLOAT, true, 2, 0).image();
    assertEquals(3, floats.getNChannels());
    assertEquals(0x40, floats.getStack().getProcessor(2).getf(0, 0));
  }
}
