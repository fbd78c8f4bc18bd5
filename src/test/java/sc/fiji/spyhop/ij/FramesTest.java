package sc.fiji.spyhop.ij;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.CompositeImage;
import ij.ImagePlus;
import ij.ImageStack;
import ij.VirtualStack;
import ij.gui.Roi;
import ij.measure.Calibration;
import ij.process.ByteProcessor;
import ij.process.ColorProcessor;
import ij.process.FloatProcessor;
import ij.process.ImageProcessor;
import ij.process.IntProcessor;
import ij.process.LUT;
import ij.process.ShortProcessor;
import java.util.ArrayList;
import java.util.List;
import net.imglib2.type.numeric.RealType;
import net.imglib2.view.Views;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.image.Colors;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.PixelSize;

class FramesTest {

  private static double[] values(Frame frame) {
    List<Double> values = new ArrayList<>();
    for (RealType<?> v : Views.flatIterable(frame.pixels())) values.add(v.getRealDouble());
    return values.stream().mapToDouble(d -> d).toArray();
  }

  /** 16-bit hyperstack of 2 x 1 pixels; a pixel's value is 1000 c + 100 z + 10 t + x. */
  static ImagePlus hyperstack(int channels, int slices, int times) {
    ImageStack stack = new ImageStack(2, 1);
    for (int t = 1; t <= times; t++) {
      for (int z = 1; z <= slices; z++) {
        for (int c = 1; c <= channels; c++) {
          int v = 1000 * c + 100 * z + 10 * t;
          stack.addSlice(new ShortProcessor(2, 1, new short[] {(short) v, (short) (v + 1)}, null));
        }
      }
    }
    ImagePlus image = new ImagePlus("hyper.tif", stack);
    image.setDimensions(channels, slices, times);
    image.setOpenAsHyperStack(true);
    return channels > 1 ? new CompositeImage(image, CompositeImage.COMPOSITE) : image;
  }

  @Test
  void greyImagesOfEveryDepth() {
    ByteProcessor bytes = new ByteProcessor(2, 1, new byte[] {0, (byte) 200}, null);
    ShortProcessor shorts = new ShortProcessor(2, 1, new short[] {5, (short) 60_000}, null);
    FloatProcessor floats = new FloatProcessor(2, 1, new float[] {-1.5f, 7});
    shorts.setMinAndMax(0, 10);
    assertArrayEquals(new double[] {0, 200}, values(one(bytes)));
    assertArrayEquals(new double[] {5, 60_000}, values(one(shorts)));
    assertArrayEquals(new double[] {-1.5, 7}, values(one(floats)));
  }

  private static Frame one(ImageProcessor pixels) {
    return Frames.of(new ImagePlus("a", pixels), ChannelChoice.AUTO, 1).get(1, 1);
  }

  @Test
  void pixelsAreNotCopied() {
    byte[] pixels = new byte[4];
    Frame frame = one(new ByteProcessor(2, 2, pixels, null));
    pixels[2] = 9;
    assertArrayEquals(new double[] {0, 0, 9, 0}, values(frame));
  }

  @Test
  void selectionsAndDensityCalibrationPlayNoPart() {
    ImagePlus image = new ImagePlus("a", new ByteProcessor(2, 2, new byte[] {1, 2, 3, 4}, null));
    image.setRoi(new Roi(1, 1, 1, 1));
    Calibration c = image.getCalibration();
    c.setFunction(Calibration.STRAIGHT_LINE, new double[] {100, 2}, "OD");
    assertArrayEquals(new double[] {1, 2, 3, 4}, values(Frames.of(image).get(1, 1)));
  }

  @Test
  void signedSixteenBitKeepsItsSign() {
    ImagePlus image =
        new ImagePlus("ct", new ShortProcessor(2, 1, new short[] {(short) 31_768, 0}, null));
    image.getLocalCalibration().setSigned16BitCalibration();
    assertArrayEquals(new double[] {-1000, -32_768}, values(Frames.of(image).get(1, 1)));
  }

