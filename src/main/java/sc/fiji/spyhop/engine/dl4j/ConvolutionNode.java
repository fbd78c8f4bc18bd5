package sc.fiji.spyhop.engine.dl4j;

import sc.fiji.spyhop.network.Layer;

/** Convolution, through ND4J. */
final class ConvolutionNode extends WeightedNode {
  ConvolutionNode(Layer.Convolution l) {
    super(
        "conv2d",
        arguments(ints(l.kernel()), ints(l.stride()), ints(l.dilation()), l.padding()),
        l.dilation().stream().allMatch(d -> d == 1));
  }
}
