package sc.fiji.spyhop.engine.dl4j;

import sc.fiji.spyhop.network.Layer;

/** Transposed convolution, through ND4J. */
final class TransposedConvolutionNode extends WeightedNode {
  TransposedConvolutionNode(Layer.TransposedConvolution l) {
    super(
        "deconv2d",
        arguments(ints(l.kernel()), ints(l.stride()), new int[] {1, 1}, l.padding()),
        true);
  }
}
