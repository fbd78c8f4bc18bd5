package sc.fiji.spyhop.generate.adversarial;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import net.imglib2.img.array.ArrayImgs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.dataset.Dataset;
import sc.fiji.spyhop.dataset.Sample;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.engine.selection.Engines;
import sc.fiji.spyhop.image.Colors;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.PixelSize;
import sc.fiji.spyhop.model.GeneratorSpec;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.training.Checkpoints;
import sc.fiji.spyhop.training.StopReason;
import sc.fiji.spyhop.training.TrainingListener;
import sc.fiji.spyhop.weights.Weights;

class AdversarialTrainingTest {

  private static final Shape SHAPE = Shape.of(1, 8, 8);

  /** Images of 8 x 8 pixels that are bright on one side or the other, by different amounts. */
  private static Dataset<String> sides(int count) {
    Random random = new Random(5);
    return Dataset.ofSamples(
        IntStream.range(0, count)
            .mapToObj(
                n -> {
                  byte[] pixels = new byte[64];
                  int bright = 160 + random.nextInt(80);
                  for (int i = 0; i < 64; i++) {
                    pixels[i] = (byte) ((i % 8 < 4) == (n % 2 == 0) ? bright : 20);
                  }
                  return new Sample<>(
                      new Frame(
                          "s" + n,
                          ArrayImgs.unsignedBytes(pixels, 8, 8, 1),
                          PixelSize.UNCALIBRATED),
                      "");
                })
            .toList());
  }

  private static AdversarialOptions options(int epochs, long seed) {
    return new AdversarialOptions(epochs, 4, 8, 2e-3, 0.5, 0.1, 0.9, seed);
  }

  private static AdversarialTraining<String> training(AdversarialOptions options) {
    RealView<String> view =
        new RealView<>(
            GeneratorSpec.Output.ofBytes(Colors.NONE),
            SHAPE,
            false,
            false,
            RealView.Symmetry.NONE,
            Optional.empty());
    return new AdversarialTraining<>(
        AdversarialNetworks.dcgan(6, SHAPE, 8), sides(20), view, options);
  }

  private static AdversarialTraining.Result run(
      AdversarialOptions options, Checkpoints kept, Progress progress) {
    Engine engine = Engines.forTraining();
    return training(options)
        .run(
            engine,
            engine.devices().get(0),
            kept,
            TrainingListener.NONE,
            (epoch, images) -> {},
            progress);
  }

  private static void assertSame(Weights expected, Weights actual) {
    assertEquals(expected.tensors().keySet(), actual.tensors().keySet());
    expected
        .tensors()
        .forEach((n, t) -> assertArrayEquals(t.data(), actual.get(n).data(), 1e-5f, n));
  }

  @Test
  void imagesBecomeLikeRealOnes() {
    List<Tensor> shown = new ArrayList<>();
    Engine engine = Engines.forTraining();
    AdversarialTraining.Result result =
        training(new AdversarialOptions(3, 40, 8, 2e-3, 0.5, 0.1, 0.9, 1))
            .run(
                engine,
                engine.devices().get(0),
                Checkpoints.NONE,
                TrainingListener.NONE,
                (epoch, images) -> shown.add(images),
                Progress.NONE);
    assertEquals(StopReason.FINISHED, result.reason());
    assertEquals("All 3 epochs are done.", result.explanation());
    assertEquals(3, shown.size());
    assertTrue(sharpness(shown.get(2)) > 3 * sharpness(shown.get(0)), "sides differ more");
    assertTrue(
        sharpness(shown.get(2)) > 0.5, "as in real images, whose sides differ by 1.1 or more");
  }

  /** Mean difference between both sides of an image. */
  private static double sharpness(Tensor images) {
    int n = images.size(0);
    double sum = 0;
    for (int k = 0; k < n; k++) {
      double difference = 0;
      for (int i = 0; i < 64; i++) {
        difference += images.data()[k * 64 + i] * (i % 8 < 4 ? 1 : -1) / 32.0;
      }
      sum += Math.abs(difference) / n;
    }
    return sum;
  }

  @Test
  void aResumedTrainingIsAsOneThatWasNotInterrupted(@TempDir Path folder) {
    AdversarialTraining.Result whole = run(options(3, 1), Checkpoints.NONE, Progress.NONE);
    run(options(2, 1), Checkpoints.startIn(folder), Progress.NONE);
    assertTrue(Files.exists(folder.resolve("history.csv")));
    AdversarialTraining.Result resumed =
        run(options(3, 1), Checkpoints.resumeIn(folder), Progress.NONE);
    assertSame(whole.generator().orElseThrow(), resumed.generator().orElseThrow());
    assertSame(whole.discriminator().orElseThrow(), resumed.discriminator().orElseThrow());
    assertEquals(3, resumed.epochs().size());
    assertEquals(whole.rounds().get(2).drift(), resumed.rounds().get(2).drift(), 1e-4);
    String said =
        assertThrows(
                SpyhopException.class,
                () -> run(options(3, 2), Checkpoints.resumeIn(folder), Progress.NONE))
            .getMessage();
    assertTrue(said.contains("expected the same images, networks and settings"), said);
  }

  @Test
  void theSeedDecides() {
    Weights one = run(options(1, 1), Checkpoints.NONE, Progress.NONE).generator().orElseThrow();
    assertSame(one, run(options(1, 1), Checkpoints.NONE, Progress.NONE).generator().orElseThrow());
    Weights other = run(options(1, 2), Checkpoints.NONE, Progress.NONE).generator().orElseThrow();
    assertFalse(Arrays.equals(one.get("tconv1.weight").data(), other.get("tconv1.weight").data()));
  }

  @Test
  void whoStopsKeepsWhatThereIs() {
    int[] told = {0};
    Progress stop =
        new Progress() {
          @Override
          public void update(String message, long done, long total) {
            told[0]++;
          }

          @Override
          public boolean isCancelled() {
            return told[0] == 2;
          }
        };
    AdversarialTraining.Result result = run(options(3, 1), Checkpoints.NONE, stop);
    assertEquals(StopReason.CANCELLED, result.reason());
    assertEquals("Stopped in epoch 1. The generator is kept as it is now.", result.explanation());
    assertTrue(result.generator().isPresent());
    told[0] = 2;
    AdversarialTraining.Result nothing = run(options(3, 1), Checkpoints.NONE, stop);
    assertEquals("Stopped in epoch 1. Nothing was learnt.", nothing.explanation());
    assertTrue(nothing.generator().isEmpty());
  }

  @Test
  void numbersThatOverflowEndTheTraining() {
    AdversarialOptions wild = new AdversarialOptions(3, 4, 8, 1e30, 0.5, 0.1, 0, 1);
    AdversarialTraining.Result result = run(wild, Checkpoints.NONE, Progress.NONE);
    assertEquals(StopReason.NOT_FINITE, result.reason());
    assertTrue(result.explanation().contains("Try a lower learning rate"), result.explanation());
  }
}
