package sc.fiji.spyhop.generate.adversarial;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.training.diagnosis.Diagnostic;
import sc.fiji.spyhop.training.diagnosis.Symptom;

class AdversarialDiagnosisTest {

  private static final Round HEALTHY = new Round(1.0, 1.5, 0.8, 0.25, 0.95, 0.01, 0.15);

  private static List<Symptom> seen(Round... rounds) {
    return AdversarialDiagnosis.of(List.of(rounds)).stream().map(Diagnostic::symptom).toList();
  }

  private static Round[] epochs(Round last, int count) {
    return Stream.concat(
            Collections.nCopies(4, HEALTHY).stream(), Collections.nCopies(count, last).stream())
        .toArray(Round[]::new);
  }

  @Test
  void nothingIsSaidOfAHealthyTraining() {
    assertEquals(List.of(), seen(epochs(HEALTHY, 6)));
  }

  @Test
  void aDiscriminatorThatIsNeverWrongIsTooStrong() {
    Round strong = new Round(0.33, 7.4, 0.99, 0.004, 0.9, 0.01, 0.1);
    assertEquals(List.of(), seen(epochs(strong, 1)));
    assertEquals(List.of(Symptom.DISCRIMINATOR_TOO_STRONG), seen(epochs(strong, 2)));
    Diagnostic found = AdversarialDiagnosis.of(List.of(strong, strong)).get(0);
    assertTrue(found.observation().contains("99 % of the real images"), found.observation());
    assertTrue(found.observation().contains("loss 7.4"), found.observation());
    Round fooled = new Round(0.33, 7.4, 0.99, 0.05, 0.9, 0.01, 0.1);
    assertEquals(List.of(), seen(epochs(fooled, 2)));
  }

  @Test
  void imagesThatAreAlikeAreAModeCollapse() {
    Round near = new Round(1, 1.5, 0.8, 0.25, 0.4, 0.1, 0.1);
    Round same = new Round(1, 1.5, 0.8, 0.25, 0.8, 0.3, 0.1);
    assertEquals(List.of(Symptom.MODE_COLLAPSE), seen(epochs(near, 2)));
    assertEquals(List.of(Symptom.MODE_COLLAPSE), seen(epochs(same, 2)));
    assertEquals(List.of(), seen(near, near), "images of the first epochs are noise");
  }

  @Test
  void imagesThatAllChangeTogetherAreAnOscillation() {
    Round moving = new Round(1, 1.5, 0.8, 0.25, 0.9, 0.01, 0.5);
    assertEquals(List.of(), seen(epochs(moving, 2)));
    assertEquals(List.of(Symptom.OSCILLATION), seen(epochs(moving, 3)));
  }

  /**
   * Three images of two pixels: (0, 0), (3, 4) and (0, 8), so distances of 5, 8 and 5 by root 2.
   */
  @Test
  void distancesAreThoseByHand() {
    PairDistances d =
        PairDistances.of(
            new Tensor(Axes.NCHW, new int[] {3, 1, 1, 2}, new float[] {0, 0, 3, 4, 0, 8}));
    assertEquals(18 / Math.sqrt(2) / 3, d.average(), 1e-6);
    assertEquals(5 / Math.sqrt(2), d.quantile(0.5), 1e-6);
    assertEquals(2.0 / 3, d.nearer(4), 1e-9);
    PairDistances moved =
        PairDistances.of(
            new Tensor(Axes.NCHW, new int[] {3, 1, 1, 2}, new float[] {1, 0, 4, 4, 1, 8}));
    assertEquals(1 / Math.sqrt(2), moved.drift(d), 1e-6);
  }
}
