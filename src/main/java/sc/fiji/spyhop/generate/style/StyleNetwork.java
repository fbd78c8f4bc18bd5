package sc.fiji.spyhop.generate.style;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.Parameters;
import sc.fiji.spyhop.network.Pooling;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.network.Shapes;
import sc.fiji.spyhop.network.Surgery;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.weights.Weights;

/**
 * As much of a network as leads to the layers that are looked at, for images of any size.
 *
 * @param layers that are looked at, which are its outputs
 */
record StyleNetwork(Network network, Weights weights, StyleLayers layers) {

  /**
   * Of a network that was trained for whatever.
   *
   * @param averaging whether poolings take means
   * @throws sc.fiji.spyhop.SpyhopException if it has no such layers, or takes one size of images
   *     only
   */
  static StyleNetwork of(Network whole, Weights weights, StyleLayers layers, boolean averaging) {
    Set<String> looked = new LinkedHashSet<>(layers.style().keySet());
    looked.addAll(layers.content().keySet());
    Network cut = Surgery.only(whole, List.copyOf(looked));
    Shape any = Shape.of(cut.inputs().get(0).shape().channels(), Shape.ANY, Shape.ANY);
    Network open = Surgery.withInput(cut, any);
    if (averaging) open = averaged(open);
    Map<String, Tensor> needed = new LinkedHashMap<>();
    Parameters.of(open).forEach(p -> needed.put(p.name(), weights.get(p.name())));
    return new StyleNetwork(open, new Weights(needed), layers);
  }

  private static Network averaged(Network network) {
    List<Layer> layers = new ArrayList<>();
    for (Layer layer : network.layers()) {
      layers.add(
          layer instanceof Pooling p && p.kind() == Layer.PoolingKind.MAX
              ? new Pooling(
                  p.name(),
                  p.input(),
                  Layer.PoolingKind.AVERAGE,
                  p.kernel(),
                  p.stride(),
                  p.padding(),
                  p.ceilMode(),
                  p.countIncludePad())
              : layer);
    }
    return new Network(network.inputs(), layers, network.outputs());
  }

  String input() {
    return network.inputs().get(0).name();
  }

  /** Values of all maps of an image together. */
  double values(int height, int width) {
    return shapes(height, width).values().stream().mapToDouble(StyleNetwork::values).sum();
  }

  /** Values of the maps that are looked at. */
  double looked(int height, int width) {
    Map<String, Shape> shapes = shapes(height, width);
    return network.outputs().stream().mapToDouble(o -> values(shapes.get(o))).sum();
  }

  private Map<String, Shape> shapes(int height, int width) {
    int channels = network.inputs().get(0).shape().channels();
    return Shapes.of(network, Map.of(input(), Shape.of(channels, height, width)));
  }

  private static double values(Shape map) {
    double size = map.channels();
    for (int length : map.space()) size *= length;
    return size;
  }
}
