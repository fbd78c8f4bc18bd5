package sc.fiji.spyhop.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.expression.LossFormula;
import sc.fiji.spyhop.expression.LossFormula.Output;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;

class LossesTest {

  private static Tensor map(int n, int c, int h, int w, double... values) {
    Tensor t = Tensor.zeros(Axes.NCHW, n, c, h, w);
    for (int i = 0; i < values.length; i++) t.data()[i] = (float) values[i];
    return t;
  }

  private static double value(Loss loss, Tensor y, Target t) {
    return Losses.evaluate(loss, y, t, new float[y.length()]);
  }

  @Test
  void crossEntropyByHand() {
    // two positions, three classes: softmax of (1, 2, 3) and of (0, 0, 0)
    Tensor y = map(1, 3, 1, 2, 1, 0, 2, 0, 3, 0);
    double first = Math.log(Math.exp(-2) + Math.exp(-1) + 1); // truth is class 2
    double second = Math.log(3);
    Tensor truth = map(1, 1, 1, 2, 2, 0);
    assertEquals((first + second) / 2, value(new Loss.CrossEntropy(), y, Target.of(truth)), 1e-6);
    Loss weighted = new Loss.CrossEntropy(List.of(0.5, 1.0, 3.0), 0);
    assertEquals((3 * first + 0.5 * second) / 3.5, value(weighted, y, Target.of(truth)), 1e-6);
    Tensor ignored = map(1, 1, 1, 2, 2, -1);
    assertEquals(first, value(new Loss.CrossEntropy(), y, Target.of(ignored)), 1e-6);
    Target halves = Target.of(truth, map(1, 1, 1, 2, 1, 0.25));
    assertEquals((first + second / 4) / 1.25, value(new Loss.CrossEntropy(), y, halves), 1e-6);
    // smoothing by 0.3 moves 0.1 to each class; -log p = first + (2, 1, 0)
    double smoothed = 0.1 * (first + 2) + 0.1 * (first + 1) + 0.8 * first;
    assertEquals(
        smoothed, value(new Loss.CrossEntropy(List.of(), 0.3), y, Target.of(ignored)), 1e-6);
  }

  @Test
  void binaryCrossEntropyByHand() {
    Tensor y = map(1, 2, 1, 2, 0, 2, -3, 1);
    Tensor t = map(1, 2, 1, 2, 1, 0, 0, 0.25);
    double a = Math.log(2);
    double b = Math.log(1 + Math.exp(2));
    double c = Math.log(1 + Math.exp(-3));
    double p = 1 / (1 + Math.exp(-1));
    double d = -0.25 * Math.log(p) - 0.75 * Math.log(1 - p);
    assertEquals((a + b + c + d) / 4, value(new Loss.BinaryCrossEntropy(), y, Target.of(t)), 1e-6);
    Target weighted = Target.of(t, map(1, 1, 1, 2, 3, 1));
    assertEquals(
        (3 * (a + c) + b + d) / 8, value(new Loss.BinaryCrossEntropy(), y, weighted), 1e-6);
  }

  @Test
  void binaryCrossEntropyPassesOverNegativeTargets() {
    Tensor y = map(1, 2, 1, 2, 0, 2, -3, 1);
    double a = Math.log(2);
    double c = Math.log(1 + Math.exp(-3));
    Target some = Target.of(map(1, 2, 1, 2, 1, -1, 0, -1), map(1, 1, 1, 2, 3, 1));
    assertEquals((3 * a + 3 * c) / 6, value(new Loss.BinaryCrossEntropy(), y, some), 1e-6);
    Target none = Target.of(map(1, 2, 1, 2, -1, -1, -1, -1));
    assertEquals(0, value(new Loss.BinaryCrossEntropy(), y, none));
  }

