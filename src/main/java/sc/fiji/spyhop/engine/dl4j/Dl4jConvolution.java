package sc.fiji.spyhop.engine.dl4j;

import sc.fiji.spyhop.network.Convolution;

/** Convolution. */
final class Dl4jConvolution extends Dl4jWeighted {
  Dl4jConvolution(Convolution l) {
    super("conv2d", arguments(l), isPlain(l));
  }
}
