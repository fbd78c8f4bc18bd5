package sc.fiji.spyhop.sample;

/**
 * One nucleus as a formula of pixel coordinates: an ellipse, bent and dented, with chromatin,
 * nucleoli and bright spots; or, of a dead cell, with a few dense clumps of chromatin. Lengths in
 * pixels.
 */
final class Nucleus {

  private static final int HARMONICS = 4;

  /** Dims a nucleus in clumps, so that it sends out about as much light as others. */
  private static final double CLUMPED = 0.6;

  final double x;
  final double y;

  /** No pixel of it is farther from (x, y). */
  final double reach;

  /** Farthest that its faint glow goes. */
  final double glowReach;

  private final double a;
  private final double b;
  private final double cos;
  private final double sin;
  private final double bend;
  private final double[] even = new double[HARMONICS];
  private final double[] odd = new double[HARMONICS];
  private final double brightness;
  private final double softness;
  private final double glow;
  private final double grain;
  private final double contrast;
  private final long textureSeed;

  private final boolean dead;

  /** Per spot: x, y, radius squared (in units of the ellipse), change of brightness. */
  private final double[][] spots;

  private Nucleus(Nucleus shape, double x, double y, double cos, double sin) {
    this.x = x;
    this.y = y;
    reach = shape.reach;
    glowReach = shape.glowReach;
    a = shape.a;
    b = shape.b;
    this.cos = cos;
    this.sin = sin;
    bend = shape.bend;
    System.arraycopy(shape.even, 0, even, 0, HARMONICS);
    System.arraycopy(shape.odd, 0, odd, 0, HARMONICS);
    brightness = shape.brightness;
    softness = shape.softness;
    glow = shape.glow;
    grain = shape.grain;
    contrast = shape.contrast;
    textureSeed = shape.textureSeed;
    dead = shape.dead;
    spots = shape.spots;
  }

  /**
   * A random nucleus at the origin, lying along x.
   *
   * @param meanRadius of the population
   * @param dead whether its cell is: about as large and as bright as others, and in clumps
   */
  Nucleus(Rng rng, double meanRadius, boolean dead) {
    x = 0;
    y = 0;
    this.dead = dead;
    boolean condensed = rng.chance(0.045) && !dead;
    boolean irregular = rng.chance(0.12);
    double radius = meanRadius * StrictMath.exp(0.2 * rng.gaussian());
    if (condensed) radius *= 0.7;
    double elongation =
        condensed ? rng.uniform(1.4, 2.3) : 1.08 + StrictMath.abs(0.32 * rng.gaussian());
    elongation = Math.min(elongation, 2.4);
    a = radius * Math.sqrt(elongation);
    b = radius / Math.sqrt(elongation);
    cos = 1;
    sin = 0;
    bend = Math.max(-0.25, Math.min(0.25, rng.gaussian() * (irregular ? 0.16 : 0.05)));
    double sum = 0;
    for (int k = 0; k < HARMONICS; k++) {
      double size = (irregular ? 0.05 : 0.022) / (1 + 0.35 * k);
      even[k] = size * rng.gaussian();
      odd[k] = size * rng.gaussian();
      sum += Math.sqrt(even[k] * even[k] + odd[k] * odd[k]);
    }
    brightness =
        condensed ? rng.uniform(1.8, 2.8) : Math.max(0.3, StrictMath.exp(0.33 * rng.gaussian()));
    softness = rng.chance(0.1) ? rng.uniform(0.12, 0.3) * radius : 0.5;
    reach = (a * (1 + sum) + Math.abs(bend) * b * 1.5) * 1.02 + softness + 1;
    glow = rng.uniform(0.01, 0.06);
    glowReach = Math.max(reach, rng.uniform(2.5, 4.5) * a);
    grain = rng.uniform(0.28, 0.4);
    contrast = condensed ? 0.15 : rng.uniform(0.1, 0.4);
    textureSeed = rng.next();
    if (dead) {
      spots = clumps(rng);
      return;
    }
    int nucleoli = condensed ? 0 : rng.below(4);
    int bright = condensed ? 0 : Math.max(0, rng.below(10) - 3);
    spots = new double[nucleoli + bright][];
    for (int i = 0; i < spots.length; i++) {
      double distance = Math.sqrt(rng.uniform()) * (i < nucleoli ? 0.6 : 0.8);
      double phi = rng.uniform(0, 2 * StrictMath.PI);
      double size = i < nucleoli ? rng.uniform(0.12, 0.28) : rng.uniform(0.07, 0.14);
      double change = i < nucleoli ? -rng.uniform(0.2, 0.55) : rng.uniform(0.15, 0.6);
      spots[i] =
          new double[] {
            distance * StrictMath.cos(phi), distance * StrictMath.sin(phi), size * size, change
          };
    }
  }

