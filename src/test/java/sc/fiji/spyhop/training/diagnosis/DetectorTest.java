package sc.fiji.spyhop.training.diagnosis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.training.diagnosis.ClassAnswers.Doubt;

/** Each detector on evidence that is written down: what it needs to speak, and just less. */
class DetectorTest {

  /** An epoch of a healthy training, to be changed. */
  private static final class Look {
    private final int number;
    private List<Double> losses;
    private double ratio = 2e-3;
    private List<Activity> activities = List.of(new Activity("relu", 8, 3));
    private Answers training = answers(9, 1, 1, 9);
    private Answers validation = answers(8, 2, 2, 8);
    private double validationLoss;

    private Look(int number) {
      this.number = number;
      loss(Math.pow(0.5, number));
    }

    private void loss(double... steps) {
      losses = DoubleStream.of(steps).boxed().toList();
      validationLoss = 1.1 * DoubleStream.of(steps).average().orElseThrow();
    }

    private Evidence evidence() {
      return new Evidence(
          number,
          losses,
          0.01,
          ratio,
          activities,
          List.of(training),
          List.of(validation),
          OptionalDouble.of(validationLoss));
    }
  }

  /** The square root of n entries as rows: truth, then answer. */
  private static ClassAnswers answers(long... counts) {
    return answers(0.4, List.of(), counts);
  }

  private static ClassAnswers answers(double spread, List<Doubt> doubts, long... counts) {
    int n = (int) Math.round(Math.sqrt(counts.length));
    long[][] confusion = new long[n][n];
    for (int i = 0; i < counts.length; i++) confusion[i / n][i % n] = counts[i];
    return new ClassAnswers(
        "answer",
        List.of("orca", "beluga", "minke").subList(0, n),
        confusion,
        spread,
        Double.NaN,
        doubts);
  }

  /** What is said after the last of so many epochs. */
  private static Map<Symptom, String> said(int epochs, Consumer<Look> change) {
    List<Evidence> all = new ArrayList<>();
    for (int e = 1; e <= epochs; e++) {
      Look look = new Look(e);
      change.accept(look);
      all.add(look.evidence());
    }
    Map<Symptom, String> said = new TreeMap<>();
    for (Detector d : Detector.ALL) {
      Optional<Diagnostic> found = d.look(all);
      found.ifPresent(f -> assertEquals(d.symptom(), f.symptom()));
      found.ifPresent(f -> said.put(f.symptom(), f.text()));
    }
    return said;
  }

  private static void assertSilent(int epochs, Consumer<Look> change) {
    assertEquals(Map.of(), said(epochs, change));
  }

  private static void assertSaid(
      Symptom symptom, int epochs, Consumer<Look> change, String... parts) {
    Map<Symptom, String> said = said(epochs, change);
    assertEquals(List.of(symptom), List.copyOf(said.keySet()), said.toString());
    for (String part : parts) assertTrue(said.get(symptom).contains(part), said.get(symptom));
  }

  @Test
  void nothingIsSaidOfAHealthyTraining() {
    for (int epochs = 1; epochs < 12; epochs++) assertSilent(epochs, look -> {});
  }

  /** Right in 12 of 20 as the most frequent class is: skill 0; one more of the others: 1 / 8. */
  @Test
  void threeEpochsOfGuessing() {
    Consumer<Look> guesses = look -> look.validation = answers(12, 0, 8, 0);
    assertSaid(
        Symptom.NO_BETTER_THAN_GUESSING,
        3,
        guesses,
        "After epoch 3",
        "60 % of its answers are right",
        "always saying \"orca\" would be right in 60 %",
        "learns them by heart");
    assertSilent(2, guesses);
    assertSilent(
        3,
        look -> look.validation = look.number == 2 ? answers(12, 0, 7, 1) : answers(12, 0, 8, 0));
    assertSaid(
        Symptom.NO_BETTER_THAN_GUESSING,
        3,
        guesses.andThen(look -> look.training = answers(11, 1, 7, 1)),
        "then try another learning rate");
  }

  /** A squared error of 0.95 times the variance is what guessing is taken for. */
  @Test
  void threeEpochsOfGuessingNumbers() {
    assertSaid(
        Symptom.NO_BETTER_THAN_GUESSING,
        3,
        look -> look.validation = new ValueAnswers("answer", 20, 3.81, 4, 0.3),
        "its root mean square error in answer is 1.95, and always saying the mean would give 2.00");
    assertSilent(3, look -> look.validation = new ValueAnswers("answer", 20, 3.79, 4, 0.3));
  }

