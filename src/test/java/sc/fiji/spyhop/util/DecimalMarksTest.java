package sc.fiji.spyhop.util;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DecimalMarksTest {

  /**
   * A number by what else is in its table.
   *
   * @param delimiter of the columns; s is a semicolon
   */
  @ParameterizedTest
  @CsvSource({
    "s, 7, 1.000, 1",
    "s, 1.5, 1.000, 1",
    "s, '2,5', '1,000', 1",
    "s, '10,5', 1.000, NaN",
    "s, '10,5', -12.345, NaN",
    "s, '10,5', '1.000,5', NaN",
    "s, 10.5, '1,000', NaN",
    "s, '10,5', 1.5, 1.5",
    "s, '10,5', 0.500, 0.5",
    "s, '10,5', 1000, 1000",
    "c, '10,5', 1.000, 1",
    "c, 10.5, '1,000', NaN"
  })
  void numbersThatMayBeTwoAreNone(char delimiter, String other, String text, double value) {
    List<List<String>> rows = List.of(List.of("x", "y"), List.of(other, text));
    assertEquals(value, DecimalMarks.of(delimiter == 's' ? ';' : ',', rows).parse(text));
  }
}
