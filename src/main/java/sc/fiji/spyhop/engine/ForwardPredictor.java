package sc.fiji.spyhop.engine;

import java.util.Collection;
import java.util.Map;
import java.util.function.UnaryOperator;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.tensor.Tensor;

/**
 * The {@link Predictor} of an engine that predicts and no more: one without {@link
 * Capability#GRADIENTS}. It holds no native memory, unless it overrides {@link #close}.
 */
public abstract class ForwardPredictor implements Predictor {

  private final Network network;
  private final Device device;

  /**
   * For engines that predict and give no gradients.
   *
   * @param device the one really used
   */
  protected ForwardPredictor(Network network, Device device) {
    this.network = network;
    this.device = device;
  }

  @Override
  public final Network network() {
    return network;
  }

  @Override
  public final Device device() {
    return device;
  }

  @Override
  public final Tensor gradient(
      Map<String, Tensor> inputs,
      Collection<String> layers,
      UnaryOperator<Map<String, Tensor>> slopes,
      String of,
      RectifierRule rule) {
    throw new UnsupportedOperationException(device + ": this engine gives no gradients");
  }

  @Override
  public void close() {
    // nothing is held
  }
}
