package sc.fiji.spyhop.engine.onednn;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import sc.fiji.spyhop.engine.graph.Backend;
import sc.fiji.spyhop.engine.graph.CompiledLayer;
import sc.fiji.spyhop.network.Convolution;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.network.Parameter;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;

/** Feature maps and layers in the memory of oneDNN. */
final class OneDnnBackend implements Backend<Blob> {

  private final Maps maps;

  /**
   * @param type of feature maps and of weights as they are used
   */
  OneDnnBackend(DataType type) {
    maps = new Maps(type);
  }

  @Override
  public CompiledLayer<Blob> node(
      Layer layer, int number, List<Tensor> values, boolean trains, boolean frozen) {
    List<Weight> weights = weights(layer, values, trains, frozen);
    return layer.accept(new OneDnnNodes(maps, number, weights, frozen));
  }

  private List<Weight> weights(Layer layer, List<Tensor> values, boolean trains, boolean frozen) {
    List<Parameter> parameters = layer.parameters();
    List<Weight> weights = new ArrayList<>();
    try {
      for (int i = 0; i < values.size(); i++) {
        Tensor t = values.get(i);
        weights.add(new Weight(maps, parameters.get(i), layout(layer, t), t, trains, frozen));
      }
    } catch (RuntimeException | Error e) {
      weights.forEach(Weight::close);
      throw e;
    }
    return List.copyOf(weights);
  }

  /** oneDNN names the output channels first, and before them the groups if there are several. */
  private static Layout layout(Layer layer, Tensor t) {
    int[] s = t.shape();
    if (t.axes().equals(Axes.IOHW)) return Layout.exchanged(s[1], s[0], s[2], s[3]);
    if (t.axes().equals(Axes.OIHW) && layer instanceof Convolution c && c.groups() > 1) {
      return Layout.plain(c.groups(), s[0] / c.groups(), s[1], s[2], s[3]);
    }
    return Layout.plain(s);
  }

  @Override
  public Blob copy(Tensor tensor) {
    Blob blob = maps.take(Layout.plain(tensor.shape()));
    blob.values().put(0, tensor.data());
    return blob;
  }

  @Override
  public Tensor read(Blob map) {
    int[] shape = map.shape();
    Blob plain = maps.in(map, Layout.plain(shape));
    Tensor result = Tensor.zeros(shape.length == 2 ? Axes.NC : Axes.NCHW, shape);
    plain.values().get(0, result.data());
    maps.freeUnless(plain, map);
    return result;
  }

  @Override
  public Blob add(Blob a, Blob b) {
    maps.add(a, b);
    maps.free(b);
    return a;
  }

  @Override
  public Blob positive(Blob map) {
    Blob single = maps.turn(map, map.layout().in(DataType.F32));
    FloatBuffer values = single.values();
    for (int i = 0; i < values.capacity(); i++) values.put(i, Math.max(0, values.get(i)));
    return single;
  }

  @Override
  public void free(Blob map) {
    maps.free(map);
  }

  @Override
  public void runEnds() {
    maps.pool.settle();
  }

  @Override
  public void close() {
    maps.close();
  }
}
