package sc.fiji.spyhop.prediction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class RealValuesTest {

  @Test
  void valuesAreThoseMeasured() {
    RealValues values = RealValues.of(1.5, -2);
    assertEquals(2, values.size());
    assertEquals(-2, values.get(1));
    assertEquals(new RealValues(List.of(1.5, -2.0)), values);
  }

  @Test
  void whatIsNotMeasuredIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> RealValues.of());
    assertThrows(IllegalArgumentException.class, () -> RealValues.of(1, Double.NaN));
    assertThrows(IllegalArgumentException.class, () -> RealValues.of(Double.POSITIVE_INFINITY));
  }
}
