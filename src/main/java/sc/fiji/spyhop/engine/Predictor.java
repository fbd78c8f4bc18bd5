package sc.fiji.spyhop.engine;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.tensor.Tensor;

/**
 * A compiled network that predicts. Holds native memory until closed. Safe for use by several
 * threads, which may wait for each other.
 */
public interface Predictor extends AutoCloseable {

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
   * Gradient of {@code sum(layer activations * weight)}, in prediction mode.
   *
   * @param layer any layer
   * @param weight of the shape of that layer's activations
   * @param of name of a network input, or of a layer, with respect to whose activations it is
   * @param rule how it goes back through rectifiers
   * @return a tensor of the shape of that input or layer; zeros where nothing depends on it
   */
  Tensor gradient(
      Map<String, Tensor> inputs, String layer, Tensor weight, String of, RectifierRule rule);

  /** The same by the derivative. */
  default Tensor gradient(Map<String, Tensor> inputs, String layer, Tensor weight, String of) {
    return gradient(inputs, layer, weight, of, RectifierRule.DERIVATIVE);
  }

  /** The network's outputs, in its order. */
  default List<Tensor> predict(Map<String, Tensor> inputs) {
    Map<String, Tensor> found = activations(inputs, network().outputs());
    return network().outputs().stream().map(found::get).toList();
  }

  /** The only output of a network with one input and one output. */
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
