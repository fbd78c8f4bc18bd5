package sc.fiji.spyhop.engine.dl4j;

import sc.fiji.spyhop.network.TransposedConvolution;

/** Transposed convolution, through ND4J. */
final class Dl4jTransposedConvolution extends Dl4jWeighted {
  Dl4jTransposedConvolution(TransposedConvolution l) {
    super(
        "deconv2d",
        arguments(ints(l.kernel()), ints(l.stride()), new int[] {1, 1}, l.padding()),
        true);
  }
}
