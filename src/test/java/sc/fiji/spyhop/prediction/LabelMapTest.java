package sc.fiji.spyhop.prediction;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class LabelMapTest {

  @Test
  void labelsLieRowByRow() {
    LabelMap map = LabelMap.of(3, 2, 1, 2, 3, 4, 5, 6);
    assertEquals(3, map.width());
    assertEquals(2, map.height());
    assertEquals(6, map.size());
    assertEquals(3, map.get(2, 0));
    assertEquals(4, map.get(0, 1));
    assertEquals(6, map.get(5));
    map.set(1, 1, 9);
    assertArrayEquals(new short[] {1, 2, 3, 4, 9, 6}, map.shorts().orElseThrow());
    assertEquals(9, map.max());
  }

  @Test
  void sixteenBitsHoldLabelsUpTo65535() {
    LabelMap map = LabelMap.of(3, 1, 0, 32768, 65535);
    assertArrayEquals(new short[] {0, (short) 32768, (short) 65535}, map.shorts().orElseThrow());
    assertEquals(32768, map.get(1));
    assertEquals(65535, map.get(2));
    assertEquals(65535, map.max());
  }

  @Test
  void aLargerLabelWidensTheMapAndKeepsTheOthers() {
    LabelMap map = LabelMap.of(2, 2, 7, 40000, 65535, 0);
    map.set(1, 1, 65536);
    assertArrayEquals(new float[] {7, 40000, 65535, 65536}, map.floats().orElseThrow());
    assertEquals(40000, map.get(1, 0));
    assertEquals(65536, map.get(1, 1));
    assertEquals(65536, map.max());
    map.set(3, 70001);
    map.set(0, 3);
    assertArrayEquals(new float[] {3, 40000, 65535, 70001}, map.floats().orElseThrow());
  }

  @Test
  void everyLabelUpToTheLargestIsExact() {
    int max = 16_777_215;
    assertEquals(max, LabelMap.MAX_LABEL);
    LabelMap map = LabelMap.of(5, 1, max, max - 1, max - 2, 8_388_609, LabelMap.UNLABELLED);
    assertEquals(max, map.get(0));
    assertEquals(max - 1, map.get(1));
    assertEquals(max - 2, map.get(2));
    assertEquals(8_388_609, map.get(3));
    assertEquals(16_777_216, map.get(4));
    assertEquals(LabelMap.UNLABELLED, map.max());
  }

  @Test
  void aMapIsMadeWideForTheLabelsThatAreToCome() {
    assertArrayEquals(new short[6], LabelMap.sized(3, 2, 65535).shorts().orElseThrow());
    LabelMap wide = LabelMap.sized(3, 2, 65536);
    float[] pixels = wide.floats().orElseThrow();
    assertArrayEquals(new float[6], pixels);
    wide.set(2, 1, 65536);
    assertEquals(65536, wide.get(5));
    assertSame(pixels, wide.floats().orElseThrow(), "no second copy");
  }

  @Test
  void whatIsNoLabelIsRefused() {
    for (LabelMap map : new LabelMap[] {new LabelMap(2, 1), LabelMap.sized(2, 1, 65536)}) {
      boolean narrow = map.shorts().isPresent();
      assertThrows(IllegalArgumentException.class, () -> map.set(0, -1));
      assertThrows(IllegalArgumentException.class, () -> map.set(0, 16_777_217));
      assertEquals(narrow, map.shorts().isPresent());
      assertEquals(0, map.get(0));
    }
    assertThrows(IllegalArgumentException.class, () -> LabelMap.sized(1, 1, 16_777_217));
    assertThrows(IllegalArgumentException.class, () -> LabelMap.sized(1, 1, -1));
    assertThrows(IllegalArgumentException.class, () -> LabelMap.of(2, 2, 1, 2, 3));
    assertThrows(ArithmeticException.class, () -> new LabelMap(65536, 32768));
    assertThrows(ArithmeticException.class, () -> LabelMap.sized(65536, 32768, 65536));
  }

  @Test
  void mapsAreEqualByTheirLabelsHoweverStored() {
    LabelMap narrow = LabelMap.of(2, 2, 1, 40000, 65535, 0);
    LabelMap wide = LabelMap.sized(2, 2, 65536);
    for (int i = 0; i < 4; i++) wide.set(i, narrow.get(i));
    assertInstanceOf(float[].class, wide.floats().orElseThrow());
    assertEquals(narrow, wide);
    assertEquals(wide, narrow);
    assertEquals(narrow.hashCode(), wide.hashCode());
    assertEquals(narrow, LabelMap.of(2, 2, 1, 40000, 65535, 0));

    wide.set(3, 1);
    assertNotEquals(narrow, wide);
    assertNotEquals(wide, narrow);
    assertNotEquals(narrow, LabelMap.of(2, 2, 1, 40000, 65535, 1));
    assertNotEquals(LabelMap.of(2, 1, 1, 70000), LabelMap.of(2, 1, 1, 70001));
    assertEquals(LabelMap.of(2, 1, 1, 70000), LabelMap.of(2, 1, 1, 70000));
    assertNotEquals(LabelMap.of(4, 1, 1, 40000, 65535, 0), narrow);
    assertNotEquals(LabelMap.of(2, 1, 1, 40000), narrow);
    assertNotEquals(narrow, null);
  }

  /** By hand: ((31 * 2 + 1) * 31 + 3) * 31 + 4 for two pixels beside each other. */
  @Test
  void hashesTellMapsApart() {
    assertEquals(60640, LabelMap.of(2, 1, 3, 4).hashCode());
    assertNotEquals(LabelMap.of(2, 1, 3, 4).hashCode(), LabelMap.of(2, 1, 4, 3).hashCode());
  }
}
