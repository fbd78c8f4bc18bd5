package sc.fiji.spyhop.engine;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.network.Shapes;
import sc.fiji.spyhop.tensor.Tensor;

/** The shapes that tensors have on their way through a network. */
public final class MapShapes {

  private static final int MAX_ARRAY = Integer.MAX_VALUE - 8;

  private MapShapes() {}

  /**
   * Shapes of all inputs and layers, batch and channels in front, for given inputs.
   *
   * @param inputs by input name, NCHW or NC
   * @return by name; samples, channels, space
   * @throws SpyhopException if an input is missing, empty or does not fit, or a map would have more
   *     values than an array can hold
   */
  public static Map<String, int[]> of(Network network, Map<String, Tensor> inputs) {
    Map<String, Shape> given = new LinkedHashMap<>();
    int batch = -1;
    for (Network.Input input : network.inputs()) {
      Tensor t = inputs.get(input.name());
      if (t == null) {
        throw refused(input, "expected a tensor, received none");
      }
      if (t.rank() < 2) {
        throw refused(input, "expected axes NCHW or NC, received " + t);
      }
      if (batch >= 0 && t.size(0) != batch) {
        throw refused(
            input, "expected " + batch + " samples as in the other inputs, received " + t.size(0));
      }
      if (t.length() == 0) throw refused(input, "it is empty, " + t);
      batch = t.size(0);
      int[] s = t.shape();
      List<Integer> space = IntStream.range(2, s.length).mapToObj(d -> s[d]).toList();
      given.put(input.name(), new Shape(s[1], space));
    }
    Map<String, int[]> all = new LinkedHashMap<>();
    for (Map.Entry<String, Shape> e : Shapes.of(network, given).entrySet()) {
      int[] shape = withBatch(batch, e.getValue());
      if (Tensor.length(shape) > MAX_ARRAY) {
        throw new SpyhopException(
            "layer "
                + e.getKey()
                + ": a map of "
                + Tensor.length(shape)
                + " values is too large; use smaller tiles or fewer at a time");
      }
      all.put(e.getKey(), shape);
    }
    return all;
  }

  private static int[] withBatch(int batch, Shape shape) {
    int[] all = new int[shape.rank() + 2];
    all[0] = batch;
    all[1] = shape.channels();
    for (int i = 0; i < shape.rank(); i++) all[i + 2] = shape.space().get(i);
    return all;
  }

  private static SpyhopException refused(Network.Input input, String why) {
    return new SpyhopException("input " + input.name() + ": " + why);
  }
}
