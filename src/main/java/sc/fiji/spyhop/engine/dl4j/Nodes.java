package sc.fiji.spyhop.engine.dl4j;

import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.network.Layer;

/** The vocabulary of layers, compiled for planes. */
final class Nodes {

  private Nodes() {}

  static Node of(Layer layer, int number, boolean frozen) {
    if (layer instanceof Layer.Convolution l) {
      checkPlane(l, l.kernel().size());
      return l.groups() > 1
          ? new GroupedConvolutionNode(l)
          : BorderNode.around(new ConvolutionNode(l), l.padding(), false);
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
    if (layer instanceof Layer.Activation l) {
      return CurveNode.covers(l.function()) ? new CurveNode(l.function()) : new ActivationNode(l);
    }
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
}