  /** From the third epoch on, which is before guessing for three epochs has to be spoken of. */
  @Test
  void twoEpochsOfTheSameAnswer() {
    Consumer<Look> constant =
        look -> {
          if (look.number > 1) look.validation = answers(0.019, List.of(), 12, 0, 8, 0);
        };
    assertSaid(
        Symptom.CONSTANT_PREDICTIONS,
        3,
        constant,
        "about all validation images",
        "\"orca\" in 100 % of its answers",
        "vary by no more than 0.0190");
    assertSilent(2, constant);
    assertSilent(
        3,
        constant.andThen(
            look -> {
              if (look.number == 3) look.validation = answers(0.021, List.of(), 12, 0, 8, 0);
            }));
    assertSaid(
        Symptom.CONSTANT_PREDICTIONS,
        3,
        look -> {
          if (look.number > 1) look.validation = new ValueAnswers("answer", 20, 4, 4, 0.01);
        },
        "its values vary by 1.0 % of what the true values do");
  }

  @Test
  void threeQuartersOfALayerDead() {
    List<Activity> dead =
        List.of(
            new Activity("a", 8, 6),
            new Activity("b", 8, 5),
            new Activity("c", 4, 4),
            new Activity("d", 16, 13),
            new Activity("e", 10, 9));
    assertSaid(
        Symptom.DEAD_UNITS,
        2,
        look -> look.activities = dead,
        "in c (4 of 4), e (9 of 10), d (13 of 16) and 1 more layers.");
    assertSilent(1, look -> look.activities = dead);
    assertSilent(2, look -> look.activities = List.of(new Activity("b", 8, 5)));
  }

  /** Lowest 0.2 in epoch 2; from the fourth epoch on 1.3 times as much, and 0.02 for noise. */
  @Test
  void validationLossThatRisesWhileTrainingLossFalls() {
    double[] rising = {0.5, 0.2, 0.27, 0.28, 0.29, 0.3};
    Consumer<Look> heart = look -> look.validationLoss = rising[look.number - 1];
    assertSaid(
        Symptom.OVERFITTING,
        6,
        heart,
        "since epoch 2 the loss on validation images has risen from 0.200 to 0.290",
        "while that of training fell from 0.250 to 0.0156");
    assertSilent(5, look -> look.validationLoss = Math.min(0.26, rising[look.number - 1]));
    assertSilent(
        6,
        heart.andThen(
            look -> {
              if (look.number == 6) look.validationLoss = 0.25; // it falls again
            }));
    assertSilent(
        6,
        heart.andThen(
            look -> {
              if (look.number > 2) look.losses = List.of(0.25); // that of training does not fall
            }));
  }

  @Test
  void lossThatRises() {
    double[] losses = {1, 0.5, 0.76};
    assertSaid(
        Symptom.RATE_TOO_HIGH,
        3,
        look -> look.loss(losses[look.number - 1]),
        "it was 1.00 at first, 0.500 at best and 0.760 in epoch 3",
        "too high (now 0.0100)");
    // where weights hardly change the rate is not the cause
    assertSilent(
        3,
        look -> {
          look.loss(losses[look.number - 1]);
          look.ratio = 0.9e-3;
        });
    losses[2] = 0.74;
    assertSilent(3, look -> look.loss(losses[look.number - 1]));
    assertSaid(Symptom.RATE_TOO_HIGH, 1, look -> look.loss(1, 3.1, 5), "and 3.03 in epoch 1");
    assertSilent(1, look -> look.loss(1, 2.9, 5));
  }

  /**
   * A network that is tuned further begins with next to no loss, one minibatch by chance with less.
   */
  @Test
  void lossThatRisesFromNextToNothing() {
    double[] steps = new double[20];
    Arrays.fill(steps, 0.06);
    steps[0] = 0.0141;
    assertSilent(1, look -> look.loss(steps));
    Consumer<Look> rising = look -> look.loss(0.0141, 0.06, 0.06);
    assertSaid(Symptom.RATE_TOO_HIGH, 1, rising, "The loss rises: it was 0.0141 at first");
    assertSilent(1, rising.andThen(look -> look.training = answers(20, 1, 0, 20)));
  }

