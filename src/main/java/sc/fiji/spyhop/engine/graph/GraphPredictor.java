package sc.fiji.spyhop.engine.graph;

import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.function.UnaryOperator;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.Device;
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
      Map<String, Tensor> inputs,
      Collection<String> layers,
      UnaryOperator<Map<String, Tensor>> slopes,
      String of,
      RectifierRule rule) {
    NetworkCheck.map(network(), of);
    for (String layer : layers) NetworkCheck.layer(network(), layer, "gradient");
    return computation.gradient(
        inputs, layers, Mode.EXPLAIN, found -> checked(slopes.apply(found), found), of, rule);
  }

  private static Map<String, Tensor> checked(
      Map<String, Tensor> slopes, Map<String, Tensor> activations) {
    slopes.forEach(
        (layer, slope) -> {
          Tensor found = activations.get(layer);
          if (found == null) {
            throw new SpyhopException(
                "gradient: expected slopes of " + activations.keySet() + ", received " + layer);
          }
          if (Arrays.equals(slope.shape(), found.shape())) return;
          throw new SpyhopException(
              "gradient: expected a weight of shape "
                  + Arrays.toString(found.shape())
                  + " as the activations of layer "
                  + layer
                  + ", received "
                  + Arrays.toString(slope.shape()));
        });
    return slopes;
  }

  @Override
  public synchronized void close() {
    computation.close();
  }
}
