package sc.fiji.spyhop.ij;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import ij.ImagePlus;
import ij.ImageStack;
import ij.gui.Overlay;
import ij.gui.Roi;
import ij.process.ByteProcessor;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.image.tiff.TiffWriter;
import sc.fiji.spyhop.util.Strings;

/**
 * Small files of every kind with bytes that were changed, cut off or put in between: each is read
 * or refused in a sentence, soon, and nothing is printed. {@code -Dspyhop.fuzz=5000} tries more of
 * each kind, {@code -Dspyhop.fuzz.seed=7} others.
 */
class DamagedImagesTest {

  private static final int COUNT = Integer.getInteger("spyhop.fuzz", 40);
  private static final long SEED = Long.getLong("spyhop.fuzz.seed", 1);
  private static final double MAX_SECONDS = 5;

  @TempDir Path folder;

  private Map<String, byte[]> seeds() throws IOException {
    Map<String, byte[]> seeds = new TreeMap<>();
    for (int compression : new int[] {1, 5, 8, 32773, 50000}) {
      for (int kind = 0; kind < 4; kind++) {
        TiffWriter tiff = new TiffWriter(20, 9);
        tiff.compression = compression;
        tiff.bits = kind == 3 ? 12 : 16;
        tiff.samples = kind == 1 ? 3 : 1;
        tiff.photometric = kind == 1 ? 2 : 1;
        tiff.planar = kind == 1;
        tiff.tile = kind == 2 ? 16 : 0;
        tiff.big = kind == 2;
        tiff.rows = 4;
        tiff.little = kind % 2 == 0;
        seeds.put("t" + compression + kind + ".tif", tiff.bytes());
      }
    }
    TiffWriter ome = new TiffWriter(5, 4);
    ome.description("<OME><Image><Pixels SizeC='2' SizeZ='1' SizeT='1'/></Image></OME>");
    ome.add(new TiffWriter(5, 4));
    seeds.put("ome.tif", ome.bytes());
    seeds.put("ij.tif", imageJ());
    for (String format : new String[] {"png", "jpg", "gif", "bmp"}) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      BufferedImage image = new BufferedImage(16, 16, BufferedImage.TYPE_INT_RGB);
      for (int i = 0; i < 256; i++) image.setRGB(i % 16, i / 16, i * 7_919);
      ImageIO.write(image, format, out);
      seeds.put("a." + format, out.toByteArray());
    }
    seeds.put("a.pgm", "P5 9 9 255\n".concat("x".repeat(81)).getBytes(StandardCharsets.UTF_8));
    seeds.put("a.ppm", "P3 2 2 9\n1 2 3 4 5 6 7 8 9 1 2 3".getBytes(StandardCharsets.UTF_8));
    seeds.put("a.dcm", ImageKindsTest.dicom(6));
    seeds.put("a.fits", ImageKindsTest.fits());
    Path arrays = Path.of("src/test/resources/sc/fiji/spyhop/util/npy");
    for (String name : new String[] {"hwc.npy", "fortran.npy", "version2.npy"}) {
      seeds.put(name, Files.readAllBytes(arrays.resolve(name)));
    }
    return seeds;
  }

  /** A plane that is read later than the others is damaged all the same, not gone. */
  @Test
  void aDamagedPlaneOfAStackIsCalledSo() throws IOException {
    TiffWriter stack = new TiffWriter(20, 9);
    stack.compression = 8;
    TiffWriter second = new TiffWriter(20, 9);
    second.compression = 8;
    stack.add(second);
    byte[] whole = stack.bytes();
    int refused = 0;
    for (int at = 8; at < whole.length; at++) {
      byte[] bytes = whole.clone();
      bytes[at] ^= (byte) 0xFF;
      Path file = Files.write(folder.resolve("stack.tif"), bytes);
      ImageFiles images = new ImageFiles();
      try {
        if (images.planes(file).size() != 2) continue;
      } catch (SpyhopException e) {
        continue; // it is seen at once
      }
      try {
        images.readFrame(file, 2, 1);
      } catch (SpyhopException e) {
        refused++;
        assertTrue(e.getMessage().startsWith(file + " "), e.getMessage());
        assertFalse(e.getMessage().contains("still there"), e.getMessage());
      }
    }
    assertTrue(refused > 10, refused + " refused");
  }

  /** With a region, an overlay, tables of colours and several slices. */
  private byte[] imageJ() throws IOException {
    ImageStack stack = new ImageStack(6, 5);
    for (int i = 0; i < 3; i++) stack.addSlice("s" + i, new ByteProcessor(6, 5));
    ImagePlus image = new ImagePlus("", stack);
    image.setOverlay(new Overlay(new Roi(1, 1, 3, 3)));
    image.setRoi(new Roi(0, 0, 2, 2));
    Path file = folder.resolve("ij.tif");
    LabelImages.save(image, file);
    return Files.readAllBytes(file);
  }

  private static byte[] damaged(byte[] whole, Random random) {
    byte[] bytes = whole.clone();
    switch (random.nextInt(5)) {
      case 0 -> {
        return Arrays.copyOf(bytes, random.nextInt(bytes.length));
      }
      case 1 -> {
        int at = random.nextInt(bytes.length);
        byte[] longer = Arrays.copyOf(bytes, bytes.length + 1 + random.nextInt(9));
        System.arraycopy(bytes, at, longer, at + longer.length - bytes.length, bytes.length - at);
        return longer;
      }
      case 2 -> {
        // numbers are at their ends
        int at = random.nextInt(bytes.length);
        byte value = (byte) (random.nextBoolean() ? 0xFF : random.nextBoolean() ? 0x7F : 0);
        for (int i = at; i < Math.min(bytes.length, at + 1 + random.nextInt(4)); i++) {
          bytes[i] = value;
        }
      }
      default -> {
        int n = 1 + random.nextInt(4);
        for (int i = 0; i < n; i++) bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
    }
    return bytes;
  }

  @Test
  void damagedFilesAreReadOrRefused() throws IOException {
    PrintStream stdout = System.out;
    PrintStream stderr = System.err;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(printed, true, StandardCharsets.UTF_8));
    int read = 0;
    int refused = 0;
    try {
      for (Map.Entry<String, byte[]> seed : seeds().entrySet()) {
        ImageFiles.open(Files.write(folder.resolve(seed.getKey()), seed.getValue()));
        for (int i = 0; i < COUNT; i++) {
          long number = SEED * 1_000_003L + i;
          Path file = folder.resolve(seed.getKey());
          Files.write(file, damaged(seed.getValue(), new Random(number)));
          if (opens(file, number)) read++;
          else refused++;
          String words = printed.toString(StandardCharsets.UTF_8);
          assertEquals("", words, file.getFileName() + ", damage " + number);
        }
      }
    } finally {
      System.setOut(stdout);
      System.setErr(stderr);
    }
    assertTrue(refused > read / 2, Strings.format("%d refused, %d read", refused, read));
  }

  private static boolean opens(Path file, long number) {
    String what = Strings.format("%s, damage %d", file.getFileName(), number);
    long start = System.nanoTime();
    boolean opened = true;
    try {
      new ImageFiles().readSize(file);
      ImageFiles.open(file);
      new ImageFiles().planes(file);
    } catch (SpyhopException e) {
      assertTrue(e.getMessage().contains(file.getFileName().toString()), e.getMessage());
      opened = false;
    } catch (RuntimeException | Error e) {
      fail(what, e);
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    assertTrue(seconds < MAX_SECONDS, what + Strings.format(" took %.1f s", seconds));
    return opened;
  }
}