  /** Numbers of PyTorch, {@code binary_cross_entropy_with_logits} with {@code pos_weight}. */
  @Test
  void positivesHaveAWeightOfTheirOwn() {
    Tensor y = map(1, 2, 1, 2, 0, 2, -3, 1);
    Tensor t = map(1, 2, 1, 2, 1, 0, 0, 0.25);
    Loss loss = new Loss.BinaryCrossEntropy(List.of(3.0, 0.5));
    float[] gradient = new float[4];
    assertEquals(1.3197652, Losses.evaluate(loss, y, Target.of(t), gradient), 1e-6);
    double[] expected = {-0.3750000, 0.2201993, 0.0118565, 0.1286691};
    for (int i = 0; i < 4; i++) assertEquals(expected[i], gradient[i], 1e-6);
    // of two positions the second is ignored: (3 log 2 + log(1 + e^-3)) / 2
    Tensor some = map(1, 2, 1, 2, 1, -1, 0, -1);
    double value = (3 * Math.log(2) + Math.log(1 + Math.exp(-3))) / 2;
    assertEquals(value, value(loss, y, Target.of(some)), 1e-6);
    Loss three = new Loss.BinaryCrossEntropy(List.of(1.0, 1.0, 1.0));
    assertThrows(SpyhopException.class, () -> value(three, y, Target.of(t)));
  }

  @Test
  void sigmoidDiceIsTheMeanOverChannels() {
    double p = 1 / (1 + Math.exp(-2));
    // channel 0: truth 1, 0 of p, 1 - p; channel 1: truth 1 and ignored, of p and whatever
    Tensor y = map(1, 2, 1, 2, 2, -2, 2, 5);
    Tensor t = map(1, 2, 1, 2, 1, 0, 1, -1);
    double first = 1 - (2 * p + 1) / (p + (1 - p) + 1 + 1);
    double second = 1 - (2 * p + 1) / (p + 1 + 1);
    float[] gradient = new float[4];
    double value = Losses.evaluate(new Loss.SigmoidDice(), y, Target.of(t), gradient);
    assertEquals((first + second) / 2, value, 1e-6);
    for (int i = 0; i < 4; i++) {
      float at = y.data()[i];
      y.data()[i] = at + 0.01f;
      double above = value(new Loss.SigmoidDice(), y, Target.of(t));
      y.data()[i] = at - 0.01f;
      double below = value(new Loss.SigmoidDice(), y, Target.of(t));
      y.data()[i] = at;
      assertEquals((above - below) / 0.02, gradient[i], 1e-4);
    }
    // one channel: as the Dice of it alone
    Tensor one = map(1, 1, 1, 2, 2, -2);
    Target truth = Target.of(map(1, 1, 1, 2, 1, 0));
    assertEquals(value(new Loss.Dice(), one, truth), value(new Loss.SigmoidDice(), one, truth), 0);
  }

  @Test
  void focalByHand() {
    // probabilities 0.5, 0.2, 0.9 and 0.1; targets 1, 0, 0.5 and ignored
    Tensor y = map(1, 1, 1, 4, 0, Math.log(0.25), Math.log(9), -Math.log(9));
    Tensor t = map(1, 1, 1, 4, 1, 0, 0.5, -1);
    double centre = -0.25 * Math.log(0.5);
    double far = -0.04 * Math.log(0.8);
    double near = -0.0625 * 0.81 * Math.log(0.1);
    assertEquals(centre + far + near, value(new Loss.Focal(), y, Target.of(t)), 1e-6);
    Target weighted = Target.of(t, map(1, 1, 1, 4, 2, 1, 1, 1));
    assertEquals((2 * centre + far + near) / 2, value(new Loss.Focal(), y, weighted), 1e-6);
    Tensor empty = map(1, 1, 1, 4, 0, 0, 0, -1);
    assertEquals(centre + far + 16 * near, value(new Loss.Focal(), y, Target.of(empty)), 1e-6);
  }

