package sc.fiji.spyhop.sample;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.process.ImageProcessor;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.ij.FrameImages;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.inference.Runner;
import sc.fiji.spyhop.prediction.Annotation;
import sc.fiji.spyhop.prediction.ClassScores;
import sc.fiji.spyhop.prediction.LocalizedObject;
import sc.fiji.spyhop.prediction.Segmentation;
import sc.fiji.spyhop.task.TaskKind;
import sc.fiji.spyhop.task.metrics.DetectionMetrics;
import sc.fiji.spyhop.task.metrics.InstanceMetrics;

/** Painted samples are what the models that come with Spyhop take them for. */
class SampleImagesTest {

  private static int[] pixels(Frame frame) {
    ImageProcessor ip = FrameImages.of(frame).getProcessor();
    int[] pixels = new int[ip.getPixelCount()];
    for (int i = 0; i < pixels.length; i++) pixels[i] = ip.get(i);
    return pixels;
  }

  @Test
  void theSameSeedPaintsTheSameImage() {
    assertArrayEquals(
        pixels(BloodGenerator.ofSeries(3, 1, 200, 150).frame()),
        pixels(BloodGenerator.ofSeries(3, 1, 200, 150).frame()));
    assertArrayEquals(
        pixels(TissueGenerator.ofSeries(3, 1, 120, 90).frame()),
        pixels(TissueGenerator.ofSeries(3, 1, 120, 90).frame()));
    assertArrayEquals(pixels(DigitGenerator.of(4, 3)), pixels(DigitGenerator.of(4, 3)));
    assertFalse(Arrays.equals(pixels(DigitGenerator.of(4, 3)), pixels(DigitGenerator.of(4, 4))));
  }

  /**
   * Platelets are the darkest thing in their boxes but for nuclei of white cells; ground is light.
   */
  @Test
  void boxesLieAroundTheCells() {
    BloodGenerator.Smear smear = BloodGenerator.ofSeries(1, 0, 640, 480);
    List<LocalizedObject> objects = smear.truth().objects();
    assertEquals(
        Set.of(BloodGenerator.RED, BloodGenerator.WHITE, BloodGenerator.PLATELET),
        objects.stream().map(LocalizedObject::type).collect(Collectors.toSet()));
    int[] pixels = pixels(smear.frame());
    boolean[] inside = new boolean[pixels.length];
    for (LocalizedObject o : objects) {
      for (int y = (int) o.box().y(); y < o.box().bottom(); y++) {
        for (int x = (int) o.box().x(); x < o.box().right(); x++) inside[y * 640 + x] = true;
      }
    }
    for (int i = 0; i < pixels.length; i++) {
      int green = pixels[i] >> 8 & 255;
      assertTrue(inside[i] || green > 180, "ground at " + i % 640 + ", " + i / 640);
    }
  }

  @Test
  void digitsAreReadByTheModelOfRealOnes() {
    int right = 0;
    try (Runner<ClassScores> digits = Runner.open("digits", TaskKind.CLASSIFICATION)) {
      for (int digit = 0; digit < 10; digit++) {
        for (int seed = 0; seed < 3; seed++) {
          if (digits.predict(DigitGenerator.of(digit, seed)).best() == digit) right++;
        }
      }
    }
    assertTrue(right >= 28, right + " of 30");
    assertThrows(IllegalArgumentException.class, () -> DigitGenerator.of(10, 1));
  }

  @Test
  void nucleiOfPaintedTissueAreFoundByTheModelOfRealTissue() {
    SyntheticImage tissue = TissueGenerator.ofSeries(1, 0, 256, 256);
    InstanceMetrics metrics = new InstanceMetrics();
    try (Runner<Segmentation> model = Runner.open("nuclei-tissue", TaskKind.SEGMENTATION)) {
      metrics.add(model.predict(tissue.frame()).labels(), tissue.labels());
    }
    assertTrue(metrics.at(50).f1() > 0.7, "F1 " + metrics.at(50).f1());
  }

  @Test
  void cellsOfPaintedBloodAreFoundByTheModelOfRealSmears() {
    DetectionMetrics metrics = new DetectionMetrics(100);
    try (Runner<Annotation> model = Runner.open("blood-cells", TaskKind.LOCALIZATION)) {
      for (int i = 0; i < 2; i++) {
        BloodGenerator.Smear smear = BloodGenerator.ofSeries(1, i, 640, 480);
        metrics.add(model.predict(smear.frame()).objects(), smear.truth().objects());
      }
    }
    assertTrue(metrics.map50() > 0.7, "mAP at IoU 0.5 " + metrics.map50());
  }
}
