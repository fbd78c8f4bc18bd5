package sc.fiji.spyhop.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sc.fiji.spyhop.engine.Optimizer;
import sc.fiji.spyhop.engine.Trainer;
import sc.fiji.spyhop.engine.selection.LyingEngine;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.NetworkBuilder;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.training.TinyRun.Data;
import sc.fiji.spyhop.training.diagnosis.Symptom;

/** Each run is built to go wrong in one way, or is healthy. */
class DiagnosticsTest {

  @TempDir Path folder;

  private static final Data NONE = new Data(new float[0][], new float[0]);

  private static void assertSilent(TinyRun run) {
    assertEquals(List.of(), run.run().messages, run.report());
    assertEquals(StopReason.FINISHED, run.result.reason());
  }

  private static void assertTold(TinyRun run, Symptom symptom, String... parts) {
    String text = run.run().text(symptom);
    for (String part : parts) assertTrue(text.contains(part), text + "\n" + run.report());
  }

  private static float[] random(int n, int classes, long seed) {
    Random random = new Random(seed);
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = classes > 0 ? random.nextInt(classes) : (float) random.nextGaussian();
    }
    return values;
  }

  // Healthy

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4})
  void silentWhenClassesAreLearned(int classes) {
    TinyRun run = TinyRun.classes(classes).with(o -> o.epochs(20));
    assertSilent(run);
    assertTrue(run.result.history().epochs().get(19).loss() < 0.1, run.report());
  }

  @ParameterizedTest
  @ValueSource(doubles = {1e-3, 3e-3})
  void silentAtUsualRates(double rate) {
    assertSilent(TinyRun.classes(4).with(o -> o.epochs(12).learningRate(rate)));
  }

  @Test
  void silentWithMomentum() {
    assertSilent(
        TinyRun.classes(3)
            .with(o -> o.optimizer(new Optimizer.Sgd(0.9)).learningRate(0.02).epochs(12)));
  }

  @Test
  void silentWithoutValidation() {
    TinyRun healthy = TinyRun.classes(2);
    assertSilent(new TinyRun(healthy.network, healthy.loss, healthy.train, NONE));
  }

  @Test
  void silentWhenNumbersAreLearned() {
    Data train = TinyRun.corners(64, 4, 2, 1);
    Data validation = TinyRun.corners(64, 4, 2, 2);
    assertSilent(
        new TinyRun(TinyRun.network(1), TinyRun.VALUE, train, validation)
            .with(o -> o.epochs(15).learningRate(5e-3)));
  }

  @Test
  void silentWhenClassesAreRare() {
    Data train = TinyRun.corners(120, 4, 2, 1);
    Data validation = TinyRun.corners(120, 4, 2, 2);
    for (Data d : List.of(train, validation)) {
      for (int i = 0; i < 120; i++) d.truth()[i] = d.truth()[i] == 3 && i % 3 == 0 ? 1 : 0;
    }
    assertSilent(
        new TinyRun(TinyRun.network(2), TinyRun.CLASSES, train, validation)
            .with(o -> o.epochs(15).learningRate(3e-3)));
  }

  @Test
  void silentWhenTrainingStartsFromWhatIsLearned() {
    TinyRun first = TinyRun.classes(3).with(o -> o.epochs(15)).run();
    TinyRun second = TinyRun.classes(3).with(o -> o.epochs(6).learningRate(1e-5));
    second.weights = first.result.last();
    assertSilent(second);
  }

  // Not finite

  /** By hand: the first convolution gives about 1, the next 1e30, the last 1e60, beyond float. */
  @Test
  void namesTheLayerWhoseActivationsOverflow() {
    Network network =
        NetworkBuilder.input("image", Shape.of(1, TinyRun.SIDE, TinyRun.SIDE))
            .convolution("first", 2, 1)
            .convolution("second", 2, 1)
            .convolution("third", 2, 1)
            .flatten("flat")
            .dense("answer", 2)
            .build();
    TinyRun run =
        new TinyRun(
            network, TinyRun.CLASSES, TinyRun.corners(16, 2, 2, 1), TinyRun.corners(16, 2, 2, 2));
    run.set("first.weight", i -> 1).set("second.weight", i -> 1e30).set("third.weight", i -> 1e30);
    assertTold(run, Symptom.NOT_FINITE, "the activations of layer third", "learning rate");
    assertEquals(StopReason.NOT_FINITE, run.result.reason());
    assertTrue(run.result.explanation().contains("layer third"), run.result.explanation());
  }

  @Test
  void namesWeightsThatOverflow() {
    TinyRun run = TinyRun.classes(2).set("fc.weight", i -> i == 5 ? Double.POSITIVE_INFINITY : 0);
    assertTold(run, Symptom.NOT_FINITE, "the weights fc.weight");
  }

  @Test
  void namesImagesWithoutNumbers() {
    TinyRun run = TinyRun.classes(2);
    for (float[] image : run.train.images()) image[7] = Float.NaN;
    assertTold(run, Symptom.NOT_FINITE, "the values of the images", "pixels that are not a number");
  }

  /** The user's learning rate is not blamed for it. */
  @Test
  void saysSoWhenTheEngineComputesWrong() {
    TinyRun run = TinyRun.classes(2);
    run.engine =
        new LyingEngine(
            run.engine,
            found -> {
              found.values().forEach(t -> t.data()[0] = Float.POSITIVE_INFINITY);
              return found;
            },
            UnaryOperator.identity(),
            step -> new Trainer.Step(step.loss(), Double.NaN));
    assertTold(
        run,
        Symptom.WRONG_ARITHMETIC,
        "Lies 1.0 computes wrong on this machine, layer convolution");
    assertFalse(run.symptoms().contains(Symptom.NOT_FINITE), run.report());
    assertEquals(StopReason.NOT_FINITE, run.result.reason());
    String explanation = run.result.explanation();
    assertTrue(explanation.contains("neither the images nor the settings"), explanation);
    assertFalse(explanation.contains("learning rate"), explanation);
  }

  @Test
  void aRateThatIsFarTooHighEndsInNumbersThatAreNotFinite() {
    TinyRun run =
        TinyRun.classes(2)
            .with(o -> o.optimizer(new Optimizer.Sgd(0.9)).learningRate(1000).clipNorm(0));
    run.run();
    assertEquals(StopReason.NOT_FINITE, run.result.reason(), run.report());
    assertTrue(run.symptoms().contains(Symptom.NOT_FINITE), run.report());
  }

  // Guessing

  @Test
  void saysWhenClassesCannotBeTold() {
    TinyRun healthy = TinyRun.classes(4);
    TinyRun run =
        new TinyRun(
            healthy.network,
            healthy.loss,
            healthy.train.withTruth(random(64, 4, 3)),
            healthy.validation.withTruth(random(64, 4, 4)));
    assertTold(
        run, Symptom.NO_BETTER_THAN_GUESSING, "guessing on the validation images", "always saying");
  }

  @Test
  void saysWhenNumbersCannotBeTold() {
    Data train = TinyRun.corners(64, 4, 2, 1).withTruth(random(64, 0, 3));
    Data validation = TinyRun.corners(64, 4, 2, 2).withTruth(random(64, 0, 4));
    assertTold(
        new TinyRun(TinyRun.network(1), TinyRun.VALUE, train, validation),
        Symptom.NO_BETTER_THAN_GUESSING,
        "always saying the mean would give");
  }

  // Constant

  @Test
  void saysWhenPredictionsAreConstant() {
    TinyRun run = TinyRun.classes(2).set("fc.bias", i -> -1000);
    assertTold(run, Symptom.CONSTANT_PREDICTIONS, "the same about all validation images");
    TinyRun value =
        new TinyRun(
                TinyRun.network(1),
                TinyRun.VALUE,
                TinyRun.corners(64, 4, 2, 1),
                TinyRun.corners(64, 4, 2, 2))
            .set("fc.bias", i -> -1000);
    assertTold(value, Symptom.CONSTANT_PREDICTIONS, "its values vary by 0.0 %");
  }

  // Dead units

  @Test
  void namesLayersWithDeadUnits() {
    TinyRun run = TinyRun.classes(2).set("conv.bias", i -> i < 6 ? -1000 : 0);
    assertTold(run, Symptom.DEAD_UNITS, "conv_relu (6 of 8)");
    assertEquals(Set.of(Symptom.DEAD_UNITS), run.symptoms());
  }

  // Over-fitting

  @Test
  void saysWhenTrainingImagesAreLearnedByHeart() {
    Data train = TinyRun.corners(40, 2, 0.6, 1);
    Data validation = TinyRun.corners(64, 2, 0.6, 2);
    for (int i = 0; i < 12; i++) train.truth()[i] = 1 - train.truth()[i];
    assertTold(
        new TinyRun(TinyRun.network(2), TinyRun.CLASSES, train, validation)
            .with(o -> o.epochs(20).schedule(new Schedule.Constant())),
        Symptom.OVERFITTING,
        "More images help most");
  }

  // Rates

  @ParameterizedTest
  @ValueSource(doubles = {1, 10})
  void saysWhenTheRateIsTooHigh(double rate) {
    assertTold(
        TinyRun.classes(4).with(o -> o.learningRate(rate)), Symptom.RATE_TOO_HIGH, "is too high");
  }

  @Test
  void saysWhenTheRateIsTooHighForMomentum() {
    assertTold(
        TinyRun.classes(4)
            .with(o -> o.optimizer(new Optimizer.Sgd(0.9)).learningRate(3).clipNorm(0)),
        Symptom.RATE_TOO_HIGH,
        "is too high");
  }

  @Test
  void saysWhenTheRateIsTooLow() {
    TinyRun run = TinyRun.classes(4).with(o -> o.learningRate(1e-7));
    assertTold(run, Symptom.RATE_TOO_LOW, "hardly falls", "is too low");
    assertFalse(run.symptoms().contains(Symptom.RATE_TOO_HIGH), run.report());
    assertTold(
        TinyRun.classes(4).with(o -> o.optimizer(new Optimizer.Sgd(0.9)).learningRate(1e-6)),
        Symptom.RATE_TOO_LOW,
        "is too low");
  }

  // Labels

  @Test
  void saysWhichLabelsLookSwapped() {
    TinyRun run = TinyRun.classes(4);
    for (int i = 0; i < 64; i++) {
      float t = run.validation.truth()[i];
      run.validation.truth()[i] = t == 1 ? 2 : t == 2 ? 1 : t;
    }
    assertTold(
        run,
        Symptom.SWAPPED_LABELS,
        "of \"north-east\" is called \"south-west\"",
        "of \"south-west\" is called \"north-east\"");
    assertFalse(run.text(Symptom.SWAPPED_LABELS).contains("north-west"), run.report());
  }

  @Test
  void saysWhenLabelsAreShifted() {
    TinyRun run = TinyRun.classes(4);
    for (int i = 0; i < 64; i++) run.validation.truth()[i] = (run.validation.truth()[i] + 1) % 4;
    assertTold(run, Symptom.SWAPPED_LABELS, "of \"north-east\" is called \"north-west\"");
  }

  @Test
  void namesImagesWhoseLabelLooksWrong() {
    TinyRun run = TinyRun.classes(4).with(o -> o.epochs(15));
    for (int i : new int[] {3, 17, 30, 44}) {
      run.validation.truth()[i] = (run.validation.truth()[i] + 2) % 4;
    }
    assertTold(run, Symptom.SWAPPED_LABELS, "v3 (labelled \"north-east\", seen as \"south-east\")");
    assertTrue(run.text(Symptom.SWAPPED_LABELS).contains("v17, v30".substring(0, 3)));
  }

  // Telling

  @Test
  void tellsOnceAndRemembersOnResuming() throws Exception {
    TinyRun run = TinyRun.classes(2).set("conv.bias", i -> i < 6 ? -1000 : 0);
    run.checkpoints = Checkpoints.startIn(folder);
    run.with(o -> o.epochs(4)).run();
    assertEquals(1, run.findings.size());
    assertEquals(
        List.of(List.of(), List.of(Symptom.DEAD_UNITS), List.of(Symptom.DEAD_UNITS)),
        run.result.history().epochs().subList(0, 3).stream().map(e -> e.symptoms()).toList());
    assertTrue(
        Files.readString(folder.resolve("history.csv"))
            .lines()
            .toList()
            .get(2)
            .endsWith("dead-units"));
    run.checkpoints = Checkpoints.resumeIn(folder);
    run.with(o -> o.epochs(7)).run();
    assertEquals(List.of(), run.findings, run.report());
    assertEquals(List.of("Resumed after epoch 4."), run.messages);
  }

  @Test
  void aTrainingThatCannotBeWatchedGoesOn() {
    TinyRun run = TinyRun.classes(2);
    Data broken = new Data(new float[][] {new float[TinyRun.SIDE * TinyRun.SIDE]}, new float[] {9});
    run = new TinyRun(run.network, run.loss, run.train, broken).run();
    assertEquals(StopReason.FINISHED, run.result.reason());
    assertEquals(1, run.messages.size(), run.report());
    assertTrue(run.messages.get(0).startsWith("Warning: the training cannot be watched"));
  }

  @Test
  void watchingChangesNothing() {
    TinyRun watched = TinyRun.classes(2).with(o -> o.epochs(2)).run();
    Tensor a = watched.result.last().get("fc.weight");
    Tensor b =
        TinyRun.classes(2).with(o -> o.epochs(2)).unwatched().run().result.last().get("fc.weight");
    assertEquals(java.util.Arrays.toString(a.data()), java.util.Arrays.toString(b.data()));
  }
}