  @Test
  void weightsThatChangeByHalfOfThemselves() {
    assertSaid(
        Symptom.RATE_TOO_HIGH,
        1,
        look -> look.ratio = 0.51,
        "In one step of epoch 1 weights change by 51 % of themselves");
    assertSilent(1, look -> look.ratio = 0.49);
  }

  /** A first epoch of loss 1, and a second one of these steps. */
  private static Consumer<Look> jumping(double ratio, double... second) {
    return look -> {
      if (look.number == 1) look.loss(1);
      else look.loss(second);
      look.ratio = ratio;
    };
  }

  @Test
  void lossThatJumpsWithoutFalling() {
    assertSaid(
        Symptom.RATE_TOO_HIGH,
        2,
        jumping(0.04, 0.8, 1.2, 0.8, 1.2),
        "The loss jumps without falling: it was 1.00 at first and is 1.00 after epoch 2",
        "and changes by 40 % from step to step");
    assertSilent(2, jumping(0.04, 0.9, 1.1, 0.9, 1.1));
    assertSilent(2, jumping(0.02, 0.8, 1.2, 0.8, 1.2));
    assertSilent(2, jumping(0.04, 0.7, 1.1, 0.7, 1.1));
  }

  /** Of the first loss, 1, at least 0.97 is left. */
  @Test
  void threeEpochsOfTinySteps() {
    Consumer<Look> slow =
        look -> {
          look.loss(1 - 0.01 * (look.number - 1));
          look.ratio = 9e-5;
        };
    assertSaid(
        Symptom.RATE_TOO_LOW,
        3,
        slow,
        "it was 1.00 at first and is 0.980 after epoch 3",
        "only 9.00e-05 of themselves",
        "too low (now 0.0100)");
    assertSilent(2, slow);
    assertSilent(3, slow.andThen(look -> look.ratio = look.number == 2 ? 1.1e-4 : 9e-5));
    assertSilent(3, slow.andThen(look -> look.training = answers(10, 0, 0, 10)));
    assertSilent(
        3,
        slow.andThen(
            look -> {
              if (look.number == 3) look.loss(0.96);
            }));
    // where units are dead there is no gradient, and that is what is said
    assertSaid(
        Symptom.DEAD_UNITS,
        3,
        slow.andThen(look -> look.activities = List.of(new Activity("relu", 16, 15))));
  }

  /** Of the second class 6 of 10 are called by the name of the third, and the other way round. */
  @Test
  void classesThatGoByEachOthersNames() {
    Consumer<Look> swapped =
        look -> {
          look.training = answers(9, 1, 0, 0, 9, 1, 1, 0, 9);
          look.validation = answers(9, 1, 0, 2, 2, 6, 1, 8, 1);
        };
    assertSaid(
        Symptom.SWAPPED_LABELS,
        2,
        swapped,
        "of the validation images 60 % of \"beluga\" is called \"minke\"",
        "and 80 % of \"minke\" is called \"beluga\"");
    assertSilent(1, swapped);
    assertSilent(2, swapped.andThen(look -> look.validation = answers(9, 1, 0, 2, 3, 5, 1, 8, 1)));
    // of three examples nothing is said
    assertSilent(2, swapped.andThen(look -> look.validation = answers(9, 1, 0, 0, 0, 3, 0, 3, 0)));
    assertSaid(
        Symptom.SWAPPED_LABELS,
        2,
        look -> {
          look.training = answers(9, 1, 0, 2, 2, 6, 1, 8, 1);
          look.validation = answers(9, 1, 0, 0, 9, 1, 1, 0, 9);
        },
        "of the training images");
  }

  /** Four of 20 samples, twice in a row. */
  @Test
  void samplesThatAreSurelyOfAnotherClass() {
    List<Doubt> doubts = new ArrayList<>();
    for (String name : List.of("a", "b", "c", "d")) doubts.add(new Doubt(name, 0, 1));
    Consumer<Look> doubtful = look -> look.validation = answers(0.4, doubts, 8, 4, 0, 8);
    assertSaid(
        Symptom.SWAPPED_LABELS,
        2,
        doubtful,
        "right about 80 % of the validation images, but sure of another class in 4 of 20",
        "a (labelled \"orca\", seen as \"beluga\"), b (labelled");
    assertSilent(1, doubtful);
    assertSilent(
        2,
        look ->
            look.validation =
                answers(0.4, doubts.subList(look.number == 1 ? 0 : 1, 4), 8, 4, 0, 8));
  }
}
