package sc.fiji.spyhop.engine;

import java.util.Map;
import java.util.function.UnaryOperator;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.weights.Weights;

/**
 * A compiled network that learns. Holds native memory until closed. Not thread safe. A training
 * loop of one's own asks it for {@link #gradients}, changes the weights as it likes and {@link
 * #load loads} them:
 *
 * <pre>
 * Trainer.Gradients found = trainer.gradients(input, Target.of(classes));
 * trainer.load(trainer.weights().plus(found.weights(), -0.1));
 * </pre>
 */
public interface Trainer extends AutoCloseable {

  /** What is trained. */
  Network network();

  /** What is minimised, and how. */
  TrainingPlan plan();

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
   * A step of a network with one input and one objective.
   *
   * @param input NCHW or NC
   * @param target what the objective asks for
   */
  default Step step(Tensor input, Target target, double learningRate) {
    return step(named(input), Map.of(objective(), target), learningRate);
  }

  /**
   * The loss and its gradient with respect to the parameters, forward and back only, in training
   * mode: the weights stay as they are, and so does what {@link #accumulate} adds up. Moving
   * averages of batch norm move.
   *
   * @param inputs by input name, NCHW or NC
   * @param targets by the layer of each objective of the plan
   */
  Gradients gradients(Map<String, Tensor> inputs, Map<String, Target> targets);

  /** The same of a network with one input and one objective. */
  default Gradients gradients(Tensor input, Target target) {
    return gradients(named(input), Map.of(objective(), target));
  }

  /**
   * The same of a loss that is known elsewhere.
   *
   * @param slopes as for a step
   * @return without L2; none if there are no slopes
   */
  Weights gradients(Map<String, Tensor> inputs, UnaryOperator<Map<String, Tensor>> slopes);

  private Map<String, Tensor> named(Tensor input) {
    return Map.of(network().inputs().get(0).name(), input);
  }

  private String objective() {
    return plan().objectives().get(0).layer();
  }

  /**
   * A step whose loss is known elsewhere.
   *
   * @param slopes is given the activations of the objectives' layers, in training mode, and answers
   *     with the gradient of the loss with respect to each, of the same shape; with none, the step
   *     ends
   * @return Euclidean norm of the gradient over all trained parameters, before clipping; if it is
   *     not finite, the weights are left as they were
   */
  double step(
      Map<String, Tensor> inputs, UnaryOperator<Map<String, Tensor>> slopes, double learningRate);

  /**
   * Forward and back only: the gradient is added to that of the next step, while the weights stay
   * as they are. Moving averages of batch norm move.
   *
   * @param slopes as for a step
   * @return norm of what was added; if it is not finite, nothing was
   */
  double accumulate(Map<String, Tensor> inputs, UnaryOperator<Map<String, Tensor>> slopes);

  /**
   * Gradient with respect to an input, in training mode. Nothing is learned, and moving averages
   * stay.
   *
   * @param slopes as for a step; with none, the gradient is zeros
   * @param of name of an input of the network
   * @throws UnsupportedOperationException if layers are frozen and the engine takes no gradient
   *     through those
   */
  Tensor gradient(Map<String, Tensor> inputs, UnaryOperator<Map<String, Tensor>> slopes, String of);

  /** A copy of the network's present weights, running statistics included. */
  Weights weights();

  /** A copy of the optimiser's memory, to resume with; includes the number of steps made. */
  Weights optimizerState();

  /** Continues from what {@link #optimizerState} gave. */
  void restore(Weights weights, Weights optimizerState);

  /**
   * Goes on with other weights; the optimiser remembers what it did.
   *
   * @param weights of the network, running statistics included
   */
  default void load(Weights weights) {
    restore(weights, optimizerState());
  }

  @Override
  void close();

  /**
   * A loss and what it changes with.
   *
   * @param loss mean over the minibatch, without L2
   * @param weights derivative with respect to each parameter that is trained, by its name and of
   *     its shape; none if the loss is not finite
   */
  record Gradients(double loss, Weights weights) {}

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
