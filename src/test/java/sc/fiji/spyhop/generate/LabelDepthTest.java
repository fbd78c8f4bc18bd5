package sc.fiji.spyhop.generate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.prediction.LabelMap;

class LabelDepthTest {

  /** Two discs that touch, and one by itself. */
  private static LabelMap discs() {
    LabelMap map = new LabelMap(64, 48);
    int[][] discs = {{16, 20, 9}, {34, 20, 9}, {52, 38, 7}};
    for (int k = 0; k < discs.length; k++) {
      for (int y = 0; y < 48; y++) {
        for (int x = 0; x < 64; x++) {
          int dx = x - discs[k][0];
          int dy = y - discs[k][1];
          if (dx * dx + dy * dy <= discs[k][2] * discs[k][2]) map.set(x, y, k + 1);
        }
      }
    }
    return map;
  }

  @Test
  void objectsComeBackAsTheyWere() {
    LabelMap truth = discs();
    LabelMap back = LabelDepth.labels(LabelDepth.of(truth), 64, 48);
    assertEquals(3, back.max());
    int differing = 0;
    int[] of = new int[4];
    for (int i = 0; i < truth.size(); i++) if (truth.get(i) > 0) of[truth.get(i)] = back.get(i);
    for (int i = 0; i < truth.size(); i++) {
      int expected = truth.get(i) == 0 ? 0 : of[truth.get(i)];
      if (back.get(i) != expected) differing++;
    }
    assertEquals(0, differing, 12, "pixels where discs touch may change sides");
  }

  @Test
  void valuesTellInsideFromOutside() {
    float[] values = LabelDepth.of(discs());
    assertEquals(1, values[20 * 64 + 16], 1e-6, "the middle of a disc");
    assertEquals(0.1 + 0.9 * 0.5 / 8.5, values[20 * 64 + 7], 1e-6, "its edge, of a depth of 9");
    assertEquals(-1.0 / 6, values[20 * 64 + 6], 1e-6, "one pixel outside");
    assertEquals(-1, values[0], 1e-6, "far outside");
    for (float v : LabelDepth.of(new LabelMap(9, 7))) assertEquals(-1, v, "no objects");
    assertEquals(0, LabelDepth.labels(LabelDepth.of(new LabelMap(9, 7)), 9, 7).max());
  }
}
