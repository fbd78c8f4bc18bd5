package sc.fiji.spyhop.engine;

import java.util.List;
import sc.fiji.spyhop.expression.LossFormula;
import sc.fiji.spyhop.plugin.Plugins;

/**
 * How far a layer's activations are from their target. Every loss but {@link Focal} is a weighted
 * mean over positions (samples and pixels; weights of {@link Target} times class weights), so that
 * its size does not depend on the size of the batch. "Logits" are values before softmax or sigmoid.
 */
public sealed interface Loss {

  /**
   * Softmax cross-entropy of logits [N, classes, space...]. Target values: class numbers [N, 1,
   * space...]; a negative class number ignores the position.
   *
   * @param classWeights one per class, or empty for 1 each
   * @param labelSmoothing share of the target spread evenly over all classes, in [0, 1)
   */
  record CrossEntropy(List<Double> classWeights, double labelSmoothing) implements Loss {
    /** Copies the weights. */
    public CrossEntropy {
      classWeights = List.copyOf(classWeights);
    }

    /** All classes count alike, and targets are not smoothed. */
    public CrossEntropy() {
      this(List.of(), 0);
    }
  }

  /**
   * Sigmoid cross-entropy of logits, mean over channels. Target values: [0, 1], same shape;
   * negative ones are ignored.
   *
   * @param positiveWeights how much what is there counts beside what is not, {@code -(w t log p +
   *     (1 - t) log(1 - p))}, one for each channel; empty: 1 each. The mean is taken over
   *     positions, whatever these weights
   */
  record BinaryCrossEntropy(List<Double> positiveWeights) implements Loss {
    /** Copies the weights. */
    public BinaryCrossEntropy {
      positiveWeights = List.copyOf(positiveWeights);
    }

    /** What is there counts as much as what is not. */
    public BinaryCrossEntropy() {
      this(List.of());
    }
  }

  /**
   * Soft Dice loss (Milletari et al. 2016) of logits, {@code 1 - (2 sum pt + s) / (sum p + sum t +
   * s)}, sums over the whole minibatch, mean over classes. One channel: sigmoid, target in [0, 1]
   * of the same shape. Several: softmax, target class numbers as for cross-entropy.
   *
   * @param smooth added above and below, positive
   */
  record Dice(double smooth) implements Loss {
    /** With 1 added above and below. */
    public Dice() {
      this(1);
    }
  }

  /**
   * Soft Dice loss as {@link Dice}, of classes that do not exclude each other: of the sigmoid of
   * each channel, mean over channels. Target values: [0, 1], same shape; negative ones are ignored.
   *
   * @param smooth added above and below, positive
   */
  record SigmoidDice(double smooth) implements Loss {
    /** With 1 added above and below. */
    public SigmoidDice() {
      this(1);
    }
  }

  /**
   * Penalty-reduced focal loss of logits (Law and Deng 2018; Zhou et al. 2019, "Objects as
   * Points"): with p the sigmoid, {@code -(1 - p)^alpha log p} where the target is 1 and {@code -(1
   * - t)^beta p^alpha log(1 - p)} elsewhere, weighted sum over positions and channels, divided by
   * the weight of all targets of 1, or by 1 if that is less. Target values: [0, 1], same shape;
   * negative ones are ignored.
   *
   * @param alpha how much less sure answers count, positive; 2 as published
   * @param beta how much less neighbours of centres count, not negative; 4 as published
   */
  record Focal(double alpha, double beta) implements Loss {
    /** With the exponents as published, 2 and 4. */
    public Focal() {
      this(2, 4);
    }
  }

  /** {@code (y - t)^2}, mean over channels. Target values: same shape. */
  record SquaredError() implements Loss {}

  /** {@code |y - t|}, mean over channels. Target values: same shape. */
  record AbsoluteError() implements Loss {}

  /**
   * {@code 1 - SSIM}, the structural similarity of Wang et al. 2004 of images in the range 0 to 1:
   * means, variances and covariance in windows weighted by a Gaussian of 11 by 11 pixels and a
   * deviation of 1.5 (smaller ones in images of fewer pixels), constants of 0.01 and 0.03. Weighted
   * mean over channels and over the windows that lie inside; a window counts as its middle does.
   * Target values: same shape, [N, C, H, W].
   */
  record StructuralSimilarity() implements Loss {}

  /**
   * One that a user wrote. Target values: class numbers for {@link LossFormula.Output#SOFTMAX}, as
   * for cross-entropy; else the same shape.
   */
  record Formula(LossFormula formula) implements Loss {}

  /**
   * One that a plugin brings.
   *
   * @param classes whether target values are class numbers, as for cross-entropy; else they have
   *     the same shape
   */
  record Plugin(LossPlugin plugin, boolean classes) implements Loss {

    /** Its name and its jar, for messages. */
    public String origin() {
      return Plugins.describe(plugin);
    }
  }

  /** Quadratic up to {@code delta}, linear beyond (Huber 1964), mean over channels. */
  record Huber(double delta) implements Loss {}
}
