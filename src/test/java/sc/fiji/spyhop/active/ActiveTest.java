package sc.fiji.spyhop.active;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.prediction.Annotation;
import sc.fiji.spyhop.prediction.Box;
import sc.fiji.spyhop.prediction.ImageSize;
import sc.fiji.spyhop.prediction.Keypoint;
import sc.fiji.spyhop.prediction.Keypoint.Visibility;
import sc.fiji.spyhop.prediction.LocalizedObject;
import sc.fiji.spyhop.prediction.Pose;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;

class ActiveTest {

  private static final ImageSize SIZE = new ImageSize(10, 10);

  /** By hand: H(1/2, 1/4, 1/4) is 1.5 bits, of at most log2 3. */
  @Test
  void uncertaintyOfKnownDistributions() {
    float[] p = {0.25f, 0.5f, 0.25f};
    assertEquals(1.5 / (Math.log(3) / Math.log(2)), Uncertainty.ENTROPY.of(p), 1e-6);
    assertEquals(0.75, Uncertainty.MARGIN.of(p), 1e-6);
    assertEquals(0.75, Uncertainty.CONFIDENCE.of(p), 1e-6);
    for (Uncertainty u : Uncertainty.values()) {
      assertEquals(0, u.of(0, 1, 0), 1e-6, u.name());
      assertEquals(1, u.of(0.25f, 0.25f, 0.25f, 0.25f), 1e-6, u.name());
    }
  }

  /** Settles 2009: measures differ in what the classes beyond the first two say. */
  @Test
  void marginsSeeTwoClassesOnlyAndEntropyAll() {
    float[] twoLikely = {0.5f, 0.5f, 0};
    float[] spread = {0.5f, 0.3f, 0.2f};
    assertEquals(1, Uncertainty.MARGIN.of(twoLikely), 1e-6);
    assertEquals(0.8, Uncertainty.MARGIN.of(spread), 1e-6);
    assertEquals(0.6309, Uncertainty.ENTROPY.of(twoLikely), 1e-4);
    assertEquals(0.9372, Uncertainty.ENTROPY.of(spread), 1e-4);
    assertEquals(Uncertainty.CONFIDENCE.of(twoLikely), Uncertainty.CONFIDENCE.of(spread), 1e-6);
  }

  @Test
  void measuresGoByTheirNames() {
    assertEquals(Uncertainty.MARGIN, Uncertainty.parse(" Margin "));
    assertThrows(SpyhopException.class, () -> Uncertainty.parse("doubt"));
  }

  private static Candidate at(double score, float... place) {
    return new Candidate(score, place);
  }

  @Test
  void scoresAloneRankTwinsFirst() {
    List<Candidate> all = List.of(at(0.5, 5), at(0.9, 0), at(0.9, 0), at(0.1, 9));
    assertEquals(List.of(1, 2, 0, 3), Ranking.of(all, 9, false));
    assertEquals(List.of(1, 2), Ranking.of(all, 2, false));
  }

  /** After 1 at 0: 0 gives 0.5 x 5, 3 gives 0.1 x 9, the twin nothing. */
  @Test
  void diversityPutsTwinsLast() {
    List<Candidate> all = List.of(at(0.5, 5), at(0.9, 0), at(0.9, 0), at(0.1, 9));
    assertEquals(List.of(1, 0, 3, 2), Ranking.of(all, 4, true));
  }

  @Test
  void pixelsAreAveragedAndCounted() {
    Suggester.Pixels sure = new Suggester.Pixels(2, Uncertainty.MARGIN);
    int[] shape = {1, 1, 1, 2};
    sure.add(new Tensor(Axes.NCHW, shape, new float[] {1, 0.5f}), false);
    sure.add(new Tensor(Axes.NCHW, shape, new float[] {0, 0}), false);
    Candidate c = sure.candidate();
    assertEquals(0.25, c.score(), 1e-6);
    float[] expected = new float[16];
    expected[0] = 0.5f;
    expected[4] = 0.25f;
    expected[7] = 0.25f;
    expected[8] = 0.25f;
    expected[12] = 0.25f;
    expected[15] = 0.5f;
    assertArrayEquals(expected, c.description(), 1e-6f);
  }

  @Test
  void boxesAreUnsureInTheMiddle() {
    List<LocalizedObject> objects =
        List.of(
            new LocalizedObject(new Box(0, 0, 2, 2), "a", 0.5),
            new LocalizedObject(new Box(5, 5, 2, 2), "b", 1));
    Candidate c =
        Suggester.boxes(
            new Annotation(SIZE, objects, List.of()), List.of("a", "b"), Uncertainty.MARGIN);
    assertEquals(0.5, c.score(), 1e-6);
    assertEquals(1 / 3.0, c.description()[4], 1e-6);
    assertEquals(1 / 3.0, c.description()[15], 1e-6);
    assertEquals(
        0, Suggester.boxes(Annotation.empty(SIZE), List.of("a", "b"), Uncertainty.MARGIN).score());
  }

  @Test
  void pointsAreUnsureInTheMiddle() {
    Pose pose =
        new Pose(
            "",
            Optional.empty(),
            List.of(new Keypoint("nose", 1, 1, 0.75, Visibility.VISIBLE), Keypoint.absent("tail")));
    Candidate c =
        Suggester.points(
            new Annotation(SIZE, List.of(), List.of(pose)),
            List.of("nose", "tail"),
            Uncertainty.MARGIN);
    assertEquals(0.25, c.score(), 1e-6);
    assertArrayEquals(new float[] {0.75f, 0}, c.description(), 1e-6f);
  }
}
