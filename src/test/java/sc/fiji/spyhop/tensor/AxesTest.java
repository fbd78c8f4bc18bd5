package sc.fiji.spyhop.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AxesTest {

  @ParameterizedTest
  @ValueSource(strings = {"NC@W", "NC[W", "nchw", "N-W", "NCÄW", "N1", "NCHC", "A B"})
  void lettersFromAToZAreDistinct(String letters) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> new Axes(letters)).getMessage();
    assertTrue(message.contains('"' + letters + '"'), message);
  }

  @Test
  void theFirstAndTheLastLetterWillDo() {
    Axes axes = new Axes("AZ");
    assertEquals(2, axes.rank());
    assertEquals(0, axes.indexOf('A'));
    assertEquals(1, axes.indexOf('Z'));
    assertEquals(-1, axes.indexOf('C'));
  }
}
