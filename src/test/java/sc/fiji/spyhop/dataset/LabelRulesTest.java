package sc.fiji.spyhop.dataset;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.ImagePlus;
import ij.io.FileSaver;
import ij.process.FloatProcessor;
import ij.process.ShortProcessor;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.ij.ImageFiles;
import sc.fiji.spyhop.prediction.LabelMap;

class LabelRulesTest {

  @TempDir Path folder;

  private static LabelMap map(int... labels) {
    return LabelMap.of(labels.length, 1, labels);
  }

  @Test
  void partsOfAMaskAreObjects() {
    assertEquals(map(1, 1, 0, 2, 0), LabelRules.objects(map(255, 255, 0, 255, 0)));
    LabelMap corner = LabelMap.of(2, 2, 255, 0, 0, 255);
    assertEquals(LabelMap.of(2, 2, 1, 0, 0, 1), LabelRules.objects(corner));
  }

  @Test
  void theLargestNumberOf16BitsIsAMaskToo() {
    assertEquals(map(1, 1, 0, 2, 0), LabelRules.objects(map(65535, 65535, 0, 65535, 0)));
    assertEquals(map(1, 0, 1), LabelRules.classes(map(65535, 0, 65535), 2));
    assertFalse(LabelRules.isInParts(map(65535, 0, 65535)));
    assertEquals(map(255, 0, 65535), LabelRules.objects(map(255, 0, 65535)));
  }

  /** Discs of radius 6 in a mask of 0 and 255, with edges of four grey values as GIMP has them. */
  @Test
  void greyEdgesAreNoObjects() {
    LabelMap labels = new LabelMap(60, 20);
    for (int i = 0; i < labels.size(); i++) {
      int x = i % 60 % 20 - 10;
      int y = i / 60 - 10;
      double inside = 6.5 - Math.sqrt(x * x + y * y);
      labels.set(i, inside >= 1 ? 255 : inside > 0 ? 51 * (int) (5 * inside) : 0);
    }
    String said =
        assertThrows(SpyhopException.class, () -> LabelRules.requireObjects(labels)).getMessage();
    assertTrue(said.contains("grey values") && said.contains("clean mask"), said);
  }

  @Test
  void photographsAreNoObjects() {
    LabelMap noise = new LabelMap(50, 50);
    LabelMap smooth = new LabelMap(50, 50);
    for (int i = 0; i < noise.size(); i++) {
      int x = i % 50;
      int y = i / 50;
      noise.set(i, (i * 7919 + i / 3 * 104729) % 251);
      smooth.set(i, (int) (100 + 80 * Math.sin(x / 5.0) * Math.cos(y / 6.0)));
    }
    assertThrows(SpyhopException.class, () -> LabelRules.requireObjects(noise));
    assertThrows(SpyhopException.class, () -> LabelRules.requireObjects(smooth));
  }

  /**
   * Cells of 4 x 4 pixels without a gap, filaments one pixel thick, and a spot within an object.
   */
  @Test
  void smallAndThinAndTouchingObjectsAreObjects() {
    LabelMap cells = new LabelMap(60, 60);
    LabelMap filaments = new LabelMap(60, 60);
    LabelMap spot = new LabelMap(60, 60);
    for (int i = 0; i < cells.size(); i++) {
      int x = i % 60;
      int y = i / 60;
      cells.set(i, 1 + x / 4 + 15 * (y / 4));
      if (y % 3 == 0 && (x + y) % 30 > 0) filaments.set(i, 1 + y / 3);
      spot.set(i, x == 30 && y == 30 ? 2 : 1);
    }
    for (LabelMap labels : new LabelMap[] {cells, filaments, spot}) {
      LabelRules.requireObjects(labels);
    }
  }

  @Test
  void anyOtherLabelIsOneObjectInHoweverManyParts() {
    for (LabelMap labels : new LabelMap[] {map(1, 0, 1), map(254, 255, 0, 255), map(0, 0)}) {
      assertEquals(labels, LabelRules.objects(labels));
    }
    assertTrue(LabelRules.isInParts(map(1, 0, 1)));
    assertFalse(LabelRules.isInParts(map(1, 1, 0)));
    assertFalse(LabelRules.isInParts(map(1, 0, 2)));
    assertFalse(LabelRules.isInParts(map(255, 0, 255)));
  }

  @Test
  void ofTwoClasses255IsTheSecond() {
    assertEquals(map(1, 0, 1), LabelRules.classes(map(255, 0, 255), 2));
    int unlabelled = LabelMap.UNLABELLED;
    assertEquals(map(1, 0, unlabelled), LabelRules.classes(map(255, 0, unlabelled), 2));
    assertEquals(map(255, 0), LabelRules.classes(map(255, 0), 3));
    assertEquals(map(255, 0, 1), LabelRules.classes(map(255, 0, 1), 2));
  }

  /** A label as any other, in 16 bits and in 32, unless somebody says that it is unknown. */
  @Test
  void objectNumber65535() {
    Path bits16 = folder.resolve("16.tif");
    ImagePlus shorts =
        new ImagePlus("", new ShortProcessor(3, 1, new short[] {0, 7, (short) 65535}, null));
    new FileSaver(shorts).saveAsTiff(bits16.toString());
    assertEquals(map(0, 7, 65535), new ImageFiles().readLabels(bits16));
    assertEquals(
        map(0, 7, LabelMap.UNLABELLED), new ImageFiles().readLabels(bits16, l -> l == 65535));
    Path bits32 = folder.resolve("32.tif");
    ImagePlus floats = new ImagePlus("", new FloatProcessor(3, 1, new float[] {0, 70000, 65535}));
    new FileSaver(floats).saveAsTiff(bits32.toString());
    assertEquals(map(0, 70000, 65535), new ImageFiles().readLabels(bits32));
    ImagePlus few = new ImagePlus("", new FloatProcessor(2, 1, new float[] {0, 65535}));
    new FileSaver(few).saveAsTiff(bits32.toString());
    assertEquals(map(0, 65535), new ImageFiles().readLabels(bits32));
  }

  /** As masks of one bit in TIFF are. */
  @Test
  void masksOfOneBitAreOf255() throws IOException {
    BufferedImage image = new BufferedImage(4, 1, BufferedImage.TYPE_BYTE_BINARY);
    image.getRaster().setSample(1, 0, 0, 1);
    image.getRaster().setSample(3, 0, 0, 1);
    for (String type : new String[] {"png", "bmp"}) {
      Path file = folder.resolve("mask." + type);
      ImageIO.write(image, type, file.toFile());
      assertEquals(map(0, 255, 0, 255), new ImageFiles().readLabels(file), type);
    }
  }

  @Test
  void jpegIsRefusedWhateverItIsCalled() throws IOException {
    Path file = folder.resolve("labels.png");
    BufferedImage image = new BufferedImage(8, 8, BufferedImage.TYPE_BYTE_GRAY);
    ImageIO.write(image, "jpg", file.toFile());
    String said =
        assertThrows(SpyhopException.class, () -> new ImageFiles().readLabels(file)).getMessage();
    assertTrue(said.contains("labels.png") && said.contains("JPEG"), said);
    ImageIO.write(image, "png", file.toFile());
    assertEquals(0, new ImageFiles().readLabels(file).max());
  }
}
