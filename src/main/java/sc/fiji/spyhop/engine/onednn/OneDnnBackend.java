package sc.fiji.spyhop.engine.onednn;

import java.util.ArrayList;
import java.util.List;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.graph.Backend;
import sc.fiji.spyhop.engine.graph.Node;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.network.Parameter;
import sc.fiji.spyhop.network.Parameters;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;

/** The vocabulary of layers on oneDNN, compiled for planes. */
final class OneDnnBackend implements Backend<Blob> {

  private final Maps maps = new Maps();

  @Override
  public Node<Blob> node(
      Layer layer, int number, List<Tensor> values, boolean trains, boolean frozen) {
    if (layer instanceof Layer.Convolution l) {
      checkPlane(l, l.kernel().size());
      return new ConvolutionNode(l, maps, weights(layer, values, trains, frozen));
    }
    if (layer instanceof Layer.TransposedConvolution l) {
      checkPlane(l, l.kernel().size());
      return new TransposedConvolutionNode(l, maps, weights(layer, values, trains, frozen));
    }
    if (layer instanceof Layer.Dense) {
      return new DenseNode(maps, weights(layer, values, trains, frozen));
    }
    if (layer instanceof Layer.BatchNorm l) {
      return new BatchNormNode(l, maps, weights(layer, values, trains, frozen), frozen);
    }
    if (layer instanceof Layer.Pooling l) {
      checkPlane(l, l.kernel().size());
      return new PoolingNode(l, maps);
    }
    if (layer instanceof Layer.Upsampling l) {
      checkPlane(l, l.factor().size());
      return new UpsamplingNode(l, maps);
    }
    if (layer instanceof Layer.GlobalPooling l) return new PoolingNode(l, maps);
    if (layer instanceof Layer.Activation l) return new ActivationNode(l, maps);
    if (layer instanceof Layer.Dropout l) return new DropoutNode(l, number, maps);
    if (layer instanceof Layer.Concat) return new ConcatNode(maps);
    if (layer instanceof Layer.Add) return new AddNode(maps);
    if (layer instanceof Layer.Multiply) return new MultiplyNode(maps);
    if (layer instanceof Layer.PRelu) {
      return new PReluNode(maps, weights(layer, values, trains, frozen));
    }
    if (layer instanceof Layer.LocalResponseNorm l) return new LocalResponseNormNode(l, maps);
    if (layer instanceof Layer.Flatten) return new FlattenNode(maps);
    throw new AssertionError(layer);
  }

  private static void checkPlane(Layer layer, int rank) {
    if (rank != 2) {
      throw new SpyhopException(
          "layer "
              + layer.name()
              + ": expected two spatial dimensions, received "
              + rank
              + "; this engine works on planes");
    }
  }

  private List<Weight> weights(Layer layer, List<Tensor> values, boolean trains, boolean frozen) {
    List<Parameter> parameters = Parameters.of(layer);
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
    if (t.axes().equals(Axes.OIHW) && layer instanceof Layer.Convolution c && c.groups() > 1) {
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