  @Test
  void diceByHand() {
    double p = 1 / (1 + Math.exp(-2));
    Tensor y = map(2, 1, 1, 2, 2, -2, 2, 0);
    Tensor t = map(2, 1, 1, 2, 1, 0, 0, 1);
    double both = p + 0.5;
    double either = p + (1 - p) + p + 0.5 + 2;
    assertEquals(1 - (2 * both + 1) / (either + 1), value(new Loss.Dice(), y, Target.of(t)), 1e-6);
    // two classes with opposite logits: the second channel's probability is sigmoid of 2y
    Tensor two = map(1, 2, 1, 2, -1, 1, 1, -1);
    Tensor classes = map(1, 1, 1, 2, 1, 1);
    double second = 1 - (2 * (p + 1 - p) + 1) / (1 + 2 + 1);
    double first = 1 - (0 + 1.0) / (1 + 0 + 1);
    assertEquals((first + second) / 2, value(new Loss.Dice(), two, Target.of(classes)), 1e-6);
  }

  @Test
  void squaredErrorAndHuberByHand() {
    Tensor y = map(1, 1, 1, 3, 1, 2, -4);
    Tensor t = map(1, 1, 1, 3, 0.5, 5, -4);
    assertEquals((0.25 + 9 + 0) / 3, value(new Loss.SquaredError(), y, Target.of(t)), 1e-6);
    assertEquals((0.125 + 2 * (3 - 1) + 0) / 3, value(new Loss.Huber(2), y, Target.of(t)), 1e-6);
    assertEquals((0.5 + 3 + 0) / 3, value(new Loss.AbsoluteError(), y, Target.of(t)), 1e-6);
    Target weighted = Target.of(t, map(1, 1, 1, 3, 3, 1, 0));
    assertEquals((1.5 + 3) / 4, value(new Loss.AbsoluteError(), y, weighted), 1e-6);
  }

  /** Channel c of a picture, whose values a script made alike. */
  private static double pattern(int c, int i, int step, int modulo) {
    return (i + c * 238) * step % modulo / (modulo - 1.0);
  }

  /**
   * 1 - structural_similarity(t, y, data_range=1, gaussian_weights=True, sigma=1.5,
   * use_sample_covariance=False) of scikit-image 0.26 is 0.0445625 and 0.0593264 for the channels.
   */
  @Test
  void structuralSimilarityIsThatOfScikitImage() {
    Tensor y = map(1, 2, 14, 17);
    Tensor t = map(1, 2, 14, 17);
    for (int i = 0; i < y.length(); i++) {
      int c = i / 238;
      double truth = pattern(c, i % 238, 37, 101);
      t.data()[i] = (float) truth;
      y.data()[i] = (float) (0.8 * truth + 0.2 * pattern(c, i % 238, 53, 89));
    }
    double expected = (0.0445625 + 0.0593264) / 2;
    assertEquals(expected, value(new Loss.StructuralSimilarity(), y, Target.of(t)), 1e-6);
    assertEquals(0, value(new Loss.StructuralSimilarity(), t, Target.of(t)), 1e-9);
    // the second of two samples counts nothing
    Tensor both = Tensor.concatenate(y, t);
    Tensor weights = map(2, 1, 14, 17);
    for (int i = 0; i < 238; i++) weights.data()[i] = 1;
    Target first = Target.of(Tensor.concatenate(t, y), weights);
    assertEquals(expected, value(new Loss.StructuralSimilarity(), both, first), 1e-6);
    Tensor vector = new Tensor(Axes.NC, new int[] {1, 2}, new float[2]);
    assertRefused(new Loss.StructuralSimilarity(), vector, Target.of(vector), "maps");
  }

  @Test
  void gradientOfStructuralSimilarityAgreesWithFiniteDifferences() {
    Random random = new Random(3);
    for (int[] size : new int[][] {{13, 12}, {5, 8}}) {
      Tensor y = map(2, 2, size[0], size[1]);
      Tensor t = map(2, 2, size[0], size[1]);
      Tensor w = map(2, 1, size[0], size[1]);
      for (int i = 0; i < y.length(); i++) {
        t.data()[i] = random.nextFloat();
        y.data()[i] = t.data()[i] + 0.2f * (float) random.nextGaussian();
      }
      for (int i = 0; i < w.length(); i++) w.data()[i] = random.nextInt(3);
      for (Target target : List.of(Target.of(t), Target.of(t, w))) {
        float[] gradient = new float[y.length()];
        Losses.evaluate(new Loss.StructuralSimilarity(), y, target, gradient);
        for (int i = 0; i < y.length(); i++) {
          float before = y.data()[i];
          y.data()[i] = before + 1e-3f;
          double above = value(new Loss.StructuralSimilarity(), y, target);
          double step = y.data()[i];
          y.data()[i] = before - 1e-3f;
          step -= y.data()[i];
          double below = value(new Loss.StructuralSimilarity(), y, target);
          y.data()[i] = before;
          assertEquals((above - below) / step, gradient[i], 1e-5, "at " + i);
        }
      }
    }
  }

