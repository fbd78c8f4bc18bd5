package sc.fiji.spyhop.engine.dl4j;

import org.nd4j.linalg.api.ndarray.INDArray;
import sc.fiji.spyhop.network.Convolution;

/** Convolution of each channel by itself. */
final class Dl4jDepthwiseConvolution extends Dl4jWeighted {

  Dl4jDepthwiseConvolution(Convolution l) {
    super("depthwise_conv2d", arguments(l), isPlain(l));
  }

  static boolean covers(Convolution l) {
    return l.groups() == l.channels() && l.groups() == l.filters();
  }

  /** [filters of a channel, channels, rows, columns]. */
  @Override
  INDArray kernel(Block values) {
    return values.view(1, values.size(0), values.size(2), values.size(3));
  }
}