  @Test
  void rgbIsThreeChannels() {
    ImagePlus image =
        new ImagePlus("rgb", new ColorProcessor(2, 1, new int[] {0x102030, 0xFF00FF}));
    assertArrayEquals(
        new double[] {16, 255, 32, 0, 48, 255},
        values(Frames.of(image, ChannelChoice.AUTO, 3).get(1, 1)));
    assertArrayEquals(
        new double[] {32, 0}, values(Frames.of(image, ChannelChoice.channel(2), 1).get(1, 1)));
    assertArrayEquals(
        new double[] {0.299 * 16 + 0.587 * 32 + 0.114 * 48, 0.413 * 255},
        values(Frames.of(image, ChannelChoice.GREY, 1).get(1, 1)),
        1e-4);
  }

  /** 13,000 in the lowest 24 bits is the colour (0, 50, 200). */
  @Test
  void wholeNumbersOfThirtyTwoBitsAreNoColours() {
    IntProcessor labels = new IntProcessor(2, 1);
    labels.set(0, 13_000);
    labels.set(1, -5);
    ImagePlus image = new ImagePlus("labels", labels);
    assertEquals(1, Frames.of(image).channels());
    assertArrayEquals(new double[] {13_000, -5}, values(one(labels)));
  }

  @Test
  void aLookupTableOfColoursIsShownWhereColoursAreExpected() {
    byte[] reds = new byte[256];
    byte[] greens = new byte[256];
    byte[] blues = new byte[256];
    reds[1] = (byte) 250;
    greens[2] = 30;
    blues[2] = 7;
    ByteProcessor indices = new ByteProcessor(2, 1, new byte[] {1, 2}, null);
    indices.setLut(new LUT(reds, greens, blues));
    ImagePlus image = new ImagePlus("gif", indices);
    assertArrayEquals(
        new double[] {250, 0, 0, 30, 0, 7},
        values(Frames.of(image, ChannelChoice.AUTO, 3, Colors.RGB).get(1, 1)));
    assertArrayEquals(new double[] {1, 2}, values(one(indices)));
    ByteProcessor inverted = new ByteProcessor(2, 1, new byte[] {1, 2}, null);
    inverted.invertLut();
    assertArrayEquals(new double[] {1, 2}, values(one(inverted)));
    assertEquals(
        1, Frames.of(new ImagePlus("a", inverted), ChannelChoice.AUTO, 3, Colors.RGB).channels());
  }

  @Test
  void greyRgbCountsAsOneChannelWhereOneIsExpected() {
    ImagePlus image =
        new ImagePlus("rgb", new ColorProcessor(2, 1, new int[] {0x101010, 0xFFFFFF}));
    assertArrayEquals(
        new double[] {16, 255}, values(Frames.of(image, ChannelChoice.AUTO, 1).get(1, 1)));
    assertEquals(3, Frames.of(image, ChannelChoice.AUTO, 3).channels());
  }

  @Test
  void hyperstacksByChannelSliceAndTime() {
    ImagePlus image = hyperstack(2, 3, 4);
    Frames frames = Frames.of(image, ChannelChoice.AUTO, 2);
    assertEquals(3, frames.slices());
    assertEquals(4, frames.timePoints());
    assertArrayEquals(new double[] {1240, 1241, 2240, 2241}, values(frames.get(2, 4)));
    assertEquals("hyper.tif, slice 2, frame 4", frames.get(2, 4).name());
    Frames second = Frames.of(image, ChannelChoice.channel(2), 1);
    assertArrayEquals(new double[] {2310, 2311}, values(second.get(3, 1)));
    Frames mean = Frames.of(image, ChannelChoice.GREY, 1);
    assertArrayEquals(new double[] {1810, 1811}, values(mean.get(3, 1)), 1e-3);
  }

  @Test
  void slicesOfAPlainStackAreNotChannels() {
    ImagePlus image = hyperstack(1, 3, 1);
    Frames frames = Frames.of(image, ChannelChoice.AUTO, 1);
    assertEquals(3, frames.slices());
    assertEquals(1, frames.channels());
    String message = refusal(image, ChannelChoice.AUTO, 3);
    assertTrue(message.contains("expects 3 channels, the image has 1 channel."), message);
    assertTrue(message.contains("3 slices"), message);
  }