  @Test
  void extremeLogitsStayFinite() {
    Tensor y = map(1, 2, 1, 2, 1e4, -1e4, -1e4, 1e4);
    Tensor classes = map(1, 1, 1, 2, 1, 1);
    assertEquals(1e4, value(new Loss.CrossEntropy(), y, Target.of(classes)), 1);
    Tensor t = map(1, 2, 1, 2, 1, 1, 0, 1);
    assertEquals(1e4 / 4, value(new Loss.BinaryCrossEntropy(), y, Target.of(t)), 1);
    assertTrue(Double.isFinite(value(new Loss.Dice(), y, Target.of(classes))));
  }

  @Test
  void nothingToLearnIsNoLoss() {
    Tensor y = map(1, 2, 1, 2, 1, 2, 3, 4);
    float[] gradient = {9, 9, 9, 9};
    Target target = Target.of(map(1, 1, 1, 2, -1, -1));
    assertEquals(0, Losses.evaluate(new Loss.CrossEntropy(), y, target, gradient));
    for (float g : gradient) assertEquals(0, g);
  }

  @Test
  void gradientsAgreeWithFiniteDifferences() {
    Random random = new Random(5);
    for (int channels : new int[] {1, 3}) {
      Tensor y = map(2, channels, 3, 4);
      Tensor values = map(2, channels, 3, 4);
      Tensor classes = map(2, 1, 3, 4);
      Tensor weights = map(2, 1, 3, 4);
      for (int i = 0; i < y.length(); i++) y.data()[i] = 3 * (float) random.nextGaussian();
      for (int i = 0; i < y.length(); i++) values.data()[i] = random.nextFloat();
      values.data()[1] = 1;
      values.data()[5] = 1;
      values.data()[6] = -1;
      for (int i = 0; i < classes.length(); i++) {
        classes.data()[i] = random.nextInt(channels + 1) - 1;
        weights.data()[i] = random.nextInt(4) == 0 ? 0 : random.nextFloat();
      }
      List<Double> classWeights = channels == 1 ? List.of() : List.of(0.5, 2.0, 1.5);
      for (Loss loss :
          List.of(
              new Loss.CrossEntropy(classWeights, 0.2),
              new Loss.BinaryCrossEntropy(),
              new Loss.Focal(),
              new Loss.Focal(1.5, 0),
              new Loss.Dice(),
              new Loss.SquaredError(),
              new Loss.AbsoluteError(),
              new Loss.Huber(0.7))) {
        boolean byClass =
            loss instanceof Loss.CrossEntropy || loss instanceof Loss.Dice && channels > 1;
        Target target = Target.of(byClass ? classes : values, weights);
        float[] gradient = new float[y.length()];
        Losses.evaluate(loss, y, target, gradient);
        for (int i = 0; i < y.length(); i++) {
          float before = y.data()[i];
          boolean bends = Math.abs(before - values.data()[i]) < 2e-2;
          if (loss instanceof Loss.AbsoluteError && bends) continue;
          y.data()[i] = before + 1e-2f;
          double above = value(loss, y, target);
          double step = y.data()[i];
          y.data()[i] = before - 1e-2f;
          step -= y.data()[i];
          double below = value(loss, y, target);
          y.data()[i] = before;
          assertEquals((above - below) / step, gradient[i], 5e-5, loss + " at " + i);
        }
      }
    }
  }

