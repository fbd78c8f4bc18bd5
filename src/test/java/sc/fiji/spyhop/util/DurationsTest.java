package sc.fiji.spyhop.util;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class DurationsTest {

  @Test
  void shortOnesAreMoreExact() {
    assertEquals("45 s", Durations.text(45));
    assertEquals("10 min", Durations.text(601));
    assertEquals("2 h 5 min", Durations.text(7500));
  }
}
