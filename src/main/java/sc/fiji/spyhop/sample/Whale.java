package sc.fiji.spyhop.sample;

import java.util.ArrayList;
import java.util.List;

/**
 * An individual right whale from above, as a formula. Coordinates: u along the body from the tip of
 * the snout (0) to the tail (1), v to the whale's right, both in body lengths. Its callosities,
 * pale patches of rough skin on the head, are in no other whale like this; photo-identification
 * goes by them (Kraus et al. 1986).
 */
final class Whale {

  /** Where the head ends, behind the blowholes. */
  static final double HEAD = 0.27;

  /** Tip of the rostrum, in front of which the bonnet lies. */
  static final double BONNET = 0.025;

  /** Middle of the blowholes. */
  static final double BLOWHOLE = 0.205;

  private static final double PATCH_GRAIN = 0.012;

  /** An island of rough skin; radii in body lengths. */
  private record Patch(double u, double v, double along, double across, double cos, double sin) {}

  private final Patch[] patches;
  private final long texture;
  private final double paleness;
  private final double stoutness;

  /**
   * @param seed of the population
   * @param number of the individual
   */
  Whale(long seed, int number) {
    Rng rng = new Rng(seed, number);
    texture = rng.next();
    paleness = rng.uniform(0.72, 0.95);
    stoutness = rng.uniform(0.92, 1.08);
    List<Patch> all = new ArrayList<>();
    double bonnet = rng.uniform(0.018, 0.034);
    all.add(patch(rng, 0.035, 0, bonnet * rng.uniform(0.9, 1.5), bonnet));
    if (rng.chance(0.5))
      all.add(patch(rng, 0.035 + 1.7 * bonnet, rng.uniform(-0.01, 0.01), 0.018, 0.012));
    int islands = rng.below(5);
    for (int i = 0; i < islands; i++) {
      double size = rng.uniform(0.006, 0.016);
      all.add(
          patch(
              rng,
              rng.uniform(0.085, 0.185),
              rng.uniform(-0.022, 0.022),
              size * rng.uniform(1, 2.2),
              size));
    }
    for (int side = -1; side <= 1; side += 2) {
      double at = rng.uniform(0.05, 0.09);
      while (at < 0.2) {
        double length = rng.uniform(0.008, 0.034);
        double width = rng.uniform(0.006, 0.013);
        if (rng.chance(0.78)) all.add(lip(rng, at + length, side, length, width));
        at += 2 * length + rng.uniform(0.004, 0.03);
      }
      if (rng.chance(0.6)) {
        all.add(
            patch(
                rng,
                rng.uniform(0.2, 0.235),
                side * rng.uniform(0.085, 0.1),
                rng.uniform(0.008, 0.016),
                0.008));
      }
    }
    int behind = rng.below(3);
    for (int i = 0; i < behind; i++) {
      all.add(
          patch(
              rng,
              rng.uniform(0.225, 0.255),
              rng.uniform(-0.03, 0.03),
              rng.uniform(0.006, 0.014),
              0.008));
    }
    patches = all.toArray(Patch[]::new);
  }

  private static Patch patch(Rng rng, double u, double v, double along, double across) {
    double turn = 0.35 * rng.gaussian();
    return new Patch(u, v, along, across, StrictMath.cos(turn), StrictMath.sin(turn));
  }

  /** One on the edge of the lower lip, lying along it. */
  private Patch lip(Rng rng, double u, int side, double along, double across) {
    double edge = 0.8 * halfWidth(u);
    double slope = side * (0.8 * halfWidth(u + 0.01) - edge) / 0.01;
    double length = Math.sqrt(1 + slope * slope);
    return new Patch(
        u, side * edge * rng.uniform(0.88, 1.0), along, across, 1 / length, slope / length);
  }

  /** Half the width of the body. */
  double halfWidth(double u) {
    if (u <= 0 || u >= 1) return 0;
    double front = Math.sqrt(Math.min(1, u / 0.3));
    double snout = 1 - 0.22 * StrictMath.exp(-(u - 0.1) * (u - 0.1) / 0.003);
    double back = u < 0.42 ? 1 : Math.max(0, 1 - (u - 0.42) / 0.58);
    return stoutness * 0.142 * front * snout * StrictMath.pow(back, 0.9);
  }

  /**
   * How far inside the body a point lies: body lengths to the edge, about; negative outside. Flukes
   * and flippers belong to it.
   */
  double depth(double u, double v) {
    double depth = halfWidth(u) - Math.abs(v);
    if (u < 0) depth = -Math.sqrt(u * u + v * v);
    if (u > 1) depth = -Math.sqrt((u - 1) * (u - 1) + v * v);
    double side = Math.abs(v);
    double flipper = lobe(u - 0.37, side - 0.17, 0.075, 0.034, 0.64, 0.77);
    double fluke = lobe(u - 1.0, side - 0.075, 0.095, 0.032, 0.5, 0.87);
    return Math.max(depth, Math.max(flipper, fluke));
  }

  private static double lobe(
      double du, double dv, double along, double across, double cos, double sin) {
    double a = (du * cos + dv * sin) / along;
    double b = (dv * cos - du * sin) / across;
    return (1 - Math.sqrt(a * a + b * b)) * across;
  }

  /**
   * How pale the skin is, from 0 for black to 1.
   *
   * @param softness width of the edges of callosities, in body lengths
   */
  double paleness(double u, double v, double softness) {
    if (u > HEAD + 0.02) return 0;
    double ragged =
        0.26 * Rng.noise(texture, u / 0.013, v / 0.013)
            + 0.16 * Rng.noise(texture + 1, u / 0.006, v / 0.006);
    double pale = 0;
    for (Patch p : patches) {
      double du = u - p.u;
      double dv = v - p.v;
      double a = (du * p.cos + dv * p.sin) / p.along;
      double b = (dv * p.cos - du * p.sin) / p.across;
      double inside = (1 + ragged - Math.sqrt(a * a + b * b)) * p.across / softness + 0.5;
      pale = Math.max(pale, Math.min(1, inside));
    }
    if (pale <= 0) return 0;
    double grain = 1 + 0.12 * Rng.noise(texture + 2, u / PATCH_GRAIN, v / PATCH_GRAIN);
    return paleness * pale * grain;
  }
}
