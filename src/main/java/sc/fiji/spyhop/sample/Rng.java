package sc.fiji.spyhop.sample;

import sc.fiji.spyhop.util.SplitMix64;

/** Random numbers of {@link SplitMix64}, and arithmetic that IEEE 754 fixes. */
final class Rng {

  private long state;

  Rng(long seed) {
    state = SplitMix64.mix(seed);
  }

  /** A stream of its own for each number. */
  Rng(long seed, long stream) {
    this(seed ^ SplitMix64.mix(stream + SplitMix64.GOLDEN));
  }

  long next() {
    state += SplitMix64.GOLDEN;
    return SplitMix64.mix(state);
  }

  /** In [0, 1). */
  double uniform() {
    return SplitMix64.unit(next());
  }

  double uniform(double from, double to) {
    return from + (to - from) * uniform();
  }

  int below(int bound) {
    return (int) (uniform() * bound);
  }

  boolean chance(double probability) {
    return uniform() < probability;
  }

  /** Mean 0, deviation 1: a sum of eight uniforms, so never beyond 4.9. */
  double gaussian() {
    return (halfwords(next()) + halfwords(next()) - 8 * 32767.5) / 53509.3;
  }

  private static double halfwords(long bits) {
    return (bits & 0xFFFF) + (bits >>> 16 & 0xFFFF) + (bits >>> 32 & 0xFFFF) + (bits >>> 48);
  }

  /** Smooth noise in [-1, 1] on a lattice of unit spacing. */
  static double noise(long seed, double x, double y) {
    double fx = Math.floor(x);
    double fy = Math.floor(y);
    long ix = (long) fx;
    long iy = (long) fy;
    double u = fade(x - fx);
    double v = fade(y - fy);
    double top = lattice(seed, ix, iy) * (1 - u) + lattice(seed, ix + 1, iy) * u;
    double bottom = lattice(seed, ix, iy + 1) * (1 - u) + lattice(seed, ix + 1, iy + 1) * u;
    return top * (1 - v) + bottom * v;
  }

  private static double fade(double t) {
    return t * t * t * (t * (t * 6 - 15) + 10);
  }

  private static double lattice(long seed, long x, long y) {
    return (SplitMix64.mix(seed + x * SplitMix64.GOLDEN + y * 0xC2B2AE3D27D4EB4FL) >> 11) * 0x1p-52;
  }
}
