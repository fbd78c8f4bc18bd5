package sc.fiji.spyhop.engine;

import java.util.Map;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.weights.Weights;

/** A compiled network that learns. Holds native memory until closed. Not thread safe. */
public interface Trainer extends AutoCloseable {

  /** The device really used. */
  Device device();

  /**
   * One step of gradient descent on a minibatch. If the loss or the gradient is not finite, the
   * weights are left as they were and the result says so.
   *
   * @param inputs by input name, NCHW or NC
   * @param targets by the layer of each objective of the plan
   * @param learningRate for this step, positive
   */
  Step step(Map<String, Tensor> inputs, Map<String, Target> targets, double learningRate);

  /** A copy of the network's present weights, running statistics included. */
  Weights weights();

  /** A copy of the optimiser's memory, to resume with; includes the number of steps made. */
  Weights optimizerState();

  /** Continues from what {@link #optimizerState} gave. */
  void restore(Weights weights, Weights optimizerState);

  @Override
  void close();

  /**
   * What came of a step.
   *
   * @param loss mean over the minibatch, before the step, without L2
   * @param gradientNorm Euclidean norm over all trained parameters, before clipping
   */
  record Step(double loss, double gradientNorm) {

    /** False if nothing was learned because numbers overflowed. */
    public boolean isFinite() {
      return Double.isFinite(loss) && Double.isFinite(gradientNorm);
    }
  }
}
