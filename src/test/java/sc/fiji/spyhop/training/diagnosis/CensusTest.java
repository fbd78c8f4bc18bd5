package sc.fiji.spyhop.training.diagnosis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class CensusTest {

  private static final List<String> CLASSES = List.of("orca", "beluga", "minke");

  private static String text(long[] training, long[] validation) {
    return new Census(CLASSES, training, validation).look().map(Diagnostic::text).orElse("");
  }

  @Test
  void namesClassesWithoutExamples() {
    assertEquals("", text(new long[] {1, 2, 3}, new long[] {1, 1, 1}));
    assertEquals("", text(new long[] {1, 2, 3}, new long[3]), "there is no validation");
    assertTrue(
        text(new long[] {1, 0, 3}, new long[] {1, 1, 1})
            .startsWith("No training image shows class \"beluga\": it cannot be learned."));
    String both = text(new long[] {0, 0, 3}, new long[] {1, 1, 0});
    assertTrue(both.contains("any of the classes \"orca\", \"beluga\""), both);
    assertTrue(both.contains("No validation image shows class \"minke\""), both);
  }
}
