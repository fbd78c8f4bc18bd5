package sc.fiji.spyhop.ij;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ij.IJ;
import ij.ImagePlus;
import ij.ImageStack;
import ij.gui.Overlay;
import ij.gui.Roi;
import ij.process.ByteProcessor;
import ij.process.ColorProcessor;
import ij.process.FloatProcessor;
import ij.process.ShortProcessor;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import javax.imageio.ImageIO;
import net.imglib2.type.numeric.RealType;
import net.imglib2.view.Views;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.prediction.LabelMap;

class ImageFilesTest {

  @TempDir Path folder;

  private final PrintStream stdout = System.out;
  private final PrintStream stderr = System.err;
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

  @BeforeEach
  void listen() {
    System.setOut(new PrintStream(printed, false, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(printed, false, StandardCharsets.UTF_8));
  }

  /** Nothing may chatter, least of all with a stack trace. */
  @AfterEach
  void nothingIsPrinted() {
    System.setOut(stdout);
    System.setErr(stderr);
    assertEquals("", printed.toString(StandardCharsets.UTF_8));
  }

  private static double[] values(Frame frame) {
    double[] values = new double[(int) Views.flatIterable(frame.pixels()).size()];
    int i = 0;
    for (RealType<?> v : Views.flatIterable(frame.pixels())) values[i++] = v.getRealDouble();
    return values;
  }

  private Path tiff(ImagePlus image, String name) {
    Path file = folder.resolve(name);
    LabelImages.save(image, file);
    return file;
  }

  private Path png(BufferedImage image, String name) throws IOException {
    Path file = folder.resolve(name);
    assertTrue(ImageIO.write(image, "png", file.toFile()));
    return file;
  }

  private Path write(String name, byte[] bytes) throws IOException {
    return Files.write(folder.resolve(name), bytes);
  }

  private String refusal(Path file) {
    String message = assertThrows(SpyhopException.class, () -> ImageFiles.open(file)).getMessage();
    assertTrue(message.contains(file.getFileName().toString()), message);
    return message;
  }

  // -- TIFF --

  @Test
  void hyperstacksWithCalibration() {
    ImagePlus image = FramesTest.hyperstack(2, 3, 4);
    image.getCalibration().pixelWidth = 0.25;
    image.getCalibration().pixelHeight = 0.25;
    image.getCalibration().pixelDepth = 2;
    image.getCalibration().setUnit("um");
    ImagePlus read = ImageFiles.open(tiff(image, "hyper.tif"));
    assertArrayEquals(new int[] {2, 1, 2, 3, 4}, read.getDimensions());
    assertEquals("hyper.tif", read.getTitle());
    assertEquals(0.25, read.getCalibration().pixelWidth);
    assertEquals(2, read.getCalibration().pixelDepth);
    assertEquals("µm", read.getCalibration().getUnit());
    assertArrayEquals(new double[] {1240, 1241, 2240, 2241}, values(Frames.of(read).get(2, 4)));
    assertTrue(
        assertThrows(
                SpyhopException.class,
                () -> new ImageFiles().readFrame(folder.resolve("hyper.tif")))
            .getMessage()
            .contains("received 3 and 4"));
  }

  @Test
  void stacksLargerThanMemoryAreVirtual() {
    Path file = tiff(FramesTest.hyperstack(1, 3, 4), "hyper.tif");
    ImagePlus read = ImageFiles.open(file, 60);
    assertTrue(read.getStack().isVirtual());
    assertArrayEquals(new int[] {2, 1, 1, 3, 4}, read.getDimensions());
    assertArrayEquals(new double[] {1240, 1241}, values(Frames.of(read).get(2, 4)));
    assertFalse(ImageFiles.open(file, 1000).getStack().isVirtual());
  }

  @Test
  void truncatedTiffs() throws IOException {
    byte[] plane =
        Files.readAllBytes(tiff(new ImagePlus("", new ShortProcessor(50, 40)), "plane.tif"));
    assertTrue(
        refusal(write("short.tif", Arrays.copyOf(plane, plane.length - 100)))
            .contains("cut short"));
    ImageStack slices = ImageStack.create(50, 40, 3, 16);
    byte[] stack = Files.readAllBytes(tiff(new ImagePlus("", slices), "stack.tif"));
    assertTrue(refusal(write("short2.tif", Arrays.copyOf(stack, 9000))).contains("cut short"));
    refusal(write("header.tif", Arrays.copyOf(plane, 8)));
    refusal(write("magic.tif", Arrays.copyOf(plane, 4)));
    byte[] garbage = Arrays.copyOf(plane, plane.length);
    new Random(1).nextBytes(garbage);
    System.arraycopy(plane, 0, garbage, 0, 4);
    refusal(write("garbage.tif", garbage));
  }

  @Test
  void tiffsOfAnySize() throws IOException {
    refusal(write("none.tif", tiff(0, 5, 10)));
    assertTrue(refusal(write("vast.tif", tiff(60_000, 60_000, 10))).contains("60000 x 60000"));
    assertTrue(refusal(write("lies.tif", tiff(40_000, 40_000, 10))).contains("cut short"));
  }

  /** The first directory, which begins at 8 and has 9 entries, names itself as the next. */
  @Test
  void aRingOfDirectoriesIsRefused() throws IOException {
    byte[] ring = tiff(5, 2, 10);
    ByteBuffer.wrap(ring).putInt(8 + 2 + 9 * 12, 8);
    String message =
        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> refusal(write("ring.tif", ring)));
    assertTrue(message.contains("ring"), message);
  }

