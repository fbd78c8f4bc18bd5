package sc.fiji.spyhop.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sc.fiji.spyhop.engine.Loss;
import sc.fiji.spyhop.engine.LossPlugin;
import sc.fiji.spyhop.engine.Optimizer;
import sc.fiji.spyhop.engine.Trainer;
import sc.fiji.spyhop.engine.selection.LyingEngine;
import sc.fiji.spyhop.expression.Dimensions;
import sc.fiji.spyhop.expression.LossFormula;
import sc.fiji.spyhop.network.Formula;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.NetworkBuilder;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.training.TinyRun.Data;
import sc.fiji.spyhop.training.TrainingHistory.Epoch;
import sc.fiji.spyhop.training.diagnosis.Symptom;

/**
 * What is seen of trainings by the real engine. Each of them goes as it does whatever the rounding:
 * what the network knows or cannot know is planted, or its problem is convex and is solved in steps
 * that are small enough. {@link sc.fiji.spyhop.training.diagnosis.Detector}s have tests of their
 * own.
 */
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

  /** Each image under each label, so that one answer of so many is right whatever is said. */
  private static Data undecidable(long seed, float... labels) {
    Data corners = TinyRun.corners(16, 4, 2, seed);
    float[][] images = new float[16 * labels.length][];
    float[] truth = new float[images.length];
    for (int k = 0; k < images.length; k++) {
      images[k] = corners.images()[k / labels.length];
      truth[k] = labels[k % labels.length];
    }
    return new Data(images, truth);
  }

  // Healthy

  /** Plain descent, whose loss falls with every step of a convex problem if steps are small. */
  private static TinyRun descent(TinyRun run, double rate) {
    return run.with(o -> o.optimizer(new Optimizer.Sgd(0)).learningRate(rate));
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4})
  void silentWhenClassesAreLearned(int classes) {
    TinyRun run = descent(TinyRun.linearClasses(classes), 0.05);
    assertSilent(run);
    double last = Double.POSITIVE_INFINITY;
    for (Epoch epoch : run.result.history().epochs()) {
      assertTrue(epoch.loss() < last, run.report());
      last = epoch.loss();
    }
    assertTrue(last < 0.1, run.report());
  }

  @ParameterizedTest
  @ValueSource(doubles = {1e-3, 3e-3})
  void silentAtUsualRates(double rate) {
    assertSilent(TinyRun.linearClasses(4).with(o -> o.epochs(12).learningRate(rate)));
  }

  @Test
  void silentWithMomentum() {
    assertSilent(
        TinyRun.linearClasses(3)
            .with(o -> o.optimizer(new Optimizer.Sgd(0.9)).learningRate(0.02).epochs(12)));
  }

  @Test
  void silentWithoutValidation() {
    TinyRun healthy = TinyRun.linearClasses(2);
    assertSilent(descent(new TinyRun(healthy.network, healthy.loss, healthy.train, NONE), 0.05));
  }

  @Test
  void silentWhenNumbersAreLearned() {
    Data train = TinyRun.corners(64, 4, 2, 1);
    Data validation = TinyRun.corners(64, 4, 2, 2);
    assertSilent(descent(new TinyRun(TinyRun.linear(1), TinyRun.VALUE, train, validation), 5e-3));
  }

  @Test
  void silentWhenClassesAreRare() {
    Data train = TinyRun.corners(120, 4, 2, 1);
    Data validation = TinyRun.corners(120, 4, 2, 2);
    for (Data d : List.of(train, validation)) {
      for (int i = 0; i < 120; i++) d.truth()[i] = d.truth()[i] == 3 && i % 3 == 0 ? 1 : 0;
    }
    assertSilent(descent(new TinyRun(TinyRun.linear(2), TinyRun.CLASSES, train, validation), 0.1));
  }

  @Test
  void silentWhenTrainingStartsFromWhatIsLearned() {
    assertSilent(TinyRun.knowing().with(o -> o.epochs(6).learningRate(1e-5)));
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

  /** The value that goes in is one of the images, and smaller than 0. */
  @Test
  void namesALayersFormulaWithWhatWentIn() {
    TinyRun run = ofFormula("log(x)");
    assertTold(
        run,
        Symptom.OWN_FUNCTION_NOT_FINITE,
        "layer own, whose formula is log(x), which comes to log(-",
        "log(max(VALUE, 1e-6))");
    String explanation = run.result.explanation();
    assertTrue(explanation.contains("whose formula is log(x)"), explanation);
    assertTrue(explanation.contains("log(max(VALUE, 1e-6))"), explanation);
    assertFalse(explanation.contains("learning rate"), explanation);
  }

  /** What is finite on the way forward may not be on the way back. */
  @Test
  void namesAFormulaWhoseDerivativeIsNotFinite() {
    assertTold(
        ofFormula("sqrt(abs(x))").set("conv.weight", i -> 0),
        Symptom.OWN_FUNCTION_NOT_FINITE,
        "layer own, whose formula is sqrt(abs(x)), which comes to 0.500 / 0.00 in its derivative",
        "sqrt(max(VALUE, 1e-6))");
  }

  /** Behind a convolution that changes nothing. */
  private static TinyRun ofFormula(String formula) {
    Network network =
        NetworkBuilder.input("image", Shape.of(1, TinyRun.SIDE, TinyRun.SIDE))
            .convolution("conv", 1, 1)
            .layer(new Formula("own", "conv", formula))
            .flatten("flat")
            .dense("answer", 2)
            .build();
    return new TinyRun(
            network, TinyRun.CLASSES, TinyRun.corners(16, 2, 2, 1), TinyRun.corners(16, 2, 2, 2))
        .set("conv.weight", i -> 1);
  }

  @Test
  void namesALossFormulaWithWhatWentIn() {
    Loss.Formula loss =
        new Loss.Formula(LossFormula.parse("mean(log(z-5)*t)", LossFormula.Output.IDENTITY));
    TinyRun run =
        new TinyRun(
                TinyRun.linear(1), loss, TinyRun.corners(16, 2, 2, 1), TinyRun.corners(16, 2, 2, 2))
            .set("answer.weight", i -> 0)
            .set("answer.bias", i -> 2.5);
    assertTold(
        run,
        Symptom.OWN_FUNCTION_NOT_FINITE,
        "the loss mean(log(z-5)*t), which comes to log(-2.50)",
        "log(max(VALUE, 1e-6))");
  }

  /** Says nothing that is a number. */
  private static final class Broken implements LossPlugin {
    @Override
    public double evaluate(
        Dimensions sizes, float[] z, float[] target, float[] weights, float[] gradient) {
      return Double.NaN;
    }
  }

  @Test
  void namesAPluginWhoseLossIsNoNumber() {
    TinyRun run =
        new TinyRun(
            TinyRun.linear(1),
            new Loss.Plugin(new Broken(), false),
            TinyRun.corners(16, 2, 2, 1),
            TinyRun.corners(16, 2, 2, 2));
    assertTold(
        run, Symptom.OWN_FUNCTION_NOT_FINITE, "the loss of the plugin ", "Broken", "its author");
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

  /** The error of a squared loss becomes some thousand times larger with each step. */
  @Test
  void aRateThatIsFarTooHighEndsInNumbersThatAreNotFinite() {
    TinyRun run =
        descent(
                new TinyRun(TinyRun.linear(1), TinyRun.VALUE, TinyRun.corners(16, 2, 2, 1), NONE),
                1000)
            .with(o -> o.clipNorm(0).warmup(0));
    run.run();
    assertEquals(StopReason.NOT_FINITE, run.result.reason(), run.report());
    assertTrue(run.symptoms().contains(Symptom.NOT_FINITE), run.report());
  }

  // Guessing

  @Test
  void saysWhenClassesCannotBeTold() {
    assertTold(
        new TinyRun(
            TinyRun.network(4),
            TinyRun.CLASSES,
            undecidable(1, 0, 1, 2, 3),
            undecidable(2, 0, 1, 2, 3)),
        Symptom.NO_BETTER_THAN_GUESSING,
        "no better than guessing on the validation images",
        "always saying \"north-west\" would be right in 25 %");
  }

  /** Where the truth is 1 or -1 with equal chance, no answer has a smaller error than 0. */
  @Test
  void saysWhenNumbersCannotBeTold() {
    assertTold(
        new TinyRun(
            TinyRun.network(1), TinyRun.VALUE, undecidable(1, -1, 1), undecidable(2, -1, 1)),
        Symptom.NO_BETTER_THAN_GUESSING,
        "always saying the mean would give 1.00");
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
  }

  // Over-fitting

  /** Whatever is learnt of the training images is wrong of the same images with other labels. */
  @Test
  void saysWhenTrainingImagesAreLearnedByHeart() {
    Data train = TinyRun.corners(40, 2, 0.6, 1);
    float[] other = new float[40];
    for (int i = 0; i < 40; i++) other[i] = 1 - train.truth()[i];
    assertTold(
        descent(
            new TinyRun(TinyRun.linear(2), TinyRun.CLASSES, train, train.withTruth(other))
                .set("answer.weight", i -> 0),
            0.05),
        Symptom.OVERFITTING,
        "since epoch 1 the loss on validation images has risen",
        "More images help most");
  }

  // Rates

  /** Images of one bright pixel, whose squared error is that of two weights. */
  private static TinyRun parabola(double rate, double momentum) {
    float[][] images = new float[2][TinyRun.SIDE * TinyRun.SIDE];
    for (float[] image : images) image[0] = 1;
    return new TinyRun(TinyRun.linear(1), TinyRun.VALUE, new Data(images, new float[] {3, 3}), NONE)
        .with(
            o ->
                o.optimizer(new Optimizer.Sgd(momentum))
                    .learningRate(rate)
                    .clipNorm(0)
                    .warmup(0)
                    .schedule(new Schedule.Constant())
                    .epochs(2));
  }

  /**
   * By hand: the gradient of (w + b - 3)^2 is twice the error for each of both, so that a step at
   * rate r multiplies the error by 1 - 4 r.
   */
  @Test
  void saysWhenTheRateIsTooHigh() {
    assertTold(parabola(0.6, 0), Symptom.RATE_TOO_HIGH, "The loss rises", "too high (now 0.600)");
    TinyRun lower = parabola(0.4, 0).run();
    assertFalse(lower.symptoms().contains(Symptom.RATE_TOO_HIGH), lower.report());
  }

  /** Nesterov's momentum of 0.9 is stable up to a rate of (2 + 2 x 0.9) / (1 + 2 x 0.9) / 4. */
  @Test
  void saysWhenTheRateIsTooHighForMomentum() {
    assertTold(parabola(0.4, 0.9), Symptom.RATE_TOO_HIGH, "The loss rises", "is too high");
    TinyRun lower = parabola(0.3, 0.9).run();
    assertFalse(lower.symptoms().contains(Symptom.RATE_TOO_HIGH), lower.report());
  }

  /** Adam's first step changes each weight that has a gradient by the rate. */
  @Test
  void saysWhenAStepIsLargerThanTheWeights() {
    TinyRun run = TinyRun.linearClasses(4).set("answer.weight", i -> i % 2 == 0 ? 1 : -1);
    run.with(o -> o.learningRate(10).warmup(0).epochs(1).stepsPerEpoch(1));
    assertTold(run, Symptom.RATE_TOO_HIGH, "In one step of epoch 1", "of themselves", "too high");
  }

  @Test
  void saysWhenTheRateIsTooLow() {
    TinyRun run = TinyRun.linearClasses(4).with(o -> o.learningRate(1e-7).epochs(3));
    assertTold(run, Symptom.RATE_TOO_LOW, "hardly falls", "is too low");
    assertFalse(run.symptoms().contains(Symptom.RATE_TOO_HIGH), run.report());
    assertTold(
        descent(TinyRun.linearClasses(4), 1e-6).with(o -> o.epochs(3)),
        Symptom.RATE_TOO_LOW,
        "is too low");
  }

  // Labels

  @Test
  void saysWhichLabelsLookSwapped() {
    TinyRun run = TinyRun.knowing();
    for (int i = 0; i < 64; i++) {
      float t = run.validation.truth()[i];
      run.validation.truth()[i] = t == 1 ? 2 : t == 2 ? 1 : t;
    }
    assertTold(
        run,
        Symptom.SWAPPED_LABELS,
        "100 % of \"north-east\" is called \"south-west\"",
        "100 % of \"south-west\" is called \"north-east\"");
    assertFalse(run.text(Symptom.SWAPPED_LABELS).contains("north-west"), run.report());
  }

  @Test
  void saysWhenLabelsAreShifted() {
    TinyRun run = TinyRun.knowing();
    for (int i = 0; i < 64; i++) run.validation.truth()[i] = (run.validation.truth()[i] + 1) % 4;
    assertTold(run, Symptom.SWAPPED_LABELS, "of \"north-east\" is called \"north-west\"");
  }

  @Test
  void namesImagesWhoseLabelLooksWrong() {
    TinyRun run = TinyRun.knowing();
    for (int i : new int[] {3, 17, 30, 44}) {
      run.validation.truth()[i] = (run.validation.truth()[i] + 2) % 4;
    }
    assertTold(
        run,
        Symptom.SWAPPED_LABELS,
        "right about 94 % of the validation images, but sure of another class in 4 of 64",
        "v3 (labelled \"north-east\", seen as \"south-east\"), v17 (");
  }

  // Telling

  @Test
  void tellsOnceAndRemembersOnResuming() throws Exception {
    TinyRun run = TinyRun.knowingWithDeadUnits();
    run.checkpoints = Checkpoints.startIn(folder);
    run.with(o -> o.epochs(4)).run();
    assertEquals(1, run.findings.size(), run.report());
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
