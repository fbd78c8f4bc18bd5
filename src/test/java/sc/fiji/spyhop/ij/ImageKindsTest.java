package sc.fiji.spyhop.ij;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ij.ImagePlus;
import ij.io.FileSaver;
import ij.io.Opener;
import ij.process.ByteProcessor;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.imageio.ImageIO;
import net.imglib2.type.numeric.RealType;
import net.imglib2.view.Views;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.prediction.ImageSize;
import sc.fiji.spyhop.prediction.LabelMap;

/** Kinds of files other than TIFF, written byte by byte. */
class ImageKindsTest {

  @TempDir Path folder;

  private static double[] values(Frame frame) {
    double[] values = new double[(int) Views.flatIterable(frame.pixels()).size()];
    int i = 0;
    for (RealType<?> v : Views.flatIterable(frame.pixels())) values[i++] = v.getRealDouble();
    return values;
  }

  private Path write(String name, byte[] bytes) throws IOException {
    return Files.write(folder.resolve(name), bytes);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private double[] read(String name, byte[] bytes) throws IOException {
    return values(new ImageFiles().readFrame(write(name, bytes)));
  }

  private String refusal(String name, byte[] bytes) throws IOException {
    Path file = write(name, bytes);
    String message =
        assertThrows(SpyhopException.class, () -> new ImageFiles().readFrame(file)).getMessage();
    assertEquals(message.indexOf(name), message.lastIndexOf(name), message);
    assertTrue(message.contains(name), message);
    return message;
  }

  /** Nothing but the last byte may be missing without a word. */
  private void assertEveryCutIsRefused(String name, byte[] whole) throws IOException {
    new ImageFiles().readFrame(write(name, whole));
    for (int cut = 4; cut < whole.length; cut += Math.max(1, whole.length / 50)) {
      refusal(name, Arrays.copyOf(whole, cut));
    }
  }

  @Test
  void netpbm() throws IOException {
    assertArrayEquals(new double[] {0, 255, 255}, read("1.pbm", ascii("P1\n# c\n3 1\n1 0 0\n")));
    assertArrayEquals(new double[] {7, 300}, read("2.pgm", ascii("P2 2 1 #c\n1000\n7 300")));
    assertArrayEquals(
        new double[] {1, 4, 2, 5, 3, 6}, read("3.ppm", ascii("P3 2 1 9 1 2 3 4 5 6")));
    assertArrayEquals(
        new double[] {255, 0, 255, 0, 0, 255, 0, 255, 255},
        read("4.pbm", ascii("P4\n9 1\n\u005a\u0000")));
    assertArrayEquals(new double[] {9, 200}, read("5.pgm", ascii("P5 2 1 255\n\t\u00c8")));
    assertArrayEquals(new double[] {513, 7}, read("5w.pgm", ascii("P5 2 1 999\n\2\1\0\7")));
    assertArrayEquals(
        new double[] {258, 772, 1286}, read("6w.ppm", ascii("P6 1 1 65535\n\1\2\3\4\5\6")));
    assertEveryCutIsRefused("cut.ppm", Arrays.copyOf(ascii("P6 20 9 255\n"), 12 + 540));
    assertEveryCutIsRefused("cut2.pgm", ascii("P2 2 3 99\n10 20 30 40 50 6"));
    refusal("letters.pgm", ascii("P2 2 1 99\n10 x"));
    refusal("above.pgm", ascii("P2 2 1 99\n10 100"));
    refusal("large.pgm", ascii("P5 16000 16000 255\nx"));
    assertTrue(refusal("two.pgm", ascii("P5 1 1 255\nxP5 1 1 255\ny")).contains("several images"));
  }

  /** 3 x 2 pixels of 8 bits. */
  static byte[] fits() {
    return fits(8, new byte[] {4, 5, 6, 1, 2, 3});
  }

  private static byte[] fits(int bits, byte[] pixels, String... more) {
    StringBuilder head = new StringBuilder();
    List<String> lines =
        new ArrayList<>(
            List.of(
                "SIMPLE  =  T",
                "BITPIX  =  " + bits,
                "NAXIS   =  2",
                "NAXIS1  =  3",
                "NAXIS2  =  2"));
    lines.addAll(List.of(more));
    lines.add("END");
    for (String line : lines) head.append(line).append(" ".repeat(80 - line.length()));
    byte[] start = ascii(head + " ".repeat(2880 - head.length()));
    byte[] file = Arrays.copyOf(start, 2880 + pixels.length);
    System.arraycopy(pixels, 0, file, 2880, pixels.length);
    return file;
  }

  /** Values as Pillow and scikit-image read them. */
  @Test
  void greyPngOfFewBitsIsStretched() throws IOException {
    String two =
        "iVBORw0KGgoAAAANSUhEUgAAAAQAAAABAgAAAACW50iwAAAACklEQVR4nGOQBgAAHQAcjvT1IQAAAABJRU5ErkJggg==";
    String four =
        "iVBORw0KGgoAAAANSUhEUgAAAAQAAAABBAAAAAAZp70QAAAAC0lEQVR4nGNgrAcAAIQAgafXcQEAAAAASUVORK5CYII=";
    Base64.Decoder bytes = Base64.getDecoder();
    assertArrayEquals(new double[] {0, 85, 170, 255}, read("2.png", bytes.decode(two)));
    assertArrayEquals(new double[] {0, 17, 119, 255}, read("4.png", bytes.decode(four)));
  }

  /** An image with a table, or another image, behind it (FITS 4.0, section 3.4). */
  @Test
  void fitsFilesOfSeveralImages() throws IOException {
    byte[] first = Arrays.copyOf(fits(), 5760);
    String size = "BITPIX  =  8|NAXIS   =  2|NAXIS1  =  3|NAXIS2  =  2|PCOUNT  =  0|GCOUNT  =  1";
    byte[] table = extension("XTENSION= 'BINTABLE'|" + size + "|TFIELDS =  1|TFORM1  = '3B      '");
    byte[] image = extension("XTENSION= 'IMAGE   '|" + size);
    byte[] packed = extension("XTENSION= 'BINTABLE'|" + size + "|ZIMAGE  =  T / packed");
    assertArrayEquals(new double[] {1, 2, 3, 4, 5, 6}, read("t.fits", joined(first, table)));
    for (byte[] second : List.of(image, packed)) {
      assertTrue(refusal("i.fits", joined(first, second)).contains("one image"));
      assertTrue(refusal("ti.fits", joined(first, table, second)).contains("one image"));
    }
  }

  private static byte[] extension(String cards) {
    StringBuilder text = new StringBuilder();
    for (String card : (cards + "|END").split("\\|")) {
      text.append(card).append(" ".repeat(80 - card.length()));
    }
    return Arrays.copyOf(ascii(text + " ".repeat(2880 - text.length())), 5760);
  }

  private static byte[] joined(byte[]... parts) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) all.write(part);
    return all.toByteArray();
  }

  @Test
  void fitsFiles() throws IOException {
    byte[] file = fits();
    // the first row of FITS is the lowest
    assertArrayEquals(new double[] {1, 2, 3, 4, 5, 6}, read("a.fits", file));
    assertTrue(refusal("b.fits", Arrays.copyOf(file, 2883)).contains("cut short"));
    refusal("c.fits", Arrays.copyOf(file, 500));
    // -3, 0, 5 below 100, -100, 7
    byte[] words = {0, 100, (byte) 0xFF, (byte) 0x9C, 0, 7, (byte) 0xFF, (byte) 0xFD, 0, 0, 0, 5};
    assertArrayEquals(new double[] {-3, 0, 5, 100, -100, 7}, read("s.fits", fits(16, words)));
    assertArrayEquals(
        new double[] {8.5, 10, 12.5, 60, -40, 13.5},
        read("scaled.fits", fits(16, words, "BZERO   = 1.0D1 / zero", "BSCALE  = 0.5")));
    assertArrayEquals(
        new double[] {32765, 32768, 32773, 32868, 32668, 32775},
        read("u.fits", fits(16, words, "BZERO   = 32768.0")));
    ByteBuffer floats = ByteBuffer.allocate(24);
    for (float value : new float[] {4, 5, 6, 0.5f, -2, 1e9f}) floats.putFloat(value);
    assertArrayEquals(
        new double[] {0.5, -2, 1e9, 4, 5, 6}, read("f.fits", fits(-32, floats.array())));
    ByteBuffer longs = ByteBuffer.allocate(48);
    for (long value : new long[] {4, 5, 6, 1, -2, 1L << 40}) longs.putLong(value);
    assertArrayEquals(
        new double[] {1, -2, 1L << 40, 4, 5, 6}, read("l.fits", fits(64, longs.array())));
    assertTrue(refusal("d.fits", fits(16, words, "BSCALE  = x")).contains("BSCALE"));
    assertTrue(refusal("n.fits", fits(16, words, "BLANK   = -100")).contains("BLANK"));
    assertEquals(-3, read("m.fits", fits(16, words, "BLANK   = -32768"))[0]);
    // floating-point numbers have NaN for it (FITS 4.0, section 4.4.2.4)
    assertEquals(0.5, read("g.fits", fits(-32, floats.array(), "BLANK   = 5"))[0]);
  }

  static byte[] dicom(int pixels) {
    byte[] six = {1, 2, 3, 4, 5, 6};
    return dicom("MONOCHROME2", 1, 8, 8, 0, "", Arrays.copyOf(six, pixels));
  }

  /** 3 x 2 pixels; what is not there is cut off. */
  private static byte[] dicom(
      String colors, int samples, int bits, int stored, int signed, String rescale, byte[] pixels) {
    ByteBuffer out = ByteBuffer.allocate(1000).order(ByteOrder.LITTLE_ENDIAN);
    out.position(128);
    out.put(ascii("DICM"));
    put(out, 2, 0x10, "UI", ascii("1.2.840.10008.1.2.1\0"));
    put(out, 0x28, 2, "US", new byte[] {(byte) samples, 0});
    put(out, 0x28, 4, "CS", ascii(colors + " ".repeat(colors.length() % 2)));
    if (samples == 3) put(out, 0x28, 6, "US", new byte[2]);
    int[][] tags = {
      {0x10, 2}, {0x11, 3}, {0x100, bits}, {0x101, stored}, {0x102, stored - 1}, {0x103, signed}
    };
    for (int[] tag : tags) put(out, 0x28, tag[0], "US", new byte[] {(byte) tag[1], 0});
    if (!rescale.isEmpty()) {
      put(out, 0x28, 0x1052, "DS", ascii(rescale));
      put(out, 0x28, 0x1053, "DS", ascii("1 "));
    }
    out.putShort((short) 0x7FE0).putShort((short) 0x10).put(ascii("OB")).putShort((short) 0);
    out.putInt(6 * samples * bits / 8).put(pixels);
    return Arrays.copyOf(out.array(), out.position());
  }

  private static void put(ByteBuffer out, int group, int element, String kind, byte[] value) {
    out.putShort((short) group).putShort((short) element).put(ascii(kind));
    out.putShort((short) value.length).put(value);
  }

  private static byte[] words(int... values) {
    ByteBuffer out = ByteBuffer.allocate(2 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (int value : values) out.putShort((short) value);
    return out.array();
  }

  @Test
  void dicomFiles() throws IOException {
    assertArrayEquals(new double[] {1, 2, 3, 4, 5, 6}, read("a.dcm", dicom(6)));
    assertTrue(refusal("b.dcm", dicom(4)).contains("cut short"));
    // stored values, whatever Hounsfield units they stand for
    double[] signed = {-2000, -1, 0, 1, 1024, 2000};
    for (String intercept : new String[] {"", "0 ", "-1024 "}) {
      byte[] pixels = words(-2000, -1, 0, 1, 1024, 2000);
      assertArrayEquals(
          signed, read("ct.dcm", dicom("MONOCHROME2", 1, 16, 16, 1, intercept, pixels)));
    }
    // twelve bits with a sign, and with something else in the bits above
    byte[] twelve = words(0x0FFF, 0x0800, 0x07FF, 0, 0xA001, 0xAFFE);
    assertArrayEquals(
        new double[] {-1, -2048, 2047, 0, 1, -2},
        read("i12.dcm", dicom("MONOCHROME2", 1, 16, 12, 1, "", twelve)));
    assertArrayEquals(
        new double[] {4095, 2048, 2047, 0, 1, 4094},
        read("u12.dcm", dicom("MONOCHROME1", 1, 16, 12, 0, "", twelve)));
    byte[] colors = new byte[18];
    for (int i = 0; i < 18; i++) colors[i] = (byte) (i * 10);
    double[] rgb = read("rgb.dcm", dicom("RGB", 3, 8, 8, 0, "", colors));
    assertArrayEquals(new double[] {0, 30, 60, 90, 120, 150}, Arrays.copyOf(rgb, 6));
    for (String other : new String[] {"YBR_FULL", "YBR_FULL_422", "MONOCHROME2"}) {
      assertTrue(refusal("c.dcm", dicom(other, 3, 8, 8, 0, "", colors)).contains(other));
    }
    assertTrue(
        refusal("p.dcm", dicom("PALETTE COLOR", 1, 8, 8, 0, "", colors)).contains("PALETTE"));
    byte[] deflated = dicom(6);
    deflated[128 + 4 + 8 + 18] = '5';
    assertTrue(refusal("d.dcm", deflated).contains("1.2.840.10008.1.2.5"));
  }

  /** What ImageJ's own reader does with an intercept must not change what is stored. */
  @Test
  void signedDicomThatImageJOpenedKeepsItsValues() throws IOException {
    byte[] pixels = words(-2000, -1, 0, 1, 1024, 2000);
    double[] stored = {-2000, -1, 0, 1, 1024, 2000};
    for (String intercept : new String[] {"", "0 ", "-1024 "}) {
      Path file = write("ct.dcm", dicom("MONOCHROME2", 1, 16, 16, 1, intercept, pixels));
      ImagePlus opened = new Opener().openImage(file.toString());
      assertArrayEquals(stored, values(Frames.of(opened).get(1, 1)), intercept);
      Path saved = folder.resolve("ct.tif");
      assertTrue(new FileSaver(opened).saveAsTiff(saved.toString()));
      assertArrayEquals(stored, values(new ImageFiles().readFrame(saved)), intercept);
    }
    Path file =
        write("u.dcm", dicom("MONOCHROME2", 1, 16, 16, 0, "-1024 ", words(0, 1, 2, 3, 4, 40_000)));
    ImagePlus opened = new Opener().openImage(file.toString());
    assertArrayEquals(new double[] {0, 1, 2, 3, 4, 40_000}, values(Frames.of(opened).get(1, 1)));
  }

  /** 2 x 1 pixels of a GIF by hand: codes clear, 1, 2, end with 3 bits each. */
  private static byte[] gif(int[] palette, int frames) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(ascii("GIF89a"));
    out.writeBytes(new byte[] {2, 0, 1, 0, (byte) 0x81, 0, 0});
    for (int rgb : palette) {
      out.writeBytes(new byte[] {(byte) (rgb >> 16), (byte) (rgb >> 8), (byte) rgb});
    }
    for (int i = 0; i < frames; i++) {
      out.writeBytes(new byte[] {0x2C, 0, 0, 0, 0, 2, 0, 1, 0, 0, 2});
      int codes = 4 | 1 << 3 | 2 << 6 | 5 << 9;
      out.writeBytes(new byte[] {2, (byte) codes, (byte) (codes >> 8), 0});
    }
    out.write(0x3B);
    return out.toByteArray();
  }

  @Test
  void palettesMeanColoursInGif() throws IOException {
    int[] colours = {0, 0x0A141E, 0xC80000, 0};
    assertArrayEquals(new double[] {10, 200, 20, 0, 30, 0}, read("colours.gif", gif(colours, 1)));
    assertEquals(
        LabelMap.of(2, 1, 1, 2), new ImageFiles().readLabels(folder.resolve("colours.gif")));
    int[] greys = {0xFF0000, 0x646464, 0x020202, 0};
    assertArrayEquals(new double[] {100, 2}, read("greys.gif", gif(greys, 1)));
    // as an inverted lookup table of ImageJ, whose numbers count
    assertEquals(LabelMap.of(2, 1, 1, 2), new ImageFiles().readLabels(folder.resolve("greys.gif")));
    // as Pillow writes a mask, and labels 3 and 9
    int[] mask = {0xFF0000, 0, 0xFFFFFF, 0};
    assertEquals(
        LabelMap.of(2, 1, 0, 255), new ImageFiles().readLabels(write("m.gif", gif(mask, 1))));
    int[] labels = {0, 0x030303, 0x090909, 0};
    assertEquals(
        LabelMap.of(2, 1, 3, 9), new ImageFiles().readLabels(write("l.gif", gif(labels, 1))));
    ImagePlus frames = ImageFiles.open(write("three.gif", gif(colours, 3)));
    assertEquals(3, frames.getStackSize());
    byte[] whole = gif(colours, 3);
    for (int cut = 10; cut < whole.length; cut++) {
      Path file = write("cut.gif", Arrays.copyOf(whole, cut));
      assertThrows(SpyhopException.class, () -> ImageFiles.open(file));
    }
  }

  /** A frame of a 4 x 1 screen with numbers of 2 bits: clear before each of them, 3 bits a code. */
  private static byte[] frame(int disposal, int transparent, int left, int... numbers) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int flags = disposal << 2 | (transparent < 0 ? 0 : 1);
    out.writeBytes(new byte[] {0x21, (byte) 0xF9, 4, (byte) flags, 0, 0, (byte) transparent, 0});
    out.writeBytes(new byte[] {0x2C, (byte) left, 0, 0, 0, (byte) numbers.length, 0, 1, 0, 0, 2});
    long codes = 0;
    int bit = 0;
    for (int number : numbers) {
      codes |= 4L << bit | (long) number << bit + 3;
      bit += 6;
    }
    codes |= 5L << bit;
    int bytes = (bit + 3 + 7) / 8;
    out.write(bytes);
    for (int i = 0; i < bytes; i++) out.write((int) (codes >> 8 * i));
    out.write(0);
    return out.toByteArray();
  }

  private static byte[] film(byte[]... frames) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(ascii("GIF89a"));
    out.writeBytes(new byte[] {4, 0, 1, 0, (byte) 0x81, 0, 0});
    for (int grey : new int[] {10, 20, 30, 40}) {
      for (int i = 0; i < 3; i++) out.write(grey);
    }
    for (byte[] frame : frames) out.writeBytes(frame);
    out.write(0x3B);
    return out.toByteArray();
  }

  private void assertFilm(byte[] gif, int[]... planes) throws IOException {
    ImagePlus image = ImageFiles.open(write("film.gif", gif));
    assertEquals(planes.length, image.getStackSize());
    assertEquals(8, image.getBitDepth());
    for (int n = 0; n < planes.length; n++) {
      int[] read = new int[planes[n].length];
      for (int x = 0; x < read.length; x++) read[x] = image.getStack().getProcessor(n + 1).get(x);
      assertArrayEquals(planes[n], read, "frame " + n);
    }
  }

  /** GIF89a: a frame is painted over those before it, which are left, cleared or taken back. */
  @Test
  void framesOfGifArePaintedOverEachOther() throws IOException {
    byte[] whole = frame(0, -1, 0, 0, 1, 2, 3);
    assertFilm(
        film(whole, frame(1, -1, 1, 3, 3), frame(0, 2, 2, 2, 0)),
        new int[] {10, 20, 30, 40},
        new int[] {10, 40, 40, 40},
        new int[] {10, 40, 40, 10});
    assertFilm(
        film(whole, frame(3, -1, 1, 3, 3), frame(0, -1, 0, 1)),
        new int[] {10, 20, 30, 40},
        new int[] {10, 40, 40, 40},
        new int[] {20, 20, 30, 40});
    assertFilm(
        film(whole, frame(2, -1, 1, 3, 3), frame(0, -1, 0, 1)),
        new int[] {10, 20, 30, 40},
        new int[] {10, 40, 40, 40},
        new int[] {20, 10, 10, 40});
    assertFilm(
        film(frame(2, 0, 1, 3, 3), frame(0, 1, 0, 2, 1)),
        new int[] {255, 40, 40, 255},
        new int[] {30, 255, 255, 255});
    assertFilm(film(frame(0, -1, 1, 3, 3)), new int[] {10, 40, 40, 10});
    byte[] few = frame(0, -1, 0, 0, 1, 2);
    few[13] = 4;
    assertTrue(refusal("few.gif", film(few)).contains("3 of 4 pixels"));
    assertTrue(refusal("less.gif", film(frame(0, -1, 0), whole)).contains("without pixels"));
  }

  @Test
  void palettesMeanColoursInBmp() throws IOException {
    ByteBuffer bmp = ByteBuffer.allocate(54 + 12 + 4).order(ByteOrder.LITTLE_ENDIAN);
    bmp.put(ascii("BM")).putInt(70).putInt(0).putInt(66);
    bmp.putInt(40).putInt(2).putInt(1).putShort((short) 1).putShort((short) 8);
    bmp.putInt(0).putInt(4).putInt(0).putInt(0).putInt(3).putInt(0);
    bmp.putInt(0).putInt(0x0A141E).putInt(0xC80000).put(new byte[] {1, 2, 0, 0});
    Path file = write("p.bmp", bmp.array());
    assertArrayEquals(
        new double[] {10, 200, 20, 0, 30, 0}, values(new ImageFiles().readFrame(file)));
    assertEquals(LabelMap.of(2, 1, 1, 2), new ImageFiles().readLabels(file));
  }

  /** EXIF of one entry, the orientation. */
  private static byte[] exif(int orientation) {
    ByteBuffer tiff = ByteBuffer.allocate(26);
    tiff.put(ascii("MM\0*")).putInt(8).putShort((short) 1);
    tiff.putShort((short) 0x112).putShort((short) 3).putInt(1).putShort((short) orientation);
    return tiff.array();
  }

  /**
   * A grey picture that is a letter F as it is to be looked at, 24 x 40 pixels, stored as each of
   * the eight orientations says: what the first row and column stored are, by EXIF 2.3, table 6.
   */
  @Test
  void photographsAreTurnedUpright() throws IOException {
    for (int orientation = 1; orientation <= 8; orientation++) {
      boolean swapped = orientation > 4;
      int w = swapped ? 40 : 24;
      int h = swapped ? 24 : 40;
      BufferedImage stored = new BufferedImage(w, h, BufferedImage.TYPE_BYTE_GRAY);
      for (int y = 0; y < h; y++) {
        for (int x = 0; x < w; x++) {
          int across = swapped ? y : x;
          int down = swapped ? x : y;
          // row 0 stored is the top, top, bottom, bottom, left, right, right, left
          boolean right =
              orientation == 2 || orientation == 3 || orientation == 6 || orientation == 7;
          boolean bottom =
              orientation == 3 || orientation == 4 || orientation == 7 || orientation == 8;
          int column = right ? 23 - across : across;
          int row = bottom ? 39 - down : down;
          stored.getRaster().setSample(x, y, 0, letter(column, row));
        }
      }
      ByteArrayOutputStream jpeg = new ByteArrayOutputStream();
      ImageIO.write(stored, "jpg", jpeg);
      assertLetter("a.jpg", withExif(jpeg.toByteArray(), exif(orientation)), w, h, orientation);
      ByteArrayOutputStream png = new ByteArrayOutputStream();
      ImageIO.write(stored, "png", png);
      assertLetter("a.png", withChunk(png.toByteArray(), exif(orientation)), w, h, orientation);
    }
  }

  private static int letter(int x, int y) {
    return x < 8 || y < 8 || y >= 16 && y < 24 && x < 16 ? 200 : 40;
  }

  private void assertLetter(String name, byte[] bytes, int w, int h, int orientation)
      throws IOException {
    Path file = write(name, bytes);
    ImageFiles files = new ImageFiles();
    assertEquals(new ImageSize(24, 40), files.readSize(file));
    assertEquals(new ImageSize(w, h), files.readStoredSize(file));
    assertEquals(orientation, files.readOrientation(file));
    double[] read = values(files.readFrame(file));
    for (int i = 0; i < read.length; i++) {
      assertEquals(letter(i % 24, i / 24), read[i], 25, name + orientation + ": " + i);
    }
  }

  private static byte[] withExif(byte[] jpeg, byte[] exif) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(jpeg, 0, 2);
    out.writeBytes(new byte[] {(byte) 0xFF, (byte) 0xE1, 0, (byte) (exif.length + 8)});
    out.writeBytes(ascii("Exif\0\0"));
    out.writeBytes(exif);
    out.write(jpeg, 2, jpeg.length - 2);
    return out.toByteArray();
  }

  private static byte[] withChunk(byte[] png, byte[] exif) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(png, 0, 33);
    chunk(out, "eXIf", exif);
    out.write(png, 33, png.length - 33);
    return out.toByteArray();
  }

  @Test
  void jpegsThatAreNotReadAreNamed() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB), "jpg", out);
    byte[] jpeg = out.toByteArray();
    int frame = 0;
    while ((jpeg[frame] & 0xFF) != 0xFF || (jpeg[frame + 1] & 0xFF) != 0xC0) frame++;
    byte[] cmyk = jpeg.clone();
    cmyk[frame + 9] = 4;
    assertTrue(refusal("cmyk.jpg", cmyk).contains("CMYK"));
    byte[] deep = jpeg.clone();
    deep[frame + 4] = 12;
    assertTrue(refusal("deep.jpg", deep).contains("12 bits"));
    Path file = write("mask.jpg", jpeg);
    String message =
        assertThrows(SpyhopException.class, () -> new ImageFiles().readLabels(file)).getMessage();
    assertTrue(message.contains("mask.jpg") && message.contains("JPEG"), message);
  }

  /** The checksums of what is needed to show a PNG are looked at, of its palette as well. */
  @Test
  void everyChangedByteOfPngIsNoticed() throws IOException {
    byte[][] palette = {{10, 20}, {30, 40}, {50, 60}};
    IndexColorModel colors = new IndexColorModel(8, 2, palette[0], palette[1], palette[2]);
    BufferedImage picture = new BufferedImage(5, 4, BufferedImage.TYPE_BYTE_INDEXED, colors);
    picture.getRaster().setSample(3, 2, 0, 1);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(picture, "png", out);
    byte[] png = out.toByteArray();
    String text = new String(png, StandardCharsets.ISO_8859_1);
    for (String chunk : new String[] {"IHDR", "PLTE", "IDAT"}) {
      byte[] changed = png.clone();
      changed[text.indexOf(chunk) + 5] ^= 0x10;
      String message = refusal("changed.png", changed);
      assertTrue(message.contains("checksum of its " + chunk), message);
    }
    byte[] remark = withChunk(png, exif(1));
    remark[40] ^= 1; // of no meaning for the pixels
    assertEquals(20, new ImageFiles().readLabels(write("remark.png", remark)).size());
    assertTrue(refusal("cut.png", Arrays.copyOf(png, text.indexOf("IEND"))).contains("cut short"));
  }

  /** The end is marked in the middle of the pixels, after which Java makes up the others. */
  @Test
  void damagedJpegIsNotMadeUp() throws IOException {
    BufferedImage picture = new BufferedImage(96, 96, BufferedImage.TYPE_BYTE_GRAY);
    Random random = new Random(1);
    for (int i = 0; i < 96 * 96; i++) {
      picture.getRaster().setSample(i % 96, i / 96, 0, random.nextInt(256));
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(picture, "jpg", out);
    byte[] jpeg = out.toByteArray();
    byte[] marker = jpeg.clone();
    marker[jpeg.length / 2] = (byte) 0xFF;
    marker[jpeg.length / 2 + 1] = (byte) 0xD9;
    assertTrue(refusal("marker.jpg", marker).contains("damaged (Corrupt JPEG"));
    refusal("cut.jpg", Arrays.copyOf(jpeg, jpeg.length - 2));
    // two bytes that a camera leaves before it marks the end
    byte[] padded = Arrays.copyOf(jpeg, jpeg.length + 2);
    padded[jpeg.length] = (byte) 0xFF;
    padded[jpeg.length + 1] = (byte) 0xD9;
    padded[jpeg.length - 2] = padded[jpeg.length - 1] = 0;
    assertArrayEquals(read("whole.jpg", jpeg), read("padded.jpg", padded));
  }

  /** A quarter of the colour and three quarters of white: 40,000 / 4 + 65,535 * 3 / 4. */
  @Test
  void transparentColoursOf16BitsAreBlendedWithWhite() throws IOException {
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    png.writeBytes(new byte[] {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10});
    chunk(png, "IHDR", new byte[] {0, 0, 0, 2, 0, 0, 0, 1, 16, 6, 0, 0, 0});
    ByteBuffer row = ByteBuffer.allocate(17).put((byte) 0);
    for (int value : new int[] {40_000, 0, 65_535, 16_384, 1, 2, 3, 65_535}) {
      row.putShort((short) value);
    }
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (DeflaterOutputStream out = new DeflaterOutputStream(packed)) {
      out.write(row.array());
    }
    chunk(png, "IDAT", packed.toByteArray());
    chunk(png, "IEND", new byte[0]);
    assertArrayEquals(
        new double[] {59_151, 1, 49_151, 2, 65_535, 3}, read("rgba.png", png.toByteArray()), 1);
  }

  /** The still image of an animated PNG is not all that is in it. */
  @Test
  void animatedPngsAreRefused() throws IOException {
    assertArrayEquals(new double[] {7}, read("one.png", animated(1)));
    assertTrue(refusal("two.png", animated(2)).contains("animated PNG of 2 images"));
    Path labels = write("labels.png", animated(2));
    assertThrows(SpyhopException.class, () -> new ImageFiles().readLabels(labels));
  }

  /** One grey pixel, and an acTL chunk (APNG 1.0) that tells how many frames there are. */
  private static byte[] animated(int frames) throws IOException {
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    png.writeBytes(new byte[] {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10});
    chunk(png, "IHDR", new byte[] {0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0});
    chunk(png, "acTL", new byte[] {0, 0, 0, (byte) frames, 0, 0, 0, 0});
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (DeflaterOutputStream out = new DeflaterOutputStream(packed)) {
      out.write(new byte[] {0, 7});
    }
    chunk(png, "IDAT", packed.toByteArray());
    chunk(png, "IEND", new byte[0]);
    return png.toByteArray();
  }

  @Test
  void zipsOfSeveralTiffsAreRefused() throws IOException {
    ImagePlus image = new ImagePlus("", new ByteProcessor(2, 1, new byte[] {3, 9}, null));
    byte[] tiff = new FileSaver(image).serialize();
    assertArrayEquals(new double[] {3, 9}, read("one.zip", zip(tiff, "a.TIF", "__MACOSX/._a.tif")));
    assertTrue(refusal("two.zip", zip(tiff, "a.tif", "b.tiff")).contains("2 TIFFs"));
    assertTrue(refusal("none.zip", zip(tiff, "a.txt")).contains("0 TIFFs"));
  }

  private static byte[] zip(byte[] content, String... names) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (String name : names) {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(content);
      }
    }
    return bytes.toByteArray();
  }

  /** A palette of two colours for a pixel that asks for the first or the third: no black. */
  @Test
  void aPixelBehindTheEndOfThePaletteIsDamage() throws IOException {
    for (int number : new int[] {1, 2}) {
      ByteArrayOutputStream png = new ByteArrayOutputStream();
      png.writeBytes(new byte[] {(byte) 137, 80, 78, 71, 13, 10, 26, 10});
      chunk(png, "IHDR", new byte[] {0, 0, 0, 1, 0, 0, 0, 1, 8, 3, 0, 0, 0});
      chunk(png, "PLTE", new byte[] {10, 20, 30, 40, 50, 60});
      ByteArrayOutputStream packed = new ByteArrayOutputStream();
      try (DeflaterOutputStream deflater = new DeflaterOutputStream(packed)) {
        deflater.write(new byte[] {0, (byte) number});
      }
      chunk(png, "IDAT", packed.toByteArray());
      chunk(png, "IEND", new byte[0]);
      ByteBuffer bmp = ByteBuffer.allocate(54 + 8 + 4).order(ByteOrder.LITTLE_ENDIAN);
      bmp.put(ascii("BM")).putInt(66).putInt(0).putInt(62);
      bmp.putInt(40).putInt(1).putInt(1).putShort((short) 1).putShort((short) 8);
      bmp.putInt(0).putInt(4).putInt(0).putInt(0).putInt(2).putInt(0);
      bmp.putInt(0x0A141E).putInt(0x28323C).put(new byte[] {(byte) number, 0, 0, 0});
      // clear, the number, end with 3 bits each
      int codes = 4 | number << 3 | 5 << 6;
      ByteArrayOutputStream gif = new ByteArrayOutputStream();
      gif.writeBytes(ascii("GIF89a"));
      gif.writeBytes(new byte[] {1, 0, 1, 0, (byte) 0x80, 0, 0, 10, 20, 30, 40, 50, 60});
      gif.writeBytes(new byte[] {0x2C, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2});
      gif.writeBytes(new byte[] {2, (byte) codes, (byte) (codes >> 8), 0, 0x3B});
      byte[][] files = {png.toByteArray(), bmp.array(), gif.toByteArray()};
      String[] names = {"a.png", "a.bmp", "a.gif"};
      for (int i = 0; i < files.length; i++) {
        if (number == 1) {
          assertArrayEquals(new double[] {40, 50, 60}, read(names[i], files[i]), names[i]);
        } else {
          String message = refusal(names[i], files[i]);
          assertTrue(message.contains("entry 2 of its palette, which ends at 1"), message);
        }
      }
    }
  }

  private static void chunk(ByteArrayOutputStream png, String type, byte[] data) {
    ByteBuffer chunk = ByteBuffer.allocate(12 + data.length);
    chunk.putInt(data.length).put(ascii(type)).put(data);
    CRC32 crc = new CRC32();
    crc.update(chunk.array(), 4, 4 + data.length);
    chunk.putInt((int) crc.getValue());
    png.writeBytes(chunk.array());
  }

  @Test
  void formatsThatAreNotReadAreNamed() throws IOException {
    assertTrue(refusal("a.png", ascii("RIFF\4\0\0\0WEBPVP8 ")).contains("WebP"));
    assertTrue(refusal("a.npz", ascii("PK\3\4")).contains("an archive of NumPy"));
    assertTrue(refusal("b.jpg", ascii("\0\0\0\fjP  \r\n\u0087\n")).contains("JPEG 2000"));
    assertTrue(refusal("c.tga", new byte[] {0, 0, 2, 0, 0, 0, 0, 0}).contains("TGA"));
    assertTrue(refusal("d.tif", ascii("no image at all")).contains("is not an image"));
  }

  /** A pipe that nobody writes to is refused at once; reading it would wait for ever. */
  @Test
  @DisabledOnOs(OS.WINDOWS)
  void pipesAreRefusedAtOnce() throws Exception {
    Path pipe = folder.resolve("pipe.tif");
    assumeTrue(
        new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor() == 0, "no mkfifo here");
    String message =
        assertTimeoutPreemptively(
            Duration.ofSeconds(20),
            () -> assertThrows(SpyhopException.class, () -> ImageFiles.open(pipe)).getMessage());
    assertTrue(message.contains("pipe.tif") && message.contains("a pipe"), message);
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void namesThatAreNotOfTheCharacterSetAreCalledSo() throws Exception {
    String make = "printf P > \"$1/$(printf 'latin\\344.tif')\"";
    new ProcessBuilder("sh", "-c", make, "sh", folder.toString()).start().waitFor();
    try (Stream<Path> files = Files.list(folder)) {
      Path file = files.findFirst().orElse(folder);
      assumeTrue(!file.toFile().exists(), "this machine takes any name");
      String message =
          assertThrows(SpyhopException.class, () -> ImageFiles.open(file)).getMessage();
      assertTrue(message.contains("character set") && message.contains("latin"), message);
    }
  }
}