  /** An 8-bit TIFF of one strip, by the specification of revision 6. */
  private static byte[] tiff(int width, int height, int bytes) {
    int[][] tags = {
      {256, width},
      {257, height},
      {258, 8},
      {259, 1},
      {262, 1},
      {273, 200},
      {277, 1},
      {278, height},
      {279, bytes}
    };
    ByteBuffer file = ByteBuffer.allocate(200 + bytes);
    file.put((byte) 'M').put((byte) 'M').putShort((short) 42).putInt(8);
    file.putShort((short) tags.length);
    for (int[] tag : tags)
      file.putShort((short) tag[0]).putShort((short) 4).putInt(1).putInt(tag[1]);
    file.putInt(0);
    return file.array();
  }

  // -- PNG --

  @Test
  void greyPngs() throws IOException {
    BufferedImage eight = new BufferedImage(3, 1, BufferedImage.TYPE_BYTE_GRAY);
    eight.getRaster().setSamples(0, 0, 3, 1, 0, new int[] {0, 100, 255});
    BufferedImage sixteen = new BufferedImage(3, 1, BufferedImage.TYPE_USHORT_GRAY);
    sixteen.getRaster().setSamples(0, 0, 3, 1, 0, new int[] {0, 1000, 65_535});
    ImageFiles reader = new ImageFiles();
    assertArrayEquals(new double[] {0, 100, 255}, values(reader.readFrame(png(eight, "8.png"))));
    Path file = png(sixteen, "16.png");
    assertArrayEquals(new double[] {0, 1000, 65_535}, values(reader.readFrame(file)));
    assertEquals(16, ImageFiles.open(file).getBitDepth());
    assertEquals(LabelMap.of(3, 1, 0, 1000, 65_535), reader.readLabels(file));
  }

  @Test
  void greyWithAlphaKeepsItsValues() throws IOException {
    byte[] row = {0, 10, (byte) 255, 100, (byte) 255, (byte) 200, (byte) 255};
    Path file = write("alpha.png", encoded(3, 1, 8, 4, row));
    assertArrayEquals(new double[] {10, 100, 200}, values(new ImageFiles().readFrame(file)));
  }

