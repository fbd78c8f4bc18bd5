package sc.fiji.spyhop.prediction;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;

/** Pixel (x, y) of a plane of 3 x 4 pixels has the number 4 x + y. */
class MaskTest {

  /**
   * Corners of the box of 4 x 4 pixels are farther from its middle than 2; a flat one is a line.
   */
  @Test
  void ellipsesHoldTheCentresOfTheirPixels() {
    ImageSize size = new ImageSize(8, 7);
    Mask round = Mask.ellipse(size, new Box(1, 2, 4, 4));
    assertEquals(12, round.area());
    assertEquals(new Box(1, 2, 4, 4), round.box());
    assertEquals(0, round.cutOut().get(0, 0));
    assertEquals(1, round.cutOut().get(1, 0));
    assertEquals(new Box(2, 3, 5, 1), Mask.ellipse(size, new Box(2, 3, 5, 1)).box());
    assertTrue(Mask.ellipse(size, new Box(2.6, 3.6, 0.3, 0.3)).isEmpty());
    assertEquals(new Box(5, 4, 3, 3), Mask.ellipse(size, new Box(5, 4, 3, 3)).box());
  }

  private static final ImageSize SIZE = new ImageSize(3, 4);

  /** One has the pixels 4, 5, 7 and 8, two has 1, 2 and 3. */
  private static final LabelMap LABELS =
      LabelMap.of(3, 4, 0, 1, 1, 2, 1, 0, 2, 0, 0, 2, 1, LabelMap.UNLABELLED);

  private static Mask mask(int... spans) {
    Mask.Builder builder = new Mask.Builder(SIZE);
    for (int i = 0; i < spans.length; i += 2) builder.add(spans[i], spans[i + 1]);
    return builder.build();
  }

  @Test
  void eachLabelHasItsPixels() {
    SortedMap<Integer, Mask> masks = Mask.of(LABELS);
    assertEquals(List.of(1, 2), List.copyOf(masks.keySet()));
    assertEquals(mask(4, 6, 7, 9), masks.get(1));
    assertEquals(mask(1, 4), masks.get(2));
    assertEquals(SIZE, masks.get(1).size());
  }

  @Test
  void theLastPixelMayBeAnObjects() {
    Mask mask = Mask.of(LabelMap.of(2, 2, 0, 3, 0, 3)).get(3);
    assertArrayEquals(new int[] {2, 2}, mask.runs());
    assertEquals(2, mask.area());
  }

  @Test
  void areasAreThoseCounted() {
    assertEquals(4, mask(4, 6, 7, 9).area());
    assertEquals("mask of 4 pixels", mask(4, 6, 7, 9).toString());
    assertFalse(mask(4, 6).isEmpty());
    assertTrue(mask().isEmpty());
    assertEquals(0, mask().area());
  }

  @Test
  void boxesAreAsSmallAsCanBe() {
    assertEquals(new Box(0, 1, 1, 3), mask(1, 4).box());
    assertEquals(new Box(1, 1, 2, 2), mask(5, 7, 10, 11).box());
    assertEquals(new Box(1, 0, 2, 4), mask(4, 6, 7, 9).box(), "from one column into the next");
    assertEquals(new Box(0, 0, 3, 4), mask(3, 9).box());
    assertEquals(new Box(1, 2, 1, 1), mask(6, 7).box());
    assertThrows(IllegalStateException.class, () -> mask().box());
  }

  @Test
  void aMaskIsPaintedWhereItIs() {
    LabelMap labels = LabelMap.of(3, 4, 0, 0, 0, 0, 0, 0, 0, 0, 7, 0, 0, 0);
    mask(4, 6, 7, 9).paint(labels, 9);
    assertEquals(LabelMap.of(3, 4, 0, 9, 9, 0, 9, 0, 0, 0, 7, 0, 9, 0), labels);
    assertThrows(IllegalArgumentException.class, () -> mask(4, 6).paint(new LabelMap(3, 5), 1));
    assertThrows(IllegalArgumentException.class, () -> mask(4, 6).paint(new LabelMap(2, 4), 1));
  }

  @Test
  void aMaskIsCutOutOfItsBox() {
    assertEquals(LabelMap.of(2, 4, 1, 1, 1, 0, 0, 0, 1, 0), mask(4, 6, 7, 9).cutOut());
    assertEquals(LabelMap.of(2, 2, 1, 0, 1, 1), mask(5, 7, 10, 11).cutOut());
    assertThrows(IllegalStateException.class, () -> mask().cutOut());
  }

  @Test
  void runsBeginWithBackground() {
    assertArrayEquals(new int[] {4, 2, 1, 2, 3}, mask(4, 6, 7, 9).runs());
    assertArrayEquals(new int[] {0, 12}, mask(0, 12).runs());
    assertArrayEquals(new int[] {12}, mask().runs());
  }

  @Test
  void stretchesComeInAnyOrderAndMayOverlap() {
    assertArrayEquals(new int[] {1, 4, 2, 3, 2}, mask(7, 9, 1, 3, 2, 5, 9, 10, 11, 11).runs());
    assertArrayEquals(new int[] {1, 7, 4}, mask(1, 8, 2, 3).runs());
    assertArrayEquals(new int[] {12}, mask(5, 3).runs());
    Mask.Builder many = new Mask.Builder(new ImageSize(2, 10));
    for (int i = 9; i >= 0; i--) many.add(2 * i, 2 * i + 1);
    assertArrayEquals(
        new int[] {0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1},
        many.build().runs());
  }

  @Test
  void columnsAreTakenAsFarAsTheyExist() {
    assertEquals(mask(5, 7), new Mask.Builder(SIZE).column(1, 1, 3).build());
    assertEquals(mask(4, 8), new Mask.Builder(SIZE).column(1, -5, 99).build());
    assertEquals(mask(0, 1), new Mask.Builder(SIZE).column(0, 0, 1).build());
    assertEquals(mask(11, 12), new Mask.Builder(SIZE).column(2, 3, 4).build());
    assertTrue(
        new Mask.Builder(SIZE).column(-1, 0, 4).column(3, 0, 4).column(1, 3, 1).build().isEmpty());
  }

  @Test
  void pixelsBeyondThePlaneAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> mask(-1, 2));
    assertThrows(IllegalArgumentException.class, () -> mask(0, 13));
  }

  @Test
  void planesOfUpTo2To31PixelsFit() {
    assertTrue(Mask.fits(new ImageSize(Integer.MAX_VALUE, 1)));
    assertFalse(Mask.fits(new ImageSize(65536, 32768)));
    assertThrows(
        IllegalArgumentException.class, () -> new Mask.Builder(new ImageSize(65536, 32768)));
    // 46340^2 = 2147395600
    Mask last = new Mask.Builder(new ImageSize(46340, 46340)).add(2147395598, 2147395600).build();
    assertEquals(2, last.area());
    assertEquals(new Box(46339, 46338, 1, 2), last.box());
  }

  @Test
  void masksAreEqualByPlaneAndPixels() {
    assertEquals(mask(1, 3), mask(2, 3, 1, 2));
    assertEquals(mask(1, 3).hashCode(), mask(2, 3, 1, 2).hashCode());
    assertNotEquals(mask(1, 3), mask(1, 4));
    assertNotEquals(mask(1, 3).hashCode(), mask(1, 4).hashCode());
    Mask lying = new Mask.Builder(new ImageSize(4, 3)).add(1, 3).build();
    assertNotEquals(mask(1, 3), lying);
    assertNotEquals(mask(1, 3).hashCode(), lying.hashCode());
    assertNotEquals(mask(1, 3), null);
  }
}
