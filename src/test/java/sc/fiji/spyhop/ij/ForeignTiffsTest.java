package sc.fiji.spyhop.ij;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.ImagePlus;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import java.util.zip.InflaterInputStream;
import net.imglib2.type.numeric.RealType;
import net.imglib2.view.Views;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.PixelSize;

/**
 * Files of other programs. But for JPEG, images have 6 x 4 pixels, of which the number in row y and
 * column x is made of n = 10 y + x.
 */
class ForeignTiffsTest {

  @TempDir Path folder;

  private Path file(String name, String base64) throws IOException {
    byte[] packed = Base64.getDecoder().decode(base64);
    try (var in = new InflaterInputStream(new ByteArrayInputStream(packed))) {
      return Files.write(folder.resolve(name), in.readAllBytes());
    }
  }

  private static double[] values(Frame frame) {
    double[] values = new double[(int) Views.flatIterable(frame.pixels()).size()];
    int i = 0;
    for (RealType<?> v : Views.flatIterable(frame.pixels())) values[i++] = v.getRealDouble();
    return values;
  }

  private static double[] of(IntToDoubleFunction value) {
    return IntStream.range(0, 24)
        .mapToDouble(i -> value.applyAsDouble(i / 6 * 10 + i % 6))
        .toArray();
  }

  private double[] read(String base64) throws IOException {
    return values(new ImageFiles().readFrame(file("a.tif", base64)));
  }

  @Test
  void numbersOfAllKinds() throws IOException {
    assertArrayEquals(of(n -> 1000 * n), read(ForeignImages.LZW));
    assertArrayEquals(of(n -> 1000 * n), read(ForeignImages.ZSTD));
    assertArrayEquals(of(n -> n / 4.0 - 3), read(ForeignImages.FLOAT3));
    assertArrayEquals(of(n -> 1e8f * n), read(ForeignImages.BIG));
    assertArrayEquals(of(n -> n - 20), read(ForeignImages.SIGNED));
    assertArrayEquals(of(n -> n - 20), read(ForeignImages.SHIFTED));
    assertArrayEquals(of(n -> n), read(ForeignImages.THUMBNAIL));
  }

  /** Y 200, Cb 100, Cr 50 are red 200 - 1.402 * 78, green above 255, blue 200 - 1.772 * 28. */
  @Test
  void jpegInside() throws IOException {
    double[] read = read(ForeignImages.JPEG);
    for (int i = 0; i < 768; i++) assertEquals(i < 256 ? 91 : i < 512 ? 255 : 150, read[i], 3);
  }

  @Test
  void palettesOfColours() throws IOException {
    for (String file : new String[] {ForeignImages.PALETTE, ForeignImages.GIF}) {
      double[] read = read(file);
      assertEquals(72, read.length);
      for (int i = 0; i < 24; i++) {
        int n = i / 6 * 10 + i % 6;
        assertArrayEquals(
            new double[] {n, 255 - n, 7}, new double[] {read[i], read[24 + i], read[48 + i]});
      }
    }
    Path path = file("a.tif", ForeignImages.PALETTE);
    assertEquals(34, new ImageFiles().readLabels(path).get(4, 3));
  }

  /** Channel c of slice z has n + 100 z + 50 c. */
  @Test
  void axesAndPixelSizes() throws IOException {
    for (String text : new String[] {ForeignImages.OME, ForeignImages.IMAGEJ}) {
      Path path = file("a.tif", text);
      ImagePlus image = ImageFiles.open(path);
      assertArrayEquals(new int[] {6, 4, 2, 3, 1}, image.getDimensions());
      Frame frame = Frames.of(image, ChannelChoice.channel(2), 1).get(3, 1);
      assertArrayEquals(of(n -> n + 250), values(frame));
      assertEquals(new PixelSize(0.5, 0.25, "µm"), frame.pixelSize());
      assertEquals(3, new ImageFiles().planes(path).size());
      Frame lazily = new ImageFiles(ChannelChoice.channel(1), 1).readFrame(path, 2, 1);
      assertArrayEquals(of(n -> n + 100), values(lazily));
      assertTrue(ImageFiles.open(path, 500).getStack().isVirtual());
    }
    assertEquals(2, ImageFiles.open(folder.resolve("a.tif")).getCalibration().pixelDepth);
  }
}