  /** A PNG by its specification, of one chunk of image data. */
  private static byte[] encoded(int width, int height, int depth, int colour, byte[] rows)
      throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(new byte[] {(byte) 137, 80, 78, 71, 13, 10, 26, 10});
    ByteBuffer header = ByteBuffer.allocate(13).putInt(width).putInt(height);
    header.put((byte) depth).put((byte) colour);
    chunk(out, "IHDR", header.array());
    Deflater deflater = new Deflater();
    deflater.setInput(rows);
    deflater.finish();
    byte[] packed = new byte[rows.length + 100];
    chunk(out, "IDAT", Arrays.copyOf(packed, deflater.deflate(packed)));
    chunk(out, "IEND", new byte[0]);
    return out.toByteArray();
  }

  private static void chunk(ByteArrayOutputStream out, String type, byte[] data)
      throws IOException {
    ByteBuffer body =
        ByteBuffer.allocate(4 + data.length)
            .put(type.getBytes(StandardCharsets.US_ASCII))
            .put(data);
    CRC32 crc = new CRC32();
    crc.update(body.array());
    out.write(ByteBuffer.allocate(4).putInt(data.length).array());
    out.write(body.array());
    out.write(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
  }

  @Test
  void colourPngs() throws IOException {
    BufferedImage rgb = new BufferedImage(2, 1, BufferedImage.TYPE_INT_RGB);
    rgb.setRGB(0, 0, 0x102030);
    rgb.setRGB(1, 0, 0xFFFFFF);
    Frame frame = new ImageFiles().readFrame(png(rgb, "rgb.png"));
    assertArrayEquals(new double[] {16, 255, 32, 255, 48, 255}, values(frame));
    BufferedImage grey = new BufferedImage(2, 1, BufferedImage.TYPE_INT_ARGB);
    grey.setRGB(0, 0, 0xFF404040);
    grey.setRGB(1, 0, 0x00000000);
    assertArrayEquals(
        new double[] {64, 255}, values(new ImageFiles().readFrame(png(grey, "grey.png"))));
    String labels =
        assertThrows(
                SpyhopException.class, () -> new ImageFiles().readLabels(folder.resolve("rgb.png")))
            .getMessage();
    assertTrue(labels.contains("rgb.png") && labels.contains("RGB"), labels);
  }

  @Test
  void palettes() throws IOException {
    byte[] r = {0, (byte) 250, 10, 20};
    byte[] g = {0, 0, (byte) 200, 20};
    byte[] b = {0, 0, 0, (byte) 250};
    IndexColorModel colours = new IndexColorModel(8, 4, r, g, b);
    BufferedImage image = new BufferedImage(4, 1, BufferedImage.TYPE_BYTE_INDEXED, colours);
    image.getRaster().setSamples(0, 0, 4, 1, 0, new int[] {3, 2, 1, 0});
    Path file = png(image, "palette.png");
    assertEquals(LabelMap.of(4, 1, 3, 2, 1, 0), new ImageFiles().readLabels(file));
    assertArrayEquals(
        new double[] {20, 10, 250, 0, 20, 200, 0, 0, 250, 0, 0, 0},
        values(new ImageFiles().readFrame(file)));
    byte[] up = {0, 80, (byte) 160, (byte) 240};
    image =
        new BufferedImage(
            4, 1, BufferedImage.TYPE_BYTE_INDEXED, new IndexColorModel(8, 4, up, up, up));
    image.getRaster().setSamples(0, 0, 4, 1, 0, new int[] {3, 2, 1, 0});
    assertArrayEquals(
        new double[] {240, 160, 80, 0},
        values(new ImageFiles().readFrame(png(image, "greys.png"))));
    BufferedImage mask = new BufferedImage(9, 1, BufferedImage.TYPE_BYTE_BINARY);
    mask.getRaster().setSample(8, 0, 0, 1);
    Path bits = png(mask, "mask.png");
    assertEquals(LabelMap.of(9, 1, 0, 0, 0, 0, 0, 0, 0, 0, 255), new ImageFiles().readLabels(bits));
    assertEquals(255, values(new ImageFiles().readFrame(bits))[8]);
  }

  @Test
  void colourPngsOfSixteenBits() throws IOException {
    byte[] row = {0, 1, 0, 2, 0, 3, 0};
    ImagePlus image = ImageFiles.open(write("rgb48.png", encoded(1, 1, 16, 2, row)));
    assertEquals(3, image.getNChannels());
    assertArrayEquals(new double[] {256, 512, 768}, values(Frames.of(image).get(1, 1)));
  }

  // -- others --

  @Test
  void jpegs() throws IOException {
    BufferedImage grey = new BufferedImage(64, 64, BufferedImage.TYPE_BYTE_GRAY);
    for (int i = 0; i < 4096; i++) grey.getRaster().setSample(i % 64, i / 64, 0, i / 16);
    Path file = folder.resolve("grey.jpg");
    ImageIO.write(grey, "jpg", file.toFile());
    Frame frame = new ImageFiles().readFrame(file);
    assertEquals(1, frame.channels());
    assertEquals(128, values(frame)[64 * 32 + 5], 6);
    byte[] bytes = Files.readAllBytes(file);
    String cut = refusal(write("short.jpg", Arrays.copyOf(bytes, bytes.length - 100)));
    assertTrue(cut.contains("cut short"), cut);
    refusal(write("stub.jpg", Arrays.copyOf(bytes, 20)));
  }

  @Test
  void gifsAndBmps() throws IOException {
    BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_INT_RGB);
    image.setRGB(0, 0, 0xFF0000);
    for (String type : new String[] {"gif", "bmp"}) {
      Path file = folder.resolve("x." + type);
      ImageIO.write(image, type, file.toFile());
      assertEquals(2, ImageFiles.open(file).getWidth());
    }
  }

  @Test
  void filesThatAreNoImages() throws IOException {
    assertTrue(refusal(folder.resolve("missing.tif")).contains("no such file"));
    Path sub = Files.createDirectory(folder.resolve("sub.tif"));
    assertTrue(refusal(sub).contains("folder"));
    assertTrue(refusal(write("zero.tif", new byte[0])).contains("0 bytes"));
    assertTrue(
        refusal(write("text.txt", "hello world, a text".getBytes(StandardCharsets.UTF_8)))
            .contains("no"));
    refusal(write("text.tif", "hello world, this is text".getBytes(StandardCharsets.UTF_8)));
    refusal(write("table.csv", "a,b\n1,2\n".getBytes(StandardCharsets.UTF_8)));
    byte[] noise = new byte[500];
    new Random(2).nextBytes(noise);
    noise[0] = 1;
    refusal(write("noise.png", noise));
    refusal(write("noise.lsm", noise));
    BufferedImage grey = new BufferedImage(64, 64, BufferedImage.TYPE_BYTE_GRAY);
    byte[] bytes = Files.readAllBytes(png(grey, "whole.png"));
    assertTrue(refusal(write("cut.png", Arrays.copyOf(bytes, 60))).contains("cut short"));
    refusal(write("stub.png", Arrays.copyOf(bytes, 10)));
    assertTrue(refusal(write("empty.png", encoded(0, 4, 8, 0, new byte[4]))).contains("empty.png"));
  }

  @Test
  void unreadableFiles() throws IOException {
    Path file = write("secret.tif", new byte[10]);
    assumeTrue(file.toFile().setReadable(false) && !Files.isReadable(file), "needs a plain user");
    assertTrue(refusal(file).contains("cannot be read"));
  }

  // -- labels --

  @Test
  void labelsOfEveryDepth() {
    ImageFiles reader = new ImageFiles();
    ByteProcessor bytes = new ByteProcessor(3, 1, new byte[] {0, 1, (byte) 255}, null);
    assertEquals(
        LabelMap.of(3, 1, 0, 1, 255), reader.readLabels(tiff(new ImagePlus("", bytes), "8.tif")));
    FloatProcessor floats = new FloatProcessor(3, 1, new float[] {0, 70_000, 2});
    assertEquals(
        LabelMap.of(3, 1, 0, 70_000, 2),
        reader.readLabels(tiff(new ImagePlus("", floats), "32.tif")));
    ImagePlus signed =
        new ImagePlus(
            "", new ShortProcessor(2, 1, new short[] {(short) 32_768, (short) 32_771}, null));
    signed.getLocalCalibration().setSigned16BitCalibration();
    Path file = tiff(signed, "signed.tif");
    assertTrue(ImageFiles.open(file).getLocalCalibration().isSigned16Bit());
    assertEquals(LabelMap.of(2, 1, 0, 3), reader.readLabels(file));
  }

  @Test
  void valuesThatAreNoLabels() {
    for (float bad : new float[] {0.5f, -1, Float.NaN, 1e9f}) {
      FloatProcessor floats = new FloatProcessor(2, 1, new float[] {0, bad});
      Path file = tiff(new ImagePlus("", floats), "bad.tif");
      String message =
          assertThrows(SpyhopException.class, () -> new ImageFiles().readLabels(file)).getMessage();
      assertTrue(message.contains("bad.tif") && message.contains("column 1, row 0"), message);
    }
    Path rgb = tiff(new ImagePlus("", new ColorProcessor(1, 1, new int[] {0x010203})), "c.tif");
    assertThrows(SpyhopException.class, () -> new ImageFiles().readLabels(rgb));
    Path stack = tiff(FramesTest.hyperstack(1, 3, 1), "s.tif");
    assertThrows(SpyhopException.class, () -> new ImageFiles().readLabels(stack));
  }

  // -- writing --

  @Test
  void overlaysAndTablesOfColoursAreStored() {
    ImagePlus image = LabelImages.of("a", LabelMap.of(2, 1, 0, 7));
    Overlay overlay = new Overlay(new Roi(0, 0, 1, 1));
    overlay.get(0).setStrokeColor(Color.CYAN);
    image.setOverlay(overlay);
    image.getCalibration().pixelWidth = 3;
    image.getCalibration().setUnit("nm");
    ImagePlus read = IJ.openImage(tiff(image, "a_labels.tif").toString());
    assertEquals(Color.CYAN, read.getOverlay().get(0).getStrokeColor());
    assertEquals("nm", read.getCalibration().getUnit());
    assertEquals(
        image.getProcessor().getBufferedImage().getRGB(1, 0),
        read.getProcessor().getBufferedImage().getRGB(1, 0));
    assertEquals(0, read.getDisplayRangeMin());
    assertEquals(255, read.getDisplayRangeMax());
  }

  @Test
  void whatIsThereIsKeptWhereWritingFails() throws IOException {
    Path blocked = folder.resolve("labels.tif");
    Files.createDirectory(blocked);
    write("labels.tif/inside", new byte[1]);
    ImagePlus image = LabelImages.of("a", LabelMap.of(1, 1, 1));
    assertThrows(SpyhopException.class, () -> LabelImages.save(image, blocked));
    try (var files = Files.list(folder)) {
      assertEquals(1, files.count());
    }
    Path missing = folder.resolve("none").resolve("a.tif");
    String message =
        assertThrows(SpyhopException.class, () -> LabelImages.save(image, missing)).getMessage();
    assertTrue(message.contains("none"), message);
  }
}
