package sc.fiji.spyhop.engine.benchmark;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.engine.benchmark.Comparison.Round;

class ComparisonTest {

  @Test
  void ratiosWithinRoundsAgainstTheFastestVariant() {
    List<Comparison> found =
        Comparison.of(
            List.of(
                new Round(Map.of("net b1", 10.0), Map.of("net b1 nchw", 20.0, "net b1 nhwc", 8.0)),
                new Round(Map.of("net b1", 12.0), Map.of("net b1 nchw", 6.0, "net b1 nhwc", 9.0)),
                new Round(Map.of("net b1", 30.0), Map.of("net b1", 40.0))));
    // 10/8, 12/6, 30/40
    assertEquals(List.of(new Comparison("net b1", 12, 8, 1.25, 0.75, 2, 3)), found);
  }

  @Test
  void casesThatOneSideLacks() {
    List<Comparison> found =
        Comparison.of(
            List.of(
                new Round(Map.of("a", 1.0, "b1", 1.0), Map.of("b1", 2.0, "b16", 9.0)),
                new Round(Map.of("b1", 3.0), Map.of("b1", 4.0))));
    assertEquals(List.of(new Comparison("b1", 2, 3, 0.625, 0.5, 0.75, 2)), found);
  }
}
