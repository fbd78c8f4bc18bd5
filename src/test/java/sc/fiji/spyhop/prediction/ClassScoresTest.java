package sc.fiji.spyhop.prediction;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class ClassScoresTest {

  @Test
  void ofEqualsTheFirstIsBest() {
    ClassScores scores = new ClassScores(0.1f, 0.4f, 0.1f, 0.4f);
    assertEquals(1, scores.best());
    assertArrayEquals(new int[] {1, 3, 0, 2}, scores.ranked());
    assertEquals(0, scores.rank(1));
    assertEquals(1, scores.rank(3));
    assertEquals(2, scores.rank(0));
    assertEquals(3, scores.rank(2));
    assertEquals(0, new ClassScores(0.5f, 0.5f).best());
  }

  @Test
  void sharesAreFromNoneToAll() {
    assertEquals(0.25f, new ClassScores(0, 0.25f, 0.75f).probability(1));
    assertEquals(3, new ClassScores(0, 0.25f, 0.75f).classes());
    assertEquals(new ClassScores(0, 1), ClassScores.certain(1, 2));
    assertThrows(IllegalArgumentException.class, () -> new ClassScores());
    assertThrows(IllegalArgumentException.class, () -> new ClassScores(-0.01f));
    assertThrows(IllegalArgumentException.class, () -> new ClassScores(1.01f));
    assertThrows(IllegalArgumentException.class, () -> new ClassScores(Float.NaN));
  }

  @Test
  void scoresAreEqualByTheirNumbers() {
    assertEquals(new ClassScores(0.25f, 0.75f), new ClassScores(0.25f, 0.75f));
    assertEquals(
        new ClassScores(0.25f, 0.75f).hashCode(), new ClassScores(0.25f, 0.75f).hashCode());
    assertNotEquals(new ClassScores(0.25f, 0.75f), new ClassScores(0.75f, 0.25f));
    assertNotEquals(
        new ClassScores(0.25f, 0.75f).hashCode(), new ClassScores(0.75f, 0.25f).hashCode());
    assertEquals("[0.25, 0.75]", new ClassScores(0.25f, 0.75f).toString());
  }

  @Test
  void mapsHaveAPixelForEachPlace() {
    assertEquals(1, new ClassMaps(3, 2, 8, List.of(new float[6])).planes().size());
    assertThrows(
        IllegalArgumentException.class,
        () -> new ClassMaps(3, 2, 8, List.of(new float[6], new float[5])));
  }

  @Test
  void classesThatThereAreNotAreRefused() {
    for (int index : new int[] {-1, 2}) {
      assertEquals(
          "Class: expected a number from 0 to 1, received " + index + ".",
          assertThrows(sc.fiji.spyhop.SpyhopException.class, () -> ClassScores.certain(index, 2))
              .getMessage());
    }
  }
}
