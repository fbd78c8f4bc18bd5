package sc.fiji.spyhop.generate.adversarial;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import sc.fiji.spyhop.engine.Device;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.engine.Loss;
import sc.fiji.spyhop.engine.Losses;
import sc.fiji.spyhop.engine.Optimizer;
import sc.fiji.spyhop.engine.Target;
import sc.fiji.spyhop.engine.Trainer;
import sc.fiji.spyhop.engine.TrainingPlan;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.weights.Weights;

/**
 * Generator and discriminator, each with its optimizer. A step shows the discriminator a minibatch
 * of real images and one of generated ones, each by itself, as batch norm tells them apart
 * otherwise, and changes it by both; then the generator is changed so that the discriminator, as it
 * is now, takes its images for real.
 */
final class AdversarialSteps implements AutoCloseable {

  private static final Loss LOSS = new Loss.BinaryCrossEntropy();
  private static final double SECOND_MOMENT = 0.999;

  /**
   * What came of a step.
   *
   * @param discriminatorLoss of real and generated images together, labels smoothed
   * @param generatorLoss how far its images are from being taken for real
   * @param realTaken share of the real images that the discriminator took for real
   * @param generatedTaken the same of the generated ones
   */
  record Made(
      double discriminatorLoss, double generatorLoss, double realTaken, double generatedTaken) {

    boolean isFinite() {
      return Double.isFinite(discriminatorLoss) && Double.isFinite(generatorLoss);
    }
  }

  /** Loss, and share taken for real, of what the discriminator was shown. */
  private static final class Judged implements UnaryOperator<Map<String, Tensor>> {
    private final String layer;
    private final float label;
    private double loss = Double.NaN;
    private double taken;

    Judged(String layer, double label) {
      this.layer = layer;
      this.label = (float) label;
    }

    @Override
    public Map<String, Tensor> apply(Map<String, Tensor> activations) {
      Tensor logits = activations.get(layer);
      Tensor labels = Tensor.zeros(logits.axes(), logits.shape());
      Arrays.fill(labels.data(), label);
      Tensor slopes = Tensor.zeros(logits.axes(), logits.shape());
      loss = Losses.evaluate(LOSS, logits, Target.of(labels), slopes.data());
      for (float logit : logits.data()) if (logit > 0) taken += 1.0 / logits.length();
      return Double.isFinite(loss) ? Map.of(layer, slopes) : Map.of();
    }
  }

  private final Trainer generator;
  private final Trainer discriminator;
  private final String noise;
  private final String made;
  private final String shown;
  private final String said;
  private final double smoothing;

  AdversarialSteps(
      AdversarialNetworks networks,
      Weights generatorWeights,
      Weights discriminatorWeights,
      AdversarialOptions options,
      Engine engine,
      Device device) {
    noise = networks.generator().inputs().get(0).name();
    made = networks.generator().outputs().get(0);
    shown = networks.discriminator().inputs().get(0).name();
    said = networks.logit();
    smoothing = options.smoothing();
    generator = engine.trainer(networks.generator(), generatorWeights, plan(made, options), device);
    try {
      discriminator =
          engine.trainer(
              networks.discriminator(), discriminatorWeights, plan(said, options), device);
    } catch (RuntimeException | Error e) {
      generator.close();
      throw e;
    }
  }

  private static TrainingPlan plan(String layer, AdversarialOptions options) {
    return new TrainingPlan(
        List.of(new TrainingPlan.Objective(layer, LOSS, 1)),
        new Optimizer.Adam(options.momentum(), SECOND_MOMENT, 1e-8),
        0,
        Double.POSITIVE_INFINITY,
        Set.of(),
        options.seed());
  }

  /**
   * @param real [N, channels, height, width], values from -1 to 1
   * @param from noise for as many images
   */
  Made step(Tensor real, Tensor from, double rate) {
    Judged ofReal = new Judged(said, 1 - smoothing);
    Judged ofMade = new Judged(said, 0);
    Judged fooled = new Judged(said, 1);
    generator.step(
        Map.of(noise, from),
        found -> {
          Map<String, Tensor> images = Map.of(shown, found.get(made));
          discriminator.accumulate(Map.of(shown, real), ofReal);
          double norm = discriminator.step(images, ofMade, rate);
          if (!Double.isFinite(norm)) return Map.of();
          Tensor slopes = discriminator.gradient(images, fooled, shown);
          return Double.isFinite(fooled.loss) ? Map.of(made, slopes) : Map.of();
        },
        rate);
    return new Made(ofReal.loss + ofMade.loss, fooled.loss, ofReal.taken, ofMade.taken);
  }

  Trainer generator() {
    return generator;
  }

  Trainer discriminator() {
    return discriminator;
  }

  @Override
  public void close() {
    generator.close();
    discriminator.close();
  }
}
