package sc.fiji.spyhop.ui;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Map;
import net.imglib2.img.array.ArrayImgs;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.PixelSize;
import sc.fiji.spyhop.prediction.LabelMap;
import sc.fiji.spyhop.training.Example;
import sc.fiji.spyhop.training.TrainingHistory.Epoch;

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
    // 57 epochs of a minute are left.
    assertEquals(
        "Epoch 3 of 60  ·  best: epoch 2 (AP50 0.400)  ·  learning rate 3.00e-04  ·  57 min left",
        curves.headline());
  }

  @Test
  void aMetricThatIsALossIsDrawnWithTheLosses() {
    curves.epoch(epoch(1, 0.9, Map.of("log loss", 1.5), true), 2);
    assertEquals(List.of(), curves.metrics());
    assertEquals("log loss", curves.losses().get(1).name());
  }

  @Test
  void anotherPhaseBeginsAnew() {
    curves.epoch(epoch(1, 0.9, Map.of(), true), 2);
    curves.validationLoss(0.5);
    curves.epoch(epoch(2, 0.8, Map.of(), true), 2);
    curves.epoch(epoch(1, 0.3, Map.of(), true), 9);
    assertEquals(1, curves.losses().size());
    assertArrayEquals(new double[] {0.3}, curves.losses().get(0).values());
    assertEquals(8 * 60, curves.secondsLeft(), 1e-9);
  }

  @Test
  void truthAndPredictionAreDrawnSideBySide() {
    byte[] pixels = new byte[8 * 8];
    Frame frame =
        new Frame("dark", ArrayImgs.unsignedBytes(pixels, 8, 8, 1), PixelSize.UNCALIBRATED);
    LabelMap truth = new LabelMap(8, 8);
    for (int i = 0; i < 8; i++) truth.set(8 * i + 2, 1);
    BufferedImage picture =
        ExamplePicture.of(
            new Example(
                frame,
                new Example.Content.Labels(truth),
                new Example.Content.Labels(new LabelMap(8, 8))),
            8);
    assertEquals(20, picture.getWidth());
    assertTrue(new Color(picture.getRGB(2, 4)).getBlue() > 100, "the truth is to be seen");
    assertEquals(Color.BLACK.getRGB(), picture.getRGB(1, 4));
    for (int x = 12; x < 20; x++) assertEquals(Color.BLACK.getRGB(), picture.getRGB(x, 4));
  }
}
