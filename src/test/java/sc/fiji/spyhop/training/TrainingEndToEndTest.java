package sc.fiji.spyhop.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.imglib2.img.array.ArrayImgs;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.dataset.Dataset;
import sc.fiji.spyhop.dataset.Sample;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.engine.selection.Engines;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.Normalization;
import sc.fiji.spyhop.image.PixelSize;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.network.UNet;
import sc.fiji.spyhop.prediction.LabelMap;
import sc.fiji.spyhop.task.InstanceSegmentation;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.training.diagnosis.Diagnostic;
import sc.fiji.spyhop.weights.Initialization;

/** The real engine learns to find discs, some of which touch, in a few seconds. */
class TrainingEndToEndTest {

  private static final int SIZE = 64;

  private static Sample<LabelMap> discs(String name, long seed) {
    Random random = new Random(seed);
    LabelMap truth = new LabelMap(SIZE, SIZE);
    byte[] pixels = new byte[SIZE * SIZE];
    for (int i = 0; i < pixels.length; i++) pixels[i] = (byte) (30 + random.nextInt(30));
    for (int label = 1; label <= 9; label++) {
      int cx = 10 + 20 * ((label - 1) % 3) + random.nextInt(5);
      int cy = 10 + 20 * ((label - 1) / 3) + random.nextInt(5);
      int radius = 5 + random.nextInt(5);
      int level = 90 + random.nextInt(80);
      for (int i = 0; i < pixels.length; i++) {
        int dx = i % SIZE - cx;
        int dy = i / SIZE - cy;
        if (dx * dx + dy * dy > radius * radius || truth.get(i) != 0) continue;
        truth.set(i, label);
        pixels[i] = (byte) (level + random.nextInt(30));
      }
    }
    return new Sample<>(
        new Frame(name, ArrayImgs.unsignedBytes(pixels, SIZE, SIZE, 1), PixelSize.UNCALIBRATED),
        truth);
  }

  private static Dataset<LabelMap> set(int first, int n) {
    List<Sample<LabelMap>> samples = new ArrayList<>();
    for (int i = first; i < first + n; i++) samples.add(discs("discs" + i, i));
    return Dataset.ofSamples(samples);
  }

  @Test
  void findsDiscs() {
    Engine engine = Engines.forTraining();
    InstanceSegmentation task = InstanceSegmentation.of("disc");
    UNet.Head[] heads =
        task.heads().stream()
            .map(h -> new UNet.Head(h.name(), h.channels(), h.activation()))
            .toArray(UNet.Head[]::new);
    Network network = UNet.of(1, heads).withWidths(8, 16).network();
    TrainingOptions options =
        TrainingOptions.DEFAULT
            .with()
            .epochs(3)
            .stepsPerEpoch(40)
            .batch(4)
            .crop(48)
            .learningRate(1e-2)
            .averaging(0.95)
            .build();
    TrainingResult result =
        new Training<>(
                network,
                Initialization.of(network, 1),
                task,
                new ModelSpec.Input(
                    Axes.NCHW, 1, new Normalization.Percentile(1, 99.8), PixelSize.UNCALIBRATED),
                set(0, 6),
                set(100, 3),
                options)
            .run(
                engine,
                engine.devices().get(0),
                Checkpoints.NONE,
                new TrainingListener() {
                  @Override
                  public void finding(Diagnostic finding) {
                    throw new AssertionError(finding.text());
                  }
                },
                Progress.NONE);
    assertEquals(StopReason.FINISHED, result.reason());
    List<TrainingHistory.Epoch> epochs = result.history().epochs();
    double f1 = epochs.stream().mapToDouble(e -> e.metrics().get("F1")).max().orElseThrow();
    // with seeds 1 to 5, SSE4.1, AVX2 and AVX-512 F1 was 1, and the loss fell to 0.24 to 0.33
    assertTrue(f1 > 0.8, "F1 " + f1 + " in " + result.history().csv());
    assertTrue(epochs.get(2).loss() < 0.6 * epochs.get(0).loss(), result.history().csv());
  }

  private static TrainingResult ofOneSize(int height, int width) {
    InstanceSegmentation task = InstanceSegmentation.of("disc");
    UNet.Head[] heads =
        task.heads().stream()
            .map(h -> new UNet.Head(h.name(), h.channels(), h.activation()))
            .toArray(UNet.Head[]::new);
    Network any = UNet.of(1, heads).withWidths(4, 8).network();
    Network.Input image = new Network.Input(any.inputs().get(0).name(), Shape.of(1, height, width));
    Network network = new Network(List.of(image), any.layers(), any.outputs());
    Engine engine = Engines.forTraining();
    return new Training<>(
            network,
            Initialization.of(network, 1),
            task,
            new ModelSpec.Input(
                Axes.NCHW, 1, new Normalization.Percentile(1, 99.8), PixelSize.UNCALIBRATED),
            set(0, 2),
            set(100, 1),
            TrainingOptions.DEFAULT.with().epochs(1).stepsPerEpoch(2).batch(2).crop(48).build())
        .run(
            engine,
            engine.devices().get(0),
            Checkpoints.NONE,
            TrainingListener.NONE,
            Progress.NONE);
  }

  /** Crops of 48 are asked for, and images have 64. */
  @Test
  void aNetworkOfOneSizeIsTrainedOnCropsOfIt() {
    assertEquals(StopReason.FINISHED, ofOneSize(32, 32).reason());
    String message = assertThrows(SpyhopException.class, () -> ofOneSize(32, 48)).getMessage();
    assertTrue(message.contains("32 x 48") && message.contains("crop 256"), message);
  }
}
