package sc.fiji.spyhop.engine.dl4j;

import sc.fiji.spyhop.network.Layer;

/** Convolution. */
final class ConvolutionNode extends WeightedNode {
  ConvolutionNode(Layer.Convolution l) {
    super("conv2d", arguments(l), isPlain(l));
  }
}
