package sc.fiji.spyhop.engine.dl4j;

import java.util.ArrayList;
import java.util.List;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.graph.Backend;
import sc.fiji.spyhop.engine.graph.NativeHost;
import sc.fiji.spyhop.engine.graph.Node;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.network.Parameter;
import sc.fiji.spyhop.network.Parameters;
import sc.fiji.spyhop.tensor.Tensor;

/** The vocabulary of layers on ND4J, compiled for planes. */
final class Dl4jBackend implements Backend<Block> {

  private final BlockPool pool = new BlockPool();

  @Override
  public Node<Block> node(
      Layer layer, int number, List<Tensor> values, boolean trains, boolean frozen) {
    NativeLibrary.useFirstDevice();
    Dl4jNode node = of(layer, number, frozen);
    List<Parameter> parameters = Parameters.of(layer);
    List<Value> slots = new ArrayList<>();
    try {
      for (int i = 0; i < values.size(); i++) {
        Parameter p = parameters.get(i);
        slots.add(new Value(p, values.get(i), trains && !frozen && p.role().isTrained()));
      }
    } catch (RuntimeException | Error e) {
      slots.forEach(Value::close);
      node.close();
      throw e;
    }
    node.attach(pool, List.copyOf(slots));
    return node;
  }

  private static Dl4jNode of(Layer layer, int number, boolean frozen) {
    if (layer instanceof Layer.Convolution l) {
      checkPlane(l, l.kernel().size());
      return BorderNode.around(convolution(l), l.padding(), false);
    }
    if (layer instanceof Layer.TransposedConvolution l) {
      checkPlane(l, l.kernel().size());
      return BorderNode.around(new TransposedConvolutionNode(l), l.padding(), true);
    }
    if (layer instanceof Layer.Pooling l) {
      checkPlane(l, l.kernel().size());
      return new PoolingNode(l);
    }
    if (layer instanceof Layer.Upsampling l) {
      checkPlane(l, l.factor().size());
      return new UpsamplingNode(l);
    }
    if (layer instanceof Layer.BatchNorm l) return new BatchNormNode(l, frozen);
    if (layer instanceof Layer.Activation l) return new ActivationNode(l);
    if (layer instanceof Layer.PRelu) return new PReluNode();
    if (layer instanceof Layer.LocalResponseNorm l) return new LocalResponseNormNode(l);
    if (layer instanceof Layer.GlobalPooling l) return new GlobalPoolingNode(l);
    if (layer instanceof Layer.Dense l) return new DenseNode(l);
    if (layer instanceof Layer.Dropout l) return new DropoutNode(l, number);
    if (layer instanceof Layer.Concat) return new ConcatNode();
    if (layer instanceof Layer.Add) return new AddNode();
    if (layer instanceof Layer.Multiply) return new MultiplyNode();
    if (layer instanceof Layer.Flatten) return new FlattenNode();
    throw new AssertionError(layer);
  }

  private static Dl4jNode convolution(Layer.Convolution l) {
    if (l.groups() == 1) return new ConvolutionNode(l);
    return DepthwiseConvolutionNode.covers(l)
        ? new DepthwiseConvolutionNode(l)
        : new GroupedConvolutionNode(l);
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

  @Override
  public Block copy(Tensor tensor) {
    NativeLibrary.useFirstDevice();
    return pool.copy(tensor);
  }

  @Override
  public Tensor read(Block map) {
    return map.toTensor();
  }

  @Override
  public Block add(Block a, Block b) {
    a.add(b);
    pool.give(b);
    return a;
  }

  @Override
  public void free(Block map) {
    pool.give(map);
  }

  @Override
  public void sizesChange() {
    pool.close();
  }

  @Override
  public void close() {
    pool.close();
    NativeHost.trim();
  }
}
