package sc.fiji.spyhop.ui;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.imglib2.img.array.ArrayImgs;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.PixelSize;
import sc.fiji.spyhop.prediction.Annotation;
import sc.fiji.spyhop.prediction.ImageSize;
import sc.fiji.spyhop.prediction.Keypoint;
import sc.fiji.spyhop.prediction.LabelMap;
import sc.fiji.spyhop.prediction.Pose;
import sc.fiji.spyhop.training.TrainingHistory.Epoch;
import sc.fiji.spyhop.training.sampling.Example;

class TrainingCurvesTest {

  private final TrainingCurves curves = new TrainingCurves();

  private static Epoch epoch(int number, double loss, Map<String, Double> metrics, boolean best) {
    return new Epoch(number, 10L * number, loss, metrics, 3e-4, 60, best, List.of());
  }

  @Test
  void nothingIsToldBeforeTheFirstEpoch() {
    assertTrue(curves.isEmpty());
    assertEquals(List.of(), curves.losses());
    assertEquals("No epoch is completed yet.", curves.headline());
  }

  @Test
  void validationThatIsNotDueEachEpochLeavesGaps() {
    curves.epoch(epoch(1, 0.9, Map.of(), false), 60);
    curves.validationLoss(0.8);
    curves.epoch(epoch(2, 0.7, Map.of("AP50", 0.4), true), 60);
    curves.epoch(epoch(3, 0.6, Map.of(), false), 60);

    List<TrainingCurves.Curve> losses = curves.losses();
    assertEquals(List.of("training", "validation"), losses.stream().map(c -> c.name()).toList());
    assertArrayEquals(new double[] {0.9, 0.7, 0.6}, losses.get(0).values());
    assertArrayEquals(new double[] {2}, losses.get(1).epochs());
    assertArrayEquals(new double[] {0.8}, losses.get(1).values());
    assertArrayEquals(new double[] {2}, curves.metrics().get(0).epochs());
    assertArrayEquals(new double[] {0.4}, curves.metrics().get(0).values());
    assertEquals(
        "Epoch 3 of 60  ·  best: epoch 2 (AP50 0.400)  ·  learning rate 3.00e-04",
        curves.headline());
  }

  @Test
  void aMetricThatIsALossIsDrawnWithTheLosses() {
    curves.epoch(epoch(1, 0.9, Map.of("log loss", 1.5), true), 2);
    assertEquals(List.of(), curves.metrics());
    assertEquals("log loss", curves.losses().get(1).name());
  }

  /** Shares are not to be seen on an axis of pixels. */
  @Test
  void errorsAreDrawnByThemselves() {
    Map<String, Double> figures = new LinkedHashMap<>();
    for (String name : List.of("median error", "PCK@2", "MAE length", "R2")) figures.put(name, 0.5);
    curves.epoch(epoch(1, 0.9, figures, true), 2);
    assertEquals(
        List.of("median error", "MAE length"),
        curves.errors().stream().map(c -> c.name()).toList());
    assertEquals(List.of("PCK@2", "R2"), curves.metrics().stream().map(c -> c.name()).toList());
  }

  @Test
  void anotherPhaseBeginsAnew() {
    curves.epoch(epoch(1, 0.9, Map.of(), true), 2);
    curves.validationLoss(0.5);
    curves.epoch(epoch(2, 0.8, Map.of(), true), 2);
    curves.epoch(epoch(1, 0.3, Map.of(), true), 9);
    assertEquals(1, curves.losses().size());
    assertArrayEquals(new double[] {0.3}, curves.losses().get(0).values());
    assertTrue(curves.headline().startsWith("Epoch 1 of 9"), curves.headline());
  }

  @Test
  void truthAndPredictionAreDrawnSideBySide() {
    byte[] pixels = new byte[8 * 8];
    Frame frame =
        new Frame("dark", ArrayImgs.unsignedBytes(pixels, 8, 8, 1), PixelSize.UNCALIBRATED);
    LabelMap truth = new LabelMap(8, 8);
    for (int i = 0; i < 8; i++) truth.set(8 * i + 2, 1);
    BufferedImage picture =
        new ExamplePicture(8)
            .of(
                new Example(
                    frame,
                    new Example.Content.Labels(truth),
                    new Example.Content.Labels(new LabelMap(8, 8))));
    assertEquals(20, picture.getWidth());
    assertTrue(new Color(picture.getRGB(2, 4)).getBlue() > 100, "the truth is to be seen");
    assertEquals(Color.BLACK.getRGB(), picture.getRGB(1, 4));
    for (int x = 12; x < 20; x++) assertEquals(Color.BLACK.getRGB(), picture.getRGB(x, 4));
  }

  /** A point that is not found does not lend its colour to another. */
  @Test
  void allThatHasANameKeepsItsColour() {
    Frame frame =
        new Frame(
            "dark", ArrayImgs.unsignedBytes(new byte[40 * 40], 40, 40, 1), PixelSize.UNCALIBRATED);
    Keypoint snout = new Keypoint("snout", 10, 20, 1, Keypoint.Visibility.VISIBLE);
    Keypoint tail = new Keypoint("tail", 30, 20, 1, Keypoint.Visibility.VISIBLE);
    ExamplePicture pictures = new ExamplePicture(40);
    BufferedImage picture =
        pictures.of(new Example(frame, points(List.of(snout, tail)), points(List.of(tail))));
    int gap = picture.getWidth() - 80;
    int truth = picture.getRGB(30, 20);
    assertNotEquals(picture.getRGB(10, 20), truth);
    assertEquals(truth, picture.getRGB(40 + gap + 30, 20));
    assertEquals(List.of("snout", "tail"), List.copyOf(pictures.colors().keySet()));
    assertEquals(truth, pictures.colors().get("tail").getRGB());
  }

  private static Example.Content points(List<Keypoint> points) {
    return new Example.Content.Objects(
        new Annotation(new ImageSize(40, 40), List.of(), List.of(new Pose(points))));
  }
}
