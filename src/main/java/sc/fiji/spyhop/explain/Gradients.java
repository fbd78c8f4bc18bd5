package sc.fiji.spyhop.explain;

import java.util.Map;
import sc.fiji.spyhop.engine.RectifierRule;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.tensor.Tensor;

/**
 * The inside of a network that is asked why it says a number. The number is taken before the last
 * function, softmax or sigmoid, where it is not squeezed: the logit.
 */
public interface Gradients {

  /** The network that is asked, with one input. */
  Network network();

  /** The layer whose outputs the number is made of. */
  Layer end();

  /** Shapes of all maps for what the network is shown, by layer. */
  Map<String, Shape> shapes();

  /** The number of each image of a batch, [n, channels, height, width]. */
  double[] values(Tensor batch);

  /** What a layer gives for a batch. */
  Tensor activations(Tensor batch, String layer);

  /**
   * How the sum of the numbers of a batch changes with a map.
   *
   * @param of a layer, or the network's input
   * @return of the shape of that map
   */
  Tensor gradient(Tensor batch, String of, RectifierRule rule);

  /** The same with respect to the images. */
  default Tensor gradient(Tensor batch, RectifierRule rule) {
    return gradient(batch, network().inputs().get(0).name(), rule);
  }
}
