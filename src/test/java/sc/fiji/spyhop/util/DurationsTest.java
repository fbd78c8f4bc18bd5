package sc.fiji.spyhop.util;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class DurationsTest {

  @Test
  void shortOnesAreMoreExact() {
    assertEquals("45 s", Durations.text(45));
    assertEquals("89 s", Durations.text(89.4));
    assertEquals("2 min", Durations.text(90));
    assertEquals("10 min", Durations.text(601));
    assertEquals("89 min", Durations.text(89 * 60));
    assertEquals("1 h 30 min", Durations.text(90 * 60));
    assertEquals("2 h 5 min", Durations.text(7500));
  }
}
