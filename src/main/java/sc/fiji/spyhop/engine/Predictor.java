package sc.fiji.spyhop.engine;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;

/**
 * A compiled network that predicts. Holds native memory until closed. Safe for use by several
 * threads, which may wait for each other.
 */
public interface Predictor extends AutoCloseable {

  /** The network as it was compiled, whose names inputs and layers go by. */
  Network network();

  /** The device really used. */
  Device device();

  /**
   * Activations of the named layers.
   *
   * @param inputs by input name, NCHW or NC, of the shapes the network declares
   * @param layers any layers of the network
   * @return one tensor for each name asked, NCHW or NC
   */
  Map<String, Tensor> activations(Map<String, Tensor> inputs, Collection<String> layers);

  /**
   * Gradient of whatever is made of activations, in prediction mode: one pass forward and one back.
   *
   * @param layers any layers
   * @param slopes is given their activations and answers with the gradient with respect to each, of
   *     the same shape; those it leaves out count as zeros
   * @param of name of a network input, or of a layer, with respect to whose activations it is
   * @param rule how it goes back through rectifiers
   * @return a tensor of the shape of that input or layer; zeros where nothing depends on it
   */
  Tensor gradient(
      Map<String, Tensor> inputs,
      Collection<String> layers,
      UnaryOperator<Map<String, Tensor>> slopes,
      String of,
      RectifierRule rule);

  /** The same by the derivative. */
  default Tensor gradient(
      Map<String, Tensor> inputs,
      Collection<String> layers,
      UnaryOperator<Map<String, Tensor>> slopes,
      String of) {
    return gradient(inputs, layers, slopes, of, RectifierRule.DERIVATIVE);
  }

  /**
   * Gradient of {@code sum(layer activations * weight)}.
   *
   * @param inputs by input name, NCHW or NC, of the shapes the network declares
   * @param layer any layer
   * @param weight of the shape of that layer's activations
   * @param of name of a network input, or of a layer
   * @param rule how it goes back through rectifiers
   * @return of the shape of that input or layer
   */
  default Tensor gradient(
      Map<String, Tensor> inputs, String layer, Tensor weight, String of, RectifierRule rule) {
    return gradient(inputs, List.of(layer), found -> Map.of(layer, weight), of, rule);
  }

  /** The same by the derivative. */
  default Tensor gradient(Map<String, Tensor> inputs, String layer, Tensor weight, String of) {
    return gradient(inputs, layer, weight, of, RectifierRule.DERIVATIVE);
  }

  /**
   * The network's outputs, in its order.
   *
   * @param inputs by input name, NCHW or NC, of the shapes the network declares
   * @return one for each output, NCHW or NC
   * @throws sc.fiji.spyhop.SpyhopException if an image has its axes in another order
   */
  default List<Tensor> predict(Map<String, Tensor> inputs) {
    inputs.values().forEach(Predictor::requireOrder);
    Map<String, Tensor> found = activations(inputs, network().outputs());
    return network().outputs().stream().map(found::get).toList();
  }

  /** Images in another order of axes would be read as if they were in this one. */
  private static void requireOrder(Tensor input) {
    if (input.rank() == 4) input.require(Axes.NCHW);
    if (input.rank() == 5) input.require(Axes.NCDHW);
  }

  /**
   * The only output of a network with one input and one output.
   *
   * @param input NCHW or NC, of the shape the network declares
   * @return NCHW or NC
   */
  default Tensor predict(Tensor input) {
    return predict(Map.of(network().inputs().get(0).name(), input)).get(0);
  }

  /**
   * Gives back memory that is only kept so that the next call is quick. That one takes longer, by
   * about a tenth of a second.
   */
  default void trim() {}

  @Override
  void close();
}
