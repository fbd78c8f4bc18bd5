package sc.fiji.spyhop.generate.adversarial;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.network.Activation;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.Notation;
import sc.fiji.spyhop.network.Parameter;
import sc.fiji.spyhop.network.Parameters;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.network.Shapes;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.util.SplitMix64;
import sc.fiji.spyhop.util.Strings;
import sc.fiji.spyhop.weights.Initialization;
import sc.fiji.spyhop.weights.Weights;

/**
 * A network that makes images and one that tells them from real ones.
 *
 * @param generator from noise [N, size, 1, 1] to images [N, channels, height, width], values from
 *     -1 to 1
 * @param discriminator from such images to one logit each, [N, 1] or [N, 1, 1, 1]: above 0 for real
 */
public record AdversarialNetworks(Network generator, Network discriminator) {

  private static final int MIN_SIDE = 8;

  /** A leaky ReLU of the published slope. */
  private static final String LEAKY = "[max(x,0.2*x)]";

  /** Standard deviation that kernels, and scales of batch norm about 1, begin with. */
  private static final double DEVIATION = 0.02;

  /** Maps at the narrow end are at least this high and wide, and less than twice that. */
  private static final int NARROW = 4;

  /** Maximum channels of a map, as multiples of the width. */
  private static final int WIDEST = 8;

  /**
   * Throws a {@link SpyhopException} if one of them has other inputs or outputs than told above.
   */
  public AdversarialNetworks {
    Shape made = output("generator", generator);
    Shape shown = input("discriminator", discriminator);
    Shape taken = input("generator", generator);
    require(
        taken.rank() == 2 && taken.equals(Shape.of(taken.channels(), 1, 1)),
        "generator",
        "an input of N x 1 x 1, numbers of noise",
        taken);
    require(made.isFixed() && made.rank() == 2, "generator", "images of one size", made);
    require(
        shown.isFixed() && made.equals(shown),
        "discriminator",
        "an input of " + made + ", as the generator makes",
        shown);
    Shape said = output("discriminator", discriminator);
    require(
        said.channels() == 1 && said.isFixed() && said.space().stream().allMatch(s -> s == 1),
        "discriminator",
        "one number for each image",
        said);
  }

  private static void require(boolean condition, String what, String expected, Shape received) {
    if (!condition) {
      throw new SpyhopException(
          Strings.format("The %s: expected %s, received %s.", what, expected, received));
    }
  }

  private static Shape input(String what, Network network) {
    if (network.inputs().size() == 1) return network.inputs().get(0).shape();
    throw new SpyhopException("The " + what + ": expected a network with one input.");
  }

  private static Shape output(String what, Network network) {
    if (network.outputs().size() == 1) return Shapes.of(network).get(network.outputs().get(0));
    throw new SpyhopException("The " + what + ": expected a network with one output.");
  }

  /**
   * The networks of Radford, Metz and Chintala (2015), "Unsupervised representation learning with
   * deep convolutional generative adversarial networks", for images of any size that suits: kernels
   * of 4 x 4, strides of 2, batch norm in all layers but the generator's last and the
   * discriminator's first and last.
   *
   * @param noise numbers that an image is made from
   * @param image channels, height and width; see {@link #suits}
   * @param width channels of the largest maps; doubled with each halving of the map, up to eight
   *     times as many
   */
  public static AdversarialNetworks dcgan(int noise, Shape image, int width) {
    int rows = image.space().get(0);
    int columns = image.space().get(1);
    int halvings = halvings(Math.min(rows, columns));
    if (!suits(rows) || !suits(columns) || rows % (1 << halvings) + columns % (1 << halvings) > 0) {
      throw new SpyhopException(
          Strings.format(
              "Size of images: expected sides such as %d or %d, which can be halved %d times,"
                  + " received %d x %d.",
              suiting(rows), suiting(columns), halvings, rows, columns));
    }
    int height = rows >> halvings;
    int breadth = columns >> halvings;
    String first = height == breadth ? "" + height : height + "x" + breadth;
    StringBuilder up = new StringBuilder();
    StringBuilder down = new StringBuilder();
    for (int i = halvings - 1; i >= 0; i--) {
      up.append(width * Math.min(WIDEST, 1 << i));
      up.append(i == halvings - 1 ? "T" + first + "v" : "T4/2").append(" BN ");
    }
    up.append(image.channels()).append("T4/2 tanh");
    for (int i = 0; i < halvings; i++) {
      down.append(width * Math.min(WIDEST, 1 << i)).append("C4/2s ");
      down.append(i == 0 ? "" : "BN ").append(LEAKY).append(' ');
    }
    down.append("1C").append(first).append("v linear");
    return of(up.toString(), down.toString(), noise, image);
  }

  /**
   * Networks in the notation of {@link Notation}.
   *
   * @throws SpyhopException if they do not fit each other; says what was expected
   */
  public static AdversarialNetworks of(
      String generator, String discriminator, int noise, Shape image) {
    return new AdversarialNetworks(
        Notation.parse(generator, Shape.of(noise, 1, 1)), Notation.parse(discriminator, image));
  }

  private static int halvings(int side) {
    int halvings = 0;
    while (side >> halvings >= 2 * NARROW) halvings++;
    return halvings;
  }

  /** Whether images of this height or width can be made by {@link #dcgan}. */
  public static boolean suits(int side) {
    return side >= MIN_SIDE && side % (1 << halvings(side)) == 0;
  }

  /** The height or width nearest to another that suits. */
  public static int suiting(int side) {
    if (side <= MIN_SIDE) return MIN_SIDE;
    int step = 1 << halvings(side);
    return (side + step / 2) / step * step;
  }

  Shape image() {
    return discriminator.inputs().get(0).shape();
  }

  /** Numbers that an image is made from. */
  int noise() {
    return generator.inputs().get(0).shape().channels();
  }

  /**
   * Weights to begin with, as published: kernels normal with a standard deviation of 0.02, scales
   * of batch norm about 1 with the same.
   */
  static Weights initial(Network network, long seed) {
    Map<String, Tensor> all = new HashMap<>(Initialization.of(network, seed).tensors());
    for (Parameter p : Parameters.of(network)) {
      double mean = p.role() == Parameter.Role.SCALE ? 1 : 0;
      if (p.role() != Parameter.Role.SCALE && p.role() != Parameter.Role.KERNEL) continue;
      Random random = new Random(SplitMix64.mix(seed + p.name().hashCode()));
      float[] values = all.get(p.name()).data();
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) (mean + DEVIATION * random.nextGaussian());
      }
    }
    return new Weights(all).fittedTo(network);
  }

  /** The layer whose result is the logit: the last one, or that in front of a final function. */
  String logit() {
    Layer last = discriminator.layer(discriminator.outputs().get(0));
    boolean function =
        last instanceof Activation a
            && (a.function() == Layer.Function.SIGMOID || a.function() == Layer.Function.SOFTMAX);
    return function ? last.inputs().get(0) : last.name();
  }
}