  @Test
  void channelsThatDoNotFitAreRefused() {
    String two = refusal(hyperstack(2, 1, 1), ChannelChoice.AUTO, 1);
    assertTrue(two.contains("expects 1 channel, the image has 2 channels."), two);
    assertTrue(two.contains("the setting channel: its number (1 to 2)"), two);
    ImagePlus rgb = new ImagePlus("rgb", new ColorProcessor(1, 1, new int[] {0x102030}));
    String colour = refusal(rgb, ChannelChoice.AUTO, 1);
    assertTrue(colour.contains("3 channels (RGB)") && colour.contains("grey"), colour);
    String third = refusal(hyperstack(2, 1, 1), ChannelChoice.channel(3), 1);
    assertTrue(third.contains("channel 3 was chosen, the image has 2 channels"), third);
    String pick = refusal(hyperstack(2, 1, 1), ChannelChoice.channel(1), 2);
    assertTrue(pick.contains("auto"), pick);
  }

  private static String refusal(ImagePlus image, ChannelChoice choice, int expected) {
    return assertThrows(SpyhopException.class, () -> Frames.of(image, choice, expected))
        .getMessage();
  }

  /** What an unknown title of a macro arrives as. */
  @Test
  void anEmptyImageIsRefused() {
    assertTrue(refusal(new ImagePlus(), ChannelChoice.AUTO, 1).contains("0 x 0"));
  }

  @Test
  void virtualStacksAreReadSliceBySlice() {
    List<Integer> read = new ArrayList<>();
    VirtualStack stack =
        new VirtualStack(2, 1, null, "") {
          @Override
          public ImageProcessor getProcessor(int n) {
            read.add(n);
            return new ShortProcessor(2, 1, new short[] {(short) n, 0}, null);
          }

          @Override
          public int size() {
            return 1000;
          }

          @Override
          public int getSize() {
            return 1000;
          }
        };
    ImagePlus image = new ImagePlus("virtual", stack);
    image.setDimensions(2, 100, 5);
    read.clear();
    Frames frames = Frames.of(image, ChannelChoice.AUTO, 2);
    assertEquals(List.of(), read);
    assertArrayEquals(new double[] {203, 0, 204, 0}, values(frames.get(2, 2)));
    assertEquals(List.of(203, 204), read);
  }

  @Test
  void pixelSizes() {
    ImagePlus image = hyperstack(1, 1, 1);
    assertEquals(PixelSize.UNCALIBRATED, Frames.of(image).get(1, 1).pixelSize());
    image.getCalibration().pixelWidth = 0.5;
    image.getCalibration().pixelHeight = 0.25;
    image.getCalibration().setUnit("um");
    assertEquals(new PixelSize(0.5, 0.25, "µm"), Frames.of(image).get(1, 1).pixelSize());
    image.getCalibration().setUnit("micron");
    assertEquals(new PixelSize(0.5, 0.25, "µm"), Frames.of(image).get(1, 1).pixelSize());
    image.getCalibration().setUnit(" ");
    assertEquals(PixelSize.UNCALIBRATED, Frames.of(image).get(1, 1).pixelSize());
    image.getCalibration().setUnit("um");
    image.getCalibration().pixelWidth = Double.NaN;
    assertEquals(PixelSize.UNCALIBRATED, Frames.of(image).get(1, 1).pixelSize());
  }

  @Test
  void choicesAsText() {
    assertEquals(ChannelChoice.AUTO, ChannelChoice.parse(" Auto "));
    assertEquals(ChannelChoice.GREY, ChannelChoice.parse("gray"));
    assertEquals(ChannelChoice.channel(2), ChannelChoice.parse("2"));
    assertThrows(SpyhopException.class, () -> ChannelChoice.parse("red"));
    assertThrows(SpyhopException.class, () -> ChannelChoice.parse("0"));
  }
}
