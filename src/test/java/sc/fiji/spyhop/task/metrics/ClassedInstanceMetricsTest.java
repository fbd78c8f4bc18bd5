package sc.fiji.spyhop.task.metrics;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.prediction.LabelMap;
import sc.fiji.spyhop.prediction.ObjectClasses;

/** Expected figures are counted by hand. */
class ClassedInstanceMetricsTest {

  private static final List<String> CLASSES = List.of("red", "white", "platelet");

  /**
   * True: red 1, red 2, white 3, unknown 4. Found: 5 for 1 as red, 6 for 2 as white, 7 for 3 as
   * white, 8 for 4 as red, and 9, which is none, as red.
   */
  private static ClassedInstanceMetrics blood() {
    LabelMap truth =
        LabelMap.of(12, 1, 1, 1, 0, 2, 2, 0, 3, 0, 4, 4, 0, 0)
            .withClasses(new ObjectClasses(Map.of(1, 0, 2, 0, 3, 1)));
    LabelMap found =
        LabelMap.of(12, 1, 5, 5, 0, 6, 6, 0, 7, 0, 8, 8, 0, 9)
            .withClasses(new ObjectClasses(Map.of(5, 0, 6, 1, 7, 1, 8, 0, 9, 0)));
    ClassedInstanceMetrics metrics = new ClassedInstanceMetrics(CLASSES);
    metrics.add(found, truth);
    return metrics;
  }

  @Test
  void anObjectCountsIfOutlineAndClassAgree() {
    ClassedInstanceMetrics m = blood();
    InstanceMetrics.Figures any = m.any().at(50);
    assertEquals(List.of(4L, 1L, 0L), List.of(any.tp(), any.fp(), any.fn()));
    InstanceMetrics.Figures red = m.of(0).at(50);
    // 8 lies on an object whose class nobody has said: it is neither right nor wrong
    assertEquals(List.of(1L, 1L, 1L), List.of(red.tp(), red.fp(), red.fn()));
    InstanceMetrics.Figures white = m.of(1).at(50);
    assertEquals(List.of(1L, 1L, 0L), List.of(white.tp(), white.fp(), white.fn()));
    // platelets occur nowhere
    assertEquals((0.5 + 2.0 / 3) / 2, m.meanF1(), 1e-12);
    assertEquals((1.0 / 3 + 0.5) / 2, m.meanAp(), 1e-12);
  }

  @Test
  void confusionsAreThoseOfObjectsThatWereFound() {
    Confusion c = blood().confusion().orElseThrow();
    assertEquals(CLASSES, c.classes());
    assertArrayEquals(new long[][] {{1, 1, 0}, {0, 1, 0}, {0, 0, 0}}, c.counts());
  }

  @Test
  void imagesArePooled() {
    ClassedInstanceMetrics all = new ClassedInstanceMetrics(CLASSES);
    all.add(blood());
    all.add(blood());
    assertEquals(8, all.any().at(50).tp());
    assertEquals(2, all.confusion().orElseThrow().counts()[0][1]);
    assertEquals(blood().main(), all.main());
    assertEquals(
        List.of("f1", "mean_ap", "class_f1", "class_mean_ap", "f1_red", "f1_white", "f1_platelet"),
        List.copyOf(all.main().keySet()));
    assertTrue(all.main().get("f1_platelet").isNaN(), "there are none");
    assertEquals(2L, all.row(blood()).get("true_red"));
  }

  @Test
  void theTableSaysItByClass() {
    String text = blood().table();
    assertTrue(text.contains("mean F1 0.5833, mean AP 0.4167"), text);
    assertTrue(
        text.lines().anyMatch(l -> l.matches(" {2}red +2 +2 +0.5000 +0.5000 +0.5000 .*")), text);
  }
}
