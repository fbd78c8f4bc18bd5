package sc.fiji.spyhop.inference;

import java.util.HashMap;
import java.util.Map;
import sc.fiji.spyhop.network.Activation;
import sc.fiji.spyhop.network.BatchNorm;
import sc.fiji.spyhop.network.Dropout;
import sc.fiji.spyhop.network.GroupNorm;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.network.LayerNorm;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.OnnxGraph;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.network.Shapes;

/** How much memory a network takes for a tile, as far as it can be told. */
final class Memory {

  /** A tile takes no more than this, unless it is tiny already. */
  private static final long MAX_TILE_BYTES = 1L << 30;

  /** Values per pixel within a file that is kept as it is: a large U-Net's. */
  private static final double UNKNOWN = 256;

  private static final int SMALLEST_TILE = 128;

  private Memory() {}

  /**
   * A tile, or half of it, a quarter and so on where it would take too much.
   *
   * @param around pixels that are seen on both sides of it
   */
  static int fitting(int tile, int around, double bytesPerPixel) {
    while (tile > SMALLEST_TILE) {
      double side = (double) tile + around;
      if (side * side * bytesPerPixel <= MAX_TILE_BYTES) break;
      tile = Math.max(SMALLEST_TILE, tile / 2);
    }
    return tile;
  }

  /**
   * Bytes of the feature maps that have to be kept at the same time, at the worst moment, per pixel
   * of the input. Normalization, activations and dropout are taken to work in place.
   */
  static double perPixel(Network network, int multiple) {
    int side = multiple * ((256 + multiple - 1) / multiple);
    Network.Input in = network.inputs().get(0);
    Shape shape = Shape.of(in.shape().channels(), side, side);
    Map<String, Double> sizes = new HashMap<>();
    Shapes.of(network, Map.of(in.name(), shape))
        .forEach((name, map) -> sizes.put(name, valuesOf(map)));
    for (Layer layer : network.layers()) {
      if (layer instanceof OnnxGraph) sizes.merge(layer.name(), UNKNOWN * side * side, Math::max);
    }
    Map<String, Integer> readers = new HashMap<>();
    network.layers().forEach(l -> l.inputs().forEach(i -> readers.merge(i, 1, Integer::sum)));
    network.outputs().forEach(o -> readers.merge(o, 1, Integer::sum));
    double kept = sizes.get(in.name());
    double most = kept;
    for (Layer layer : network.layers()) {
      boolean inPlace =
          isNormalization(layer) || layer instanceof Activation || layer instanceof Dropout;
      double own = sizes.get(layer.name());
      kept += own;
      most = Math.max(most, inPlace ? kept - own : kept);
      for (String read : layer.inputs()) {
        if (readers.merge(read, -1, Integer::sum) == 0) kept -= sizes.get(read);
      }
    }
    return Float.BYTES * most / side / side;
  }

  private static boolean isNormalization(Layer layer) {
    return layer instanceof BatchNorm || layer instanceof GroupNorm || layer instanceof LayerNorm;
  }

  private static double valuesOf(Shape map) {
    double values = map.channels();
    for (int length : map.space()) values *= length;
    return values;
  }
}
