package sc.fiji.spyhop.engine.dl4j;

import sc.fiji.spyhop.engine.graph.Mode;

/** Space becomes channels. */
final class Dl4jFlatten extends Dl4jNode {
  @Override
  void forward(Block[] in, Block out, Mode mode, BlockPool pool) {
    out.copyFrom(in[0]);
  }

  @Override
  void backward(
      Block[] in, Block out, Block gradient, Block[] inGradients, Mode mode, BlockPool pool) {
    if (inGradients[0] != null) inGradients[0].copyFrom(gradient);
  }
}