  /** Three to six, around the middle, of which each is lighter than all between them. */
  private static double[][] clumps(Rng rng) {
    double[][] clumps = new double[3 + rng.below(4)][];
    double first = rng.uniform(0, 2 * StrictMath.PI);
    for (int i = 0; i < clumps.length; i++) {
      double phi = first + 2 * StrictMath.PI * (i + rng.uniform(-0.25, 0.25)) / clumps.length;
      double distance = rng.uniform(0.4, 0.65);
      double size = rng.uniform(0.17, 0.27);
      clumps[i] =
          new double[] {
            distance * StrictMath.cos(phi),
            distance * StrictMath.sin(phi),
            size * size,
            rng.uniform(1.3, 2.2)
          };
    }
    return clumps;
  }

  /** Whether its cell is. */
  boolean isDead() {
    return dead;
  }

  /** The same elsewhere, lying along an angle in radians. */
  Nucleus at(double newX, double newY, double angle) {
    return new Nucleus(this, newX, newY, StrictMath.cos(angle), StrictMath.sin(angle));
  }

  Nucleus movedTo(double newX, double newY) {
    return new Nucleus(this, newX, newY, cos, sin);
  }

  /** Distance from the centre to the outline in a direction (a unit vector). */
  double extent(double dx, double dy) {
    double u = (dx * cos + dy * sin) / a;
    double v = (dy * cos - dx * sin) / b;
    double length = Math.sqrt(u * u + v * v);
    return outline(u / length, v / length) / length;
  }

  /** Where the outline is in the direction (c, s), in units of the ellipse. */
  private double outline(double c, double s) {
    double r = 1;
    double ck = c;
    double sk = s;
    for (int k = 0; k < HARMONICS; k++) {
      double next = ck * c - sk * s;
      sk = sk * c + ck * s;
      ck = next;
      r += even[k] * ck + odd[k] * sk;
    }
    return r;
  }

  /**
   * Looks at one point.
   *
   * @param light receives at index 0 the light the point sends out, where 1 is usual for a nucleus
   * @return 0 at the centre, below 1 inside, above 1 outside
   */
  double look(double px, double py, double[] light) {
    double dx = px - x;
    double dy = py - y;
    double u = (dx * cos + dy * sin) / a;
    double v = (dy * cos - dx * sin) / b;
    v += bend * (u * u - 0.25) * 1.5;
    double rho = Math.sqrt(u * u + v * v);
    double edge = rho < 1e-9 ? 1 : outline(u / rho, v / rho);
    double depth = rho / edge;
    double inside = (edge - rho) * Math.sqrt(a * b) / (2 * softness) + 0.5;
    if (inside <= 0) {
      light[0] = 0;
      return depth;
    }
    double dome = 0.62 + 0.38 * Math.sqrt(Math.max(0, 1 - depth * depth));
    double chromatin =
        1
            + contrast
                * (Rng.noise(textureSeed, u / grain, v / grain)
                    + 0.7 * Rng.noise(textureSeed + 1, 2.2 * u / grain, 2.2 * v / grain));
    for (double[] spot : spots) {
      double d = (u - spot[0]) * (u - spot[0]) + (v - spot[1]) * (v - spot[1]);
      if (d < 2 * spot[2]) {
        double fall = 1 - d / (2 * spot[2]);
        chromatin += spot[3] * fall * fall * 1.6;
      }
    }
    if (dead) chromatin *= CLUMPED;
    light[0] = brightness * Math.max(0.1, chromatin) * dome * Math.min(1, inside);
    return depth;
  }

  /** The faint light around it: the cell body, and what is out of focus. */
  double glow(double px, double py) {
    double dx = px - x;
    double dy = py - y;
    double u = (dx * cos + dy * sin) / glowReach;
    double v = (dy * cos - dx * sin) / (0.6 * glowReach);
    double d = u * u + v * v;
    if (d >= 1) return 0;
    double fall = (1 - d) * (1 - d);
    return brightness * glow * fall * fall;
  }
}
