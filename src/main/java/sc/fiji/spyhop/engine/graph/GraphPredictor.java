package sc.fiji.spyhop.engine.graph;

import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.Device;
import sc.fiji.spyhop.engine.MapShapes;
import sc.fiji.spyhop.engine.Predictor;
import sc.fiji.spyhop.engine.RectifierRule;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.tensor.Tensor;

/** Predicts; calls from several threads are done one after the other. */
public final class GraphPredictor implements Predictor {

  private final Computation computation;
  private final Device device;

  /** Owns the computation. */
  public GraphPredictor(Computation computation, Device device) {
    this.computation = computation;
    this.device = device;
  }

  @Override
  public Network network() {
    return computation.network();
  }

  @Override
  public Device device() {
    return device;
  }

  @Override
  public synchronized Map<String, Tensor> activations(
      Map<String, Tensor> inputs, Collection<String> layers) {
    for (String layer : layers) NetworkCheck.layer(network(), layer, "activations");
    return computation.activations(inputs, layers);
  }

  @Override
  public synchronized Tensor gradient(
      Map<String, Tensor> inputs, String layer, Tensor weight, String of, RectifierRule rule) {
    NetworkCheck.map(network(), of);
    NetworkCheck.layer(network(), layer, "gradient");
    int[] shape = MapShapes.of(network(), inputs).get(layer);
    if (!Arrays.equals(weight.shape(), shape)) {
      throw new SpyhopException(
          "gradient: expected a weight of shape "
              + Arrays.toString(shape)
              + " as the activations of layer "
              + layer
              + ", received "
              + Arrays.toString(weight.shape()));
    }
    return computation.gradient(inputs, layer, weight, of, rule);
  }

  @Override
  public synchronized void close() {
    computation.close();
  }
}
