package sc.fiji.spyhop.engine;

import java.util.Map;
import java.util.function.UnaryOperator;
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

  /**
   * Forward and back only: the gradient is added to that of the next step, while the weights stay
   * as they are. Moving averages of batch norm move. If something is not finite, nothing is added.
   *
   * @return what came of it, as of a step
   */
  Step accumulate(Map<String, Tensor> inputs, Map<String, Target> targets);

  /**
   * A step whose loss is known elsewhere.
   *
   * @param slopes is given the activations of the objectives' layers, in training mode, and answers
   *     with the gradient of the loss with respect to each, of the same shape; with none, the step
   *     ends and nothing changes
   * @return its loss is NaN
   */
  Step step(
      Map<String, Tensor> inputs, UnaryOperator<Map<String, Tensor>> slopes, double learningRate);

  /**
   * Loss of a minibatch in training mode and its gradient with respect to an input. Nothing is
   * learned, and moving averages stay.
   *
   * @param of name of an input of the network
   * @throws UnsupportedOperationException if layers are frozen and the engine takes no gradient
   *     through those
   */
  Pull pull(Map<String, Tensor> inputs, Map<String, Target> targets, String of);

  /** A copy of the network's present weights, running statistics included. */
  Weights weights();

  /** A copy of the optimiser's memory, to resume with; includes the number of steps made. */
  Weights optimizerState();

  /** Continues from what {@link #optimizerState} gave. */
  void restore(Weights weights, Weights optimizerState);

  @Override
  void close();

  /**
   * Where an input would have to go for a larger loss.
   *
   * @param loss mean over the minibatch
   * @param gradient of the shape of the input; zeros if the loss is not finite
   */
  record Pull(double loss, Tensor gradient) {}

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
