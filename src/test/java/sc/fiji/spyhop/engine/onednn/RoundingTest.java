package sc.fiji.spyhop.engine.onednn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ShortBuffer;
import org.bytedeco.javacpp.ShortPointer;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * How numbers become numbers of 16 bits. What is expected is worked out by hand: eight binary
 * digits, the nearest number, of two that are as near the one that ends in 0. PyTorch gives the
 * same.
 */
class RoundingTest {

  private static final int[][] KNOWN = {
    {0x00000000, 0x0000}, // 0
    {0x3f800000, 0x3f80}, // 1
    {0x3f804000, 0x3f80}, // 1 + 1/512: down
    {0x3f808000, 0x3f80}, // 1 + 1/256, half way: down to the even one
    {0x3f808008, 0x3f81}, // a little more: up
    {0x3f818000, 0x3f82}, // 1 + 3/256, half way: up to the even one
    {0xbf818000, 0xbf82}, // the same below zero
    {0x3dcccccd, 0x3dcd}, // 0.1
    {0x40490fdb, 0x4049}, // pi
    {0x477fe000, 0x4780}, // 65504, the largest number of FP16, becomes 65536
    {0x7f61b1e6, 0x7f62}, // 3e38, which FP16 does not have
    {0x7f7f0000, 0x7f7f}, // the largest number of 16 bits
    {0x7f7fffff, 0x7f80}, // the largest float: beyond it
    {0x7f800000, 0x7f80}, // infinity
    {0xff800000, 0xff80},
    {0x00800000, 0x0080}, // the smallest number of full precision
  };

  /** Numbers below those of full precision, which some processors take for 0. */
  private static final int[][] SMALL = {{0x006ce3ee, 0x006d}, {0x00014e83, 0x0001}, {1, 0}};

  @BeforeAll
  static void skipWithoutTheLibrary() {
    Assumptions.assumeTrue(OneDnn.isAvailable(), "no oneDNN for this platform");
  }

  /** Bits of a float, rounded to 16. */
  private static int rounded(int bits) {
    try (Maps maps = new Maps(DataType.BF16)) {
      Blob wide = maps.take(Layout.plain(1, 1));
      wide.values().put(0, Float.intBitsToFloat(bits));
      Blob narrow = maps.in(wide, Layout.plain(DataType.BF16, 1, 1));
      ShortBuffer found = new ShortPointer(narrow.memory()).capacity(1).asBuffer();
      int value = Short.toUnsignedInt(found.get(0));
      maps.free(wide);
      maps.free(narrow);
      return value;
    }
  }

  @Test
  void numbersBecomeTheNearestOnes() {
    for (int[] pair : KNOWN) {
      assertEquals(
          Integer.toHexString(pair[1]),
          Integer.toHexString(rounded(pair[0])),
          "of " + Float.intBitsToFloat(pair[0]));
    }
  }

  @Test
  void theSmallestNumbersBecomeTheNearestOnesOrZero() {
    for (int[] pair : SMALL) {
      int found = rounded(pair[0]);
      assertTrue(found == pair[1] || found == 0, pair[0] + " became " + found);
    }
  }

  @Test
  void whatIsNoNumberStaysNone() {
    assertTrue(Float.isNaN(Float.intBitsToFloat(rounded(0x7fc00000) << 16)));
    assertTrue(Float.isNaN(Float.intBitsToFloat(rounded(0x7f800001) << 16)));
  }

  /** Sixteen bits are the first of a float's 32, so that nothing changes on the way back. */
  @Test
  void theWayBackIsExact() {
    try (Maps maps = new Maps(DataType.BF16)) {
      float[] values = {1, -0.0078125f, 3.140625f, 1e30f};
      Blob wide = maps.take(Layout.plain(1, 4));
      wide.values().put(0, values);
      Blob narrow = maps.in(wide, Layout.plain(DataType.BF16, 1, 4));
      assertEquals(8, narrow.layout().bytes());
      Blob again = maps.in(narrow, Layout.plain(1, 4));
      for (int i = 0; i < 3; i++) assertEquals(values[i], again.values().get(i));
      assertEquals(1e30, again.values().get(3), 1e30 / 256);
      for (Blob b : new Blob[] {wide, narrow, again}) maps.free(b);
    }
  }
}