  @Test
  void targetsThatDoNotFitAreRefused() {
    Tensor y = map(1, 2, 1, 2);
    Loss loss = new Loss.CrossEntropy();
    assertRefused(loss, y, Target.of(map(1, 2, 1, 2)), "[1, 1, 1, 2]");
    assertRefused(loss, y, Target.of(map(1, 1, 1, 2, 0, 2)), "from 0 to 1");
    assertRefused(loss, y, Target.of(map(1, 1, 1, 2), map(1, 2, 1, 2)), "target weights");
    assertRefused(
        new Loss.CrossEntropy(List.of(1.0), 0), y, Target.of(map(1, 1, 1, 2)), "class weights");
    assertRefused(new Loss.SquaredError(), y, Target.of(map(1, 1, 1, 2)), "[1, 2, 1, 2]");
  }

  private static void assertRefused(Loss loss, Tensor y, Target target, String part) {
    SpyhopException e = assertThrows(SpyhopException.class, () -> value(loss, y, target));
    assertTrue(e.getMessage().contains(part), e.getMessage());
  }

  private static void assertSame(Loss known, String formula, Output output, Tensor y, Target t) {
    float[] expected = new float[y.length()];
    float[] found = new float[y.length()];
    double value = Losses.evaluate(known, y, t, expected);
    Loss written = new Loss.Formula(LossFormula.parse(formula, output));
    assertEquals(value, Losses.evaluate(written, y, t, found), 1e-6 * Math.max(1, value), formula);
    for (int i = 0; i < found.length; i++) {
      assertEquals(expected[i], found[i], 1e-6, formula + " at " + i);
    }
  }

  @Test
  void formulasOfKnownLossesAreTheseLosses() {
    Random random = new Random(4);
    Tensor y = Tensor.zeros(Axes.NCHW, 3, 4, 5, 7);
    Tensor t = Tensor.zeros(Axes.NCHW, 3, 4, 5, 7);
    Tensor k = Tensor.zeros(Axes.NCHW, 3, 1, 5, 7);
    Tensor w = Tensor.zeros(Axes.NCHW, 3, 1, 5, 7);
    for (int i = 0; i < y.length(); i++) y.data()[i] = (float) (3 * random.nextGaussian());
    for (int i = 0; i < t.length(); i++) t.data()[i] = random.nextFloat();
    for (int i = 0; i < k.length(); i++) k.data()[i] = random.nextInt(5) - 1;
    for (int i = 0; i < w.length(); i++) w.data()[i] = random.nextInt(3);
    for (Target target : List.of(Target.of(t), Target.of(t, w))) {
      assertSame(new Loss.SquaredError(), "mean((p-t)^2)", Output.IDENTITY, y, target);
      assertSame(
          new Loss.BinaryCrossEntropy(),
          "-mean(t*log(p) + (1-t)*log(1-p))",
          Output.SIGMOID,
          y,
          target);
    }
    for (Target target : List.of(Target.of(k), Target.of(k, w))) {
      assertSame(
          new Loss.CrossEntropy(), "-mean(sum(t*log(p), channels))", Output.SOFTMAX, y, target);
    }
    Tensor some = new Tensor(t.axes(), t.shape(), t.data().clone());
    for (int i = 0; i < some.length(); i += 3) some.data()[i] = -1;
    assertSame(
        new Loss.BinaryCrossEntropy(),
        "-mean(t*log(p) + (1-t)*log(1-p))",
        Output.SIGMOID,
        y,
        Target.of(some, w));
    assertSame(
        new Loss.Dice(1),
        "1 - mean((2*sum(p*t, batch) + 1)/(sum(p+t, batch) + 1))",
        Output.SOFTMAX,
        y,
        Target.of(k));
    Target unknown = Target.of(map(1, 1, 1, 2, -1, -1));
    assertSame(
        new Loss.CrossEntropy(),
        "-mean(sum(t*log(p), channels))",
        Output.SOFTMAX,
        map(1, 2, 1, 2, 1, 2, 3, 4),
        unknown);
  }
}
