package sc.fiji.spyhop.ij;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.ImagePlus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.imglib2.type.numeric.RealType;
import net.imglib2.view.Views;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.tiff.TiffWriter;
import sc.fiji.spyhop.util.Strings;

/** Every layout of TIFF gives the values that were written, or is refused by name. */
class TiffLayoutsTest {

  private static final int WIDTH = 37;
  private static final int HEIGHT = 21;

  @TempDir Path folder;

  /** What a sample is stored as. */
  private record Number(int bits, int format) {

    /**
     * Numbers that use all bits, but few enough for a 32-bit float; floats are multiples of 1/4.
     */
    long stored(int s, int x, int y) {
      long mixed = (s * 7919L + x * 104729L + y * 1299709L) * 0x9E3779B97F4A7C15L;
      if (format != 3) return (bits > 24 ? mixed & 0xFFFFF00000000000L : mixed) >>> 64 - bits;
      int quarters = (int) (mixed >>> 54) - 512;
      return switch (bits) {
        case 16 -> half(quarters / 4.0, 5, 10);
        case 24 -> half(quarters / 4.0, 7, 16);
        case 32 -> Float.floatToIntBits(quarters / 4f) & 0xFFFFFFFFL;
        default -> Double.doubleToLongBits(quarters / 4.0);
      };
    }

    /** By definition: sign, exponent, fraction. */
    private static long half(double value, int exponentBits, int fractionBits) {
      if (value == 0) return 0;
      int exponent = Math.getExponent(value);
      double fraction = Math.abs(value) / Math.pow(2, exponent) - 1;
      long bits = exponent + (1L << exponentBits - 1) - 1;
      bits = bits << fractionBits | Math.round(fraction * (1L << fractionBits));
      return value < 0 ? bits | 1L << exponentBits + fractionBits : bits;
    }

    double value(int s, int x, int y) {
      long stored = stored(s, x, y);
      if (format == 3) {
        long mixed = (s * 7919L + x * 104729L + y * 1299709L) * 0x9E3779B97F4A7C15L;
        return ((mixed >>> 54) - 512) / 4.0;
      }
      if (bits == 1) return 255 * stored;
      boolean negative = format == 2 && (stored >> bits - 1 & 1) == 1;
      if (bits == 64) return negative || stored >= 0 ? stored : stored + Math.pow(2, 64);
      return negative ? stored - Math.pow(2, bits) : stored;
    }
  }

  private static final List<Number> NUMBERS =
      Stream.concat(
              IntStream.rangeClosed(1, 64).mapToObj(bits -> new Number(bits, 1)),
              Stream.concat(
                  IntStream.of(2, 7, 8, 12, 16, 24, 32, 48, 64)
                      .mapToObj(bits -> new Number(bits, 2)),
                  IntStream.of(16, 24, 32, 64).mapToObj(bits -> new Number(bits, 3))))
          .toList();

  private static TiffWriter tiff(Number number, int samples) {
    TiffWriter tiff = new TiffWriter(WIDTH, HEIGHT);
    tiff.bits = number.bits;
    tiff.format = number.format;
    tiff.samples = samples;
    for (int s = 0; s < samples; s++) {
      for (int y = 0; y < HEIGHT; y++) {
        for (int x = 0; x < WIDTH; x++) tiff.set(s, x, y, number.stored(s, x, y));
      }
    }
    return tiff;
  }

  private void assertReads(Number number, TiffWriter tiff, int channels) throws IOException {
    Frame frame = new ImageFiles().readFrame(write(tiff));
    Supplier<String> what =
        () ->
            Strings.format(
                "%s, %d samples, photometric %d, compression %d, predictor %d, %s, tile %d, rows %d,"
                    + " %s, %s",
                number,
                tiff.samples,
                tiff.photometric,
                tiff.compression,
                tiff.predictor,
                tiff.planar ? "planar" : "chunky",
                tiff.tile,
                tiff.rows,
                tiff.little ? "little" : "big",
                tiff.big ? "BigTIFF" : "TIFF");
    assertEquals(channels, frame.channels(), what);
    double[] expected = new double[WIDTH * HEIGHT * channels];
    for (int i = 0; i < expected.length; i++) {
      expected[i] = number.value(i / (WIDTH * HEIGHT), i % WIDTH, i / WIDTH % HEIGHT);
    }
    assertArrayEquals(expected, values(frame), what);
  }

  private Path write(TiffWriter tiff) throws IOException {
    return Files.write(folder.resolve("layout.tif"), tiff.bytes());
  }

