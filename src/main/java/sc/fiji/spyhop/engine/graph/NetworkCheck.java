package sc.fiji.spyhop.engine.graph;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.Parameter;
import sc.fiji.spyhop.network.Parameters;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.network.Shapes;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.weights.Weights;

/** Refuses what an engine cannot work with, in one sentence. */
public final class NetworkCheck {

  private NetworkCheck() {}

  /**
   * Also checks that layers fit each other.
   *
   * @throws SpyhopException if not, or there are volumes in it
   */
  public static void planes(Network network) {
    Map<String, Shape> shapes = Shapes.of(network);
    for (Layer layer : network.layers()) {
      int rank = shapes.get(layer.input()).rank();
      if (rank == 0 || rank == 2) continue;
      throw new SpyhopException(
          "layer "
              + layer.name()
              + ": expected two spatial dimensions, received "
              + rank
              + "; this engine works on planes");
    }
  }

  /**
   * Whether all parameters are there, in their shapes.
   *
   * @throws SpyhopException if not
   */
  public static void weights(Network network, Weights weights) {
    for (Parameter p : Parameters.of(network)) {
      Tensor t = weights.tensors().get(p.name());
      List<Integer> shape = t == null ? List.of() : Arrays.stream(t.shape()).boxed().toList();
      if (t == null || !shape.equals(p.shape())) {
        throw new SpyhopException(
            "weights: expected "
                + p.name()
                + " of shape "
                + p.shape()
                + ", received "
                + (t == null ? "none" : shape)
                + "; they belong to another network");
      }
    }
  }

  /**
   * Whether there is a layer of that name.
   *
   * @param what it is asked for, which the message begins with
   * @throws SpyhopException if there is none
   */
  public static void layer(Network network, String name, String what) {
    List<String> layers = network.layers().stream().map(Layer::name).toList();
    if (layers.contains(name)) return;
    throw new SpyhopException(
        what + ": the network has no layer named \"" + name + "\"; it has " + layers);
  }

  /**
   * Whether there is an input or a layer of that name.
   *
   * @throws SpyhopException if there is none
   */
  public static void map(Network network, String name) {
    List<String> inputs = network.inputs().stream().map(Network.Input::name).toList();
    if (inputs.contains(name)) return;
    if (network.layers().stream().anyMatch(l -> l.name().equals(name))) return;
    throw new SpyhopException(
        "the network has no input or layer named \"" + name + "\"; its inputs are " + inputs);
  }
}
