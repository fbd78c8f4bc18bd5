package sc.fiji.spyhop.util;

/**
 * Random numbers by position: the generator SplitMix64 (Steele, Lea and Flood 2014), the same on
 * every Java and every processor.
 */
public final class SplitMix64 {

  /** What the generator's state grows by: 2^64 by the golden ratio. */
  public static final long GOLDEN = 0x9E3779B97F4A7C15L;

  private SplitMix64() {}

  /** Spreads numbers that lie close together over all 64 bits. */
  public static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /** The number that the generator gives first after a seed. */
  public static long first(long seed) {
    return mix(seed + GOLDEN);
  }

  /** A number in [0, 1) of 53 bits. */
  public static double unit(long bits) {
    return (bits >>> 11) * 0x1p-53;
  }
}
