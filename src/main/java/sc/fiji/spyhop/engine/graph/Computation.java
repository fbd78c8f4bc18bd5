package sc.fiji.spyhop.engine.graph;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import sc.fiji.spyhop.engine.RectifierRule;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.tensor.Tensor;

/**
 * A compiled network, whatever computes it. Names are those of its layers and inputs; tensors are
 * NCHW or NC. Not thread safe. Once closed, it throws IllegalStateException.
 */
public interface Computation extends AutoCloseable {

  /** The network as it was compiled, whose names inputs and layers go by. */
  Network network();

  /** All parameters, in the network's order. */
  List<? extends Slot> slots();

  /** To be told when values of {@link #slots} were written outside of a step. */
  default void slotsChanged() {}

  /** Activations of layers, as in prediction. */
  Map<String, Tensor> activations(Map<String, Tensor> inputs, Collection<String> layers);

  /**
   * Gradient of what is made of activations; zeros if it does not depend on what is asked for.
   * Parameters stay, and so do moving averages.
   *
   * @param layers of a computation that trains, those that losses look at
   * @param mode one that keeps what a backward pass needs
   * @param slopes is given their activations and answers with gradients with respect to them; those
   *     it leaves out count as zeros
   * @param of input or layer with respect to which it is; in training an input
   * @param rule how it goes back through rectifiers
   */
  Tensor gradient(
      Map<String, Tensor> inputs,
      Collection<String> layers,
      Mode mode,
      UnaryOperator<Map<String, Tensor>> slopes,
      String of,
      RectifierRule rule);

  /**
   * A training step: forward, back, and what changes parameters.
   *
   * @param layers that losses look at; the same in every step
   * @param gradients is given their activations and answers with gradients with respect to them;
   *     with none, the step ends
   * @param update changes parameters by the gradients that slots have now; answers whether the step
   *     counts, so that moving averages move
   */
  void step(
      Map<String, Tensor> inputs,
      List<String> layers,
      Mode mode,
      UnaryOperator<Map<String, Tensor>> gradients,
      BooleanSupplier update);

  @Override
  void close();
}
