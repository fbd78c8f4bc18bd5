package sc.fiji.spyhop.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.dataset.Dataset;
import sc.fiji.spyhop.dataset.Sample;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.Normalization;
import sc.fiji.spyhop.inference.Runner;
import sc.fiji.spyhop.model.Model;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.sample.CameraNoise;
import sc.fiji.spyhop.task.Restoration;
import sc.fiji.spyhop.task.TaskKind;
import sc.fiji.spyhop.weights.Initialization;

/** Small networks learn in seconds to make noisy discs smooth, from pairs and from noise alone. */
class RestorationTrainingTest {

  private static final int SIZE = 48;

  /** Smooth discs in the range 20 to 220. */
  private static Frame discs(long seed) {
    Random random = new Random(seed);
    float[] values = new float[SIZE * SIZE];
    for (int d = 0; d < 5; d++) {
      double x = random.nextInt(SIZE);
      double y = random.nextInt(SIZE);
      double r = 4 + random.nextInt(5);
      for (int i = 0; i < values.length; i++) {
        double far = Math.hypot(i % SIZE - x, i / SIZE - y);
        values[i] = Math.max(values[i], (float) (200 / (1 + Math.exp(far - r))));
      }
    }
    for (int i = 0; i < values.length; i++) values[i] += 20;
    return Frame.ofPlanes(List.of(values), SIZE, SIZE).withName("discs " + seed);
  }

  private static Frame noisy(Frame clean, long seed) {
    float[] values = clean.values();
    new CameraNoise(4, 10).add(values, new SplittableRandom(seed));
    return Frame.ofPlanes(List.of(values), SIZE, SIZE).withName(clean.name());
  }

  private static Dataset<Frame> set(int first, int count, boolean alone) {
    List<Sample<Frame>> samples = new ArrayList<>();
    for (int i = first; i < first + count; i++) {
      Frame image = noisy(discs(i), i);
      samples.add(Sample.of(image, alone ? image : discs(i)));
    }
    return Dataset.ofSamples(samples);
  }

  private static ModelTrainingBuilder<Frame> training(Restoration task, boolean alone, int steps) {
    RestorationNetwork design = RestorationNetwork.suited("unet", List.of(8, 16), 1, task);
    Network network = design.network(1, task);
    return ModelTraining.of(task, set(0, 12, alone))
        .validation(set(100, 3, alone))
        .network(network)
        .start(design.start(network, 1))
        .options(
            o ->
                o.epochs(2)
                    .stepsPerEpoch(steps)
                    .batch(4)
                    .crop(32)
                    .learningRate(5e-3)
                    .averaging(0.8));
  }

  /** How much better images that were not seen are than they were, dB. */
  private static double gain(Model model) {
    double gain = 0;
    try (Runner<Frame> runner = Runner.of(model, TaskKind.RESTORATION)) {
      for (int i = 200; i < 205; i++) {
        Frame truth = discs(i);
        Frame image = noisy(truth, i);
        double after = Restoration.similarity(runner.predict(image), truth, Double.NaN).psnr();
        double before = Restoration.similarity(image, truth, Double.NaN).psnr();
        gain += (after - before) / 5;
      }
    }
    return gain;
  }

  @Test
  void learnsFromPairs() {
    double gain = gain(training(Restoration.of(1), false, 25).train());
    assertTrue(gain > 2, "gained " + gain + " dB");
  }

  @Test
  void learnsFromNoiseAlone() {
    double gain = gain(training(Restoration.of(1).withBlindSpots(), true, 70).train());
    assertTrue(gain > 0.3, "gained " + gain + " dB");
  }

  @Test
  void learnsByStructuralSimilarity() {
    Restoration task = Restoration.of(1).withErrors(Restoration.Errors.parse("l1:0.2,ssim:0.8"));
    double gain = gain(training(task, false, 25).train());
    assertTrue(gain > 1, "gained " + gain + " dB");
  }

  @Test
  void whatTellsDifferencesBeginsWithTheImage() {
    Restoration task = Restoration.of(1);
    RestorationNetwork adding = new RestorationNetwork("care", List.of(4, 8), true);
    Network network = adding.network(1, task);
    Model model =
        new Model(
            ModelSpec.of("same", task, ModelSpec.Input.of(1, new Normalization.MinMax()), network),
            network,
            adding.start(network, 1),
            Optional.empty());
    Frame image = noisy(discs(1), 1);
    try (Runner<Frame> runner = Runner.of(model, TaskKind.RESTORATION)) {
      assertArrayEquals(image.values(), runner.predict(image).values(), 1e-3f);
    }
    assertThrows(SpyhopException.class, () -> adding.network(2, task));
  }

  @Test
  void tilesGiveWhatTheWholeImageGives() {
    Restoration task =
        Restoration.of(2).withUnits(new Restoration.Units(List.of(5.0, 7.0), List.of(0.1, 0.2)));
    Network network = new RestorationNetwork("care", List.of(4, 8), false).network(1, task);
    Model model =
        new Model(
            ModelSpec.of("two", task, ModelSpec.Input.of(1, new Normalization.ZScore()), network),
            network,
            Initialization.of(network, 3),
            Optional.empty());
    float[] values = new float[90 * 70];
    for (int i = 0; i < values.length; i++) values[i] = i * 37 % 101;
    Frame image = Frame.ofPlanes(List.of(values), 90, 70);
    Runner.Options tiled = Runner.Options.DEFAULT.withTile(16);
    try (Runner<Frame> whole = Runner.of(model, TaskKind.RESTORATION);
        Runner<?> parts = Runner.of(model, tiled)) {
      Frame expected = whole.predict(image);
      assertEquals(2, expected.channels());
      assertArrayEquals(
          expected.values(),
          parts.as(TaskKind.RESTORATION).predict(image, Progress.NONE).values(),
          1e-3f);
    }
  }

  @Test
  void unitsAreThoseOfTargetsWhereTheseAreBrighterByFar() {
    Normalization percentile = Normalization.ofEachImage("percentile").orElseThrow();
    assertTrue(RestorationUnits.of(set(0, 3, false), percentile, Progress.NONE).ofImage());
    Dataset<Frame> brighter =
        set(0, 3, false)
            .map(
                s -> {
                  float[] values = s.truth().values();
                  for (int i = 0; i < values.length; i++) values[i] = 50 * values[i] + 1000;
                  return Sample.of(s.frame(), Frame.ofPlanes(List.of(values), SIZE, SIZE));
                });
    Restoration.Units units = RestorationUnits.of(brighter, percentile, Progress.NONE);
    assertEquals(1, units.offset().size());
    assertTrue(units.offset().get(0) > 2000 && units.scale().get(0) < 1e-2, units.toString());
  }
}
