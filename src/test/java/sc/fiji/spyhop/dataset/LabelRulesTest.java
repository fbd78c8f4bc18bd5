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