  private static double[] values(Frame frame) {
    double[] values = new double[(int) Views.flatIterable(frame.pixels()).size()];
    int i = 0;
    for (RealType<?> v : Views.flatIterable(frame.pixels())) values[i++] = v.getRealDouble();
    return values;
  }

  private String refusal(TiffWriter tiff) throws IOException {
    Path file = write(tiff);
    String message =
        assertThrows(SpyhopException.class, () -> new ImageFiles().readFrame(file)).getMessage();
    assertTrue(message.contains("layout.tif"), message);
    return message;
  }

  private static List<Number> numbers() {
    return NUMBERS;
  }

  /** 77 kinds of numbers, 4 kinds of files, as grey of one strip and as three planes in tiles. */
  @ParameterizedTest
  @MethodSource("numbers")
  void numbersOfAllKindsInBothByteOrders(Number number) throws IOException {
    for (int kind = 0; kind < 4; kind++) {
      TiffWriter grey = tiff(number, 1);
      grey.little = kind % 2 == 0;
      grey.big = kind > 1;
      assertReads(number, grey, 1);
      TiffWriter channels = tiff(number, 3);
      channels.little = kind % 2 == 0;
      channels.big = kind > 1;
      channels.tile = 16;
      channels.planar = true;
      assertReads(number, channels, 3);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5, 8, 32946, 32773, 50000})
  void compressionsInStripsAndTiles(int compression) throws IOException {
    int[][] kinds = {{1, 1}, {8, 1}, {8, 2}, {12, 1}, {16, 1}, {16, 2}, {32, 1}, {32, 3}, {64, 3}};
    for (int[] kind : kinds) {
      Number number = new Number(kind[0], kind[1]);
      for (int samples = 1; samples <= 5; samples++) {
        for (int layout = 0; layout < 8; layout++) {
          TiffWriter tiff = tiff(number, samples);
          tiff.compression = compression;
          tiff.little = (layout & 1) == 0;
          tiff.planar = (layout & 2) == 0;
          tiff.tile = (layout & 4) == 0 ? 16 : 0;
          tiff.rows = 5;
          assertReads(number, tiff, samples);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {5, 8, 50000})
  void predictors(int compression) throws IOException {
    int[][] kinds = {
      {8, 1}, {16, 1}, {16, 2}, {32, 1}, {64, 1}, {16, 3}, {24, 3}, {32, 3}, {64, 3}
    };
    for (int[] kind : kinds) {
      Number number = new Number(kind[0], kind[1]);
      for (int samples = 1; samples <= 4; samples++) {
        for (int predictor = 2; predictor <= (kind[1] == 3 ? 3 : 2); predictor++) {
          if (predictor == 2 && kind[0] == 24) continue;
          for (int layout = 0; layout < 8; layout++) {
            TiffWriter tiff = tiff(number, samples);
            tiff.compression = compression;
            tiff.predictor = predictor;
            tiff.little = (layout & 1) == 0;
            tiff.planar = (layout & 2) == 0;
            tiff.tile = (layout & 4) == 0 ? 16 : 0;
            tiff.rows = 8;
            assertReads(number, tiff, samples);
          }
        }
      }
    }
  }

  /** Transparency is left out, samples of no told meaning are channels. */
  @Test
  void coloursGreyAndExtraSamples() throws IOException {
    for (int bits : new int[] {8, 16, 32}) {
      Number number = new Number(bits, 1);
      for (boolean planar : new boolean[] {false, true}) {
        for (int compression : new int[] {1, 5}) {
          for (long alpha = 0; alpha <= 2; alpha++) {
            TiffWriter rgba = tiff(number, 4);
            rgba.photometric = 2;
            rgba.planar = planar;
            rgba.compression = compression;
            rgba.tag(338, alpha);
            assertReads(number, rgba, alpha == 0 ? 4 : 3);
            TiffWriter grey = tiff(number, 2);
            grey.planar = planar;
            grey.compression = compression;
            grey.tag(338, alpha);
            assertReads(number, grey, alpha == 0 ? 2 : 1);
          }
          TiffWriter rgb = tiff(number, 3);
          rgb.photometric = 2;
          rgb.planar = planar;
          rgb.compression = compression;
          assertReads(number, rgb, 3);
          TiffWriter inverted = tiff(number, 1);
          inverted.photometric = 0;
          inverted.compression = compression;
          assertReads(number, inverted, 1);
        }
      }
    }
  }

  @Test
  void propertiesThatAreNotReadAreNamed() throws IOException {
    Number byteSized = new Number(8, 1);
    int[][] compressions = {
      {2, 0},
      {3, 0},
      {4, 0},
      {6, 0},
      {9, 0},
      {34712, 0},
      {34887, 0},
      {34925, 0},
      {50001, 0},
      {4711, 0}
    };
    String[] names = {
      "CCITT",
      "CCITT",
      "CCITT",
      "JPEG of the old",
      "JBIG",
      "JPEG 2000",
      "LERC",
      "LZMA",
      "WebP",
      "4711"
    };
    for (int i = 0; i < names.length; i++) {
      TiffWriter tiff = tiff(byteSized, 1);
      tiff.compression = compressions[i][0];
      String message = refusal(tiff);
      assertTrue(message.contains("compression") && message.contains(names[i]), message);
    }
    int[] photometrics = {4, 5, 6, 8, 9, 10, 32803, 34892, 99};
    String[] colors = {
      "mask", "CMYK", "YCbCr", "CIELAB", "ICCLAB", "ITULAB", "CFA", "LinearRaw", "99"
    };
    for (int i = 0; i < colors.length; i++) {
      TiffWriter tiff = tiff(byteSized, 3);
      tiff.photometric = photometrics[i];
      String message = refusal(tiff);
      assertTrue(message.contains(colors[i]), message);
    }
    for (int format = 4; format <= 6; format++) {
      TiffWriter tiff = tiff(byteSized, 1);
      tiff.tag(339, format);
      assertTrue(refusal(tiff).contains("SampleFormat " + (format == 4 ? "is 4" : format)));
    }
    for (int predictor : new int[] {2, 3, 34892}) {
      TiffWriter tiff = tiff(new Number(12, 1), 1);
      tiff.compression = 5;
      tiff.predictor = predictor == 3 ? 3 : 1;
      tiff.tag(317, predictor);
      tiff.predictor = 1;
      assertTrue(refusal(tiff).contains("predictor"));
    }
    TiffWriter mixed = tiff(byteSized, 3);
    mixed.tag(258, 8, 8, 16);
    assertTrue(refusal(mixed).contains("BitsPerSample"));
    TiffWriter wide = tiff(byteSized, 1);
    wide.tag(258, 128);
    assertTrue(refusal(wide).contains("128 bits"));
    TiffWriter odd = tiff(byteSized, 1);
    odd.tag(339, 3);
    assertTrue(refusal(odd).contains("floating point numbers of 8 bits"));
    TiffWriter huge = tiff(new Number(64, 3), 1);
    huge.set(0, 3, 3, Double.doubleToLongBits(1e300));
    assertTrue(refusal(huge).contains("3.4e38"));
  }

  @Test
  void pixelsThatAreNotThereAreMissed() throws IOException {
    for (int compression : new int[] {1, 5, 8, 32773, 50000}) {
      TiffWriter tiff = tiff(new Number(8, 1), 1);
      tiff.compression = compression;
      tiff.rows = 7;
      tiff.tag(278, 21);
      assertTrue(refusal(tiff).contains("strips do not cover"), "compression " + compression);
      TiffWriter few = tiff(new Number(8, 1), 1);
      few.compression = compression;
      few.rows = 7;
      few.tag(278, 3);
      assertTrue(refusal(few).contains("7 are needed, there are 3"));
      TiffWriter whole = tiff(new Number(8, 1), 1);
      whole.compression = compression;
      byte[] bytes = whole.bytes();
      Path file = folder.resolve("layout.tif");
      for (int cut = 1; cut < bytes.length - 4; cut += 17) {
        Files.write(file, java.util.Arrays.copyOf(bytes, cut));
        assertThrows(SpyhopException.class, () -> new ImageFiles().readFrame(file));
      }
    }
  }

  /** ImageJ believes what a file says of the overlay in it, and makes room for 2 GB. */
  @Test
  void regionsThatAreLongerThanTheFileAreRefused() throws IOException {
    for (long[] counts : new long[][] {{12, 0x7FFFFFF0}, {12, 4, 4}}) {
      TiffWriter tiff = tiff(new Number(8, 1), 1);
      tiff.tag(50838, counts);
      // "IJIJ", "over", 2^24 of them
      tiff.tag(50839, 0x494A, 0x494A, 0x6F76, 0x6572, 0x100, 0, 0, 0, 0, 0);
      assertTrue(refusal(tiff).contains("regions are cut off"));
    }
  }

  /** The Adler-32 at the end of the stream says that a byte is another. */
  @Test
  void damagedDeflateIsNotBlack() throws IOException {
    TiffWriter tiff = tiff(new Number(8, 1), 1);
    tiff.compression = 8;
    byte[] bytes = tiff.bytes();
    Path file = folder.resolve("layout.tif");
    for (int at : new int[] {8, 12, 200, 500}) {
      byte[] damaged = bytes.clone();
      damaged[at] ^= 0x10;
      Files.write(file, damaged);
      String message =
          assertThrows(SpyhopException.class, () -> new ImageFiles().readFrame(file)).getMessage();
      assertTrue(message.contains("layout.tif"), message);
    }
  }

  /** Programs that rewrite a file of ImageJ keep its words, and put directories between planes. */
  @Test
  void planesOfImageJThatDoNotFollowEachOther() throws IOException {
    for (int rows : new int[] {HEIGHT, 4}) {
      TiffWriter tiff = stack(rows);
      tiff.description(
          "ImageJ=1.53t\nimages=4\nchannels=2\nslices=2\nhyperstack=true\nunit=\\u00B5m\n"
              + "spacing=3.0\n");
      tiff.tag(282, 2, 1).tag(283, 4, 1);
      ImagePlus image = ImageFiles.open(write(tiff));
      assertArrayEquals(new int[] {WIDTH, HEIGHT, 2, 2, 1}, image.getDimensions());
      for (int page = 0; page < 4; page++) {
        for (int i = 0; i < WIDTH * HEIGHT; i++) {
          assertEquals(
              (i * 3 + page * 50) & 0xFF, image.getStack().getProcessor(page + 1).get(i), "" + i);
        }
      }
      assertEquals(0.5, image.getCalibration().pixelWidth);
      assertEquals(0.25, image.getCalibration().pixelHeight);
      assertEquals(3, image.getCalibration().pixelDepth);
      assertEquals("\u00B5m", image.getCalibration().getUnit());
    }
    TiffWriter more = stack(HEIGHT);
    more.description("ImageJ=1.53t\nimages=5\nslices=5\n");
    assertTrue(refusal(more).contains("5 images"));
  }

  @Test
  void omeXmlWithAPrefixBeforeItsNames() throws IOException {
    for (String prefix : new String[] {"", "OME:", "o:"}) {
      TiffWriter tiff = stack(HEIGHT);
      String xmlns = prefix.isEmpty() ? "xmlns" : "xmlns:" + prefix.replace(":", "");
      tiff.description(
          Strings.format(
              "<?xml version=\"1.0\"?><%1$sOME %2$s=\"http://www.openmicroscopy.org/Schemas/OME/2016-06\">"
                  + "<%1$sImage ID=\"Image:0\"><%1$sPixels DimensionOrder=\"XYZCT\" SizeX=\"37\""
                  + " SizeY=\"21\" SizeZ=\"2\" SizeC=\"2\" SizeT=\"1\" Type=\"uint8\""
                  + " PhysicalSizeX=\"0.5\" PhysicalSizeY=\"0.25\"><%1$sTiffData/></%1$sPixels>"
                  + "</%1$sImage></%1$sOME>",
              prefix, xmlns));
      ImagePlus image = ImageFiles.open(write(tiff));
      assertArrayEquals(new int[] {WIDTH, HEIGHT, 2, 2, 1}, image.getDimensions(), prefix);
      // slices change first: page 1 is slice 2 of channel 1
      assertEquals(50, image.getStack().getProcessor(image.getStackIndex(1, 2, 1)).get(0));
      assertEquals(100, image.getStack().getProcessor(image.getStackIndex(2, 1, 1)).get(0));
      assertEquals(0.25, image.getCalibration().pixelHeight);
    }
  }

  @Test
  void planesBehindOneDirectoryAreNamed() throws IOException {
    TiffWriter truncated = tiff(new Number(8, 1), 1);
    truncated.description("{\"shape\": [6, 21, 37], \"axes\": \"ZYX\", \"truncated\": true}");
    assertTrue(refusal(truncated).contains("one directory"));
    TiffWriter plain = tiff(new Number(8, 1), 1);
    plain.description("{\"shape\": [21, 37]}");
    assertEquals(1, new ImageFiles().readFrame(write(plain)).channels());
    TiffWriter metaMorph = tiff(new Number(8, 1), 1);
    metaMorph.tag(33629, 1, 1, 1, 1);
    assertTrue(refusal(metaMorph).contains("MetaMorph with 4 planes"));
  }

  /** Page p has 3 i + 50 p in its pixel i. */
  private static TiffWriter stack(int rows) {
    TiffWriter first = new TiffWriter(WIDTH, HEIGHT);
    for (int page = 0; page < 4; page++) {
      TiffWriter tiff = page == 0 ? first : new TiffWriter(WIDTH, HEIGHT);
      tiff.rows = rows;
      for (int i = 0; i < WIDTH * HEIGHT; i++) {
        tiff.set(0, i % WIDTH, i / WIDTH, (i * 3 + page * 50) & 0xFF);
      }
      if (page > 0) first.add(tiff);
    }
    return first;
  }
}
