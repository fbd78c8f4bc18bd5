package sc.fiji.spyhop.generate.adversarial;

import java.util.Random;
import sc.fiji.spyhop.generate.ImageMaker;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.util.SplitMix64;

/** Numbers from a standard normal distribution. */
final class Noise {

  private Noise() {}

  /**
   * The same for the same seed and step.
   *
   * @return [count, size, 1, 1]
   */
  static Tensor of(int count, int size, long seed, long step) {
    Random random = new Random(SplitMix64.mix(SplitMix64.first(seed) + step));
    float[] values = ImageMaker.noise(count * size, random);
    return new Tensor(Axes.NCHW, new int[] {count, size, 1, 1}, values);
  }
}
