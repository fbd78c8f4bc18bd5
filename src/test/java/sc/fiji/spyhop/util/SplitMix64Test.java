package sc.fiji.spyhop.util;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class SplitMix64Test {

  /** The published first numbers for the seed 1234567. */
  @Test
  void numbersAreThoseOfTheGenerator() {
    String[] published = {
      "6457827717110365317",
      "3203168211198807973",
      "9817491932198370423",
      "4593380528125082431",
      "16408922859458223821"
    };
    long state = 1234567;
    for (String number : published) {
      assertEquals(number, Long.toUnsignedString(SplitMix64.first(state)));
      state += SplitMix64.GOLDEN;
      assertEquals(number, Long.toUnsignedString(SplitMix64.mix(state)));
    }
  }

  @Test
  void fractionsHave53Bits() {
    assertEquals(0, SplitMix64.unit(0));
    assertEquals(0, SplitMix64.unit(0x7FF), "the lowest eleven bits do not count");
    assertEquals(Math.pow(2, -53), SplitMix64.unit(0x800));
    assertEquals(0.5, SplitMix64.unit(Long.MIN_VALUE));
    assertEquals(1 - Math.pow(2, -53), SplitMix64.unit(-1));
  }
}
