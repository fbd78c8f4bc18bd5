package sc.fiji.spyhop.generate.fooling;

import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.util.Strings;

/** How images are made that fool a model. */
public sealed interface FoolingMethod {

  /** As in settings and tables. */
  String word();

  /**
   * Evolution whose genes are pixels.
   *
   * @param images of a generation, at least 1
   */
  record Direct(int images) implements FoolingMethod {
    /** Published: a tenth of the pixels, half of that after every 1000 generations. */
    static final double RATE = 0.1;

    static final int HALVING = 1000;
    static final double STRENGTH = 15;

    /** Throws a {@link SpyhopException} if a generation has no image. */
    public Direct {
      require(images >= 1, "at least 1 image in a generation", images);
    }

    @Override
    public String word() {
      return "direct";
    }
  }

  /**
   * Evolution of networks that paint patterns.
   *
   * @param images of a generation, at least 1
   */
  record Patterns(int images) implements FoolingMethod {
    /** Throws a {@link SpyhopException} if a generation has no image. */
    public Patterns {
      require(images >= 1, "at least 1 image in a generation", images);
    }

    @Override
    public String word() {
      return "cppn";
    }
  }

  /**
   * Gradient ascent with regularization (Yosinski, Clune, Nguyen, Fuchs and Lipson 2015). After
   * each step the image, relative to its ground, shrinks, is blurred, and loses its weakest pixels.
   *
   * @param rate root mean square of a step, as a share of white, above 0
   * @param decay share that the image loses in each step (L2 decay), in [0, 1)
   * @param blur standard deviation of the Gaussian, pixels; 0 for none
   * @param every steps from one blur to the next, at least 1
   * @param clip share of the pixels, the weakest, that become ground in each step, in [0, 1)
   * @param noise standard deviation of what is begun with around the ground, as a share of white; 0
   *     for the ground itself
   */
  record Ascent(double rate, double decay, double blur, int every, double clip, double noise)
      implements FoolingMethod {
    /** Throws a {@link SpyhopException} that names the first number that is out of range. */
    public Ascent {
      require(rate > 0 && Double.isFinite(rate), "a rate above 0", rate);
      require(decay >= 0 && decay < 1, "a decay from 0 to below 1", decay);
      require(blur >= 0 && blur <= 100, "a blur of 0 to 100 pixels", blur);
      require(every >= 1, "at least 1 step from one blur to the next", every);
      require(clip >= 0 && clip < 1, "a share of pixels to clip from 0 to below 1", clip);
      require(noise >= 0 && noise <= 1, "noise from 0 to 1", noise);
    }

    @Override
    public String word() {
      return "gradient";
    }
  }

  private static void require(boolean condition, String expected, double received) {
    if (condition) return;
    throw new SpyhopException(
        Strings.format("Fooling: expected %s, received %s.", expected, received));
  }
}
