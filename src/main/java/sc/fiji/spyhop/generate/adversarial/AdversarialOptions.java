package sc.fiji.spyhop.generate.adversarial;

import sc.fiji.spyhop.SpyhopException;

/**
 * How generator and discriminator learn. Defaults are those of Radford, Metz and Chintala (2015),
 * but for the labels of real images (Salimans et al. 2016) and the moving average (Yazıcı et al.
 * 2019).
 *
 * @param epochs rounds over all images, at least 1
 * @param stepsPerEpoch minibatches in an epoch; 0 for as many as show every image about once
 * @param batch images in a minibatch, at least 2, as batch norm looks at them together
 * @param learningRate of both, positive
 * @param momentum decay of Adam's average of gradients, in [0, 1)
 * @param smoothing by how much labels of real images are below 1, in [0, 0.5)
 * @param averaging decay of the moving average of the generator's weights, in [0, 1); 0 for none
 * @param seed of weights, noise and the order of images
 */
public record AdversarialOptions(
    int epochs,
    int stepsPerEpoch,
    int batch,
    double learningRate,
    double momentum,
    double smoothing,
    double averaging,
    long seed) {

  /** 20 epochs of minibatches of 64 images. */
  public static final AdversarialOptions DEFAULT =
      new AdversarialOptions(20, 0, 64, 2e-4, 0.5, 0.1, 0.999, 1);

  /** Throws a {@link SpyhopException} that names the first option that is out of range. */
  public AdversarialOptions {
    require(epochs >= 1, "epochs", "at least 1", epochs);
    require(stepsPerEpoch >= 0, "minibatches in an epoch", "0 or more", stepsPerEpoch);
    require(batch >= 2, "images in a minibatch", "at least 2", batch);
    require(
        learningRate > 0 && Double.isFinite(learningRate),
        "learning rate",
        "a number above 0",
        learningRate);
    require(momentum >= 0 && momentum < 1, "momentum", "a number from 0 to below 1", momentum);
    require(
        smoothing >= 0 && smoothing < 0.5, "smoothing", "a number from 0 to below 0.5", smoothing);
    require(averaging >= 0 && averaging < 1, "averaging", "a number from 0 to below 1", averaging);
  }

  private static void require(boolean condition, String what, String expected, Object received) {
    if (!condition) {
      throw new SpyhopException(what + ": expected " + expected + ", received " + received + ".");
    }
  }
}
