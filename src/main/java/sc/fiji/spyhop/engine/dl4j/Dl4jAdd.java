package sc.fiji.spyhop.engine.dl4j;

import sc.fiji.spyhop.engine.graph.Mode;

/** Element-wise sum. */
final class Dl4jAdd extends Dl4jNode {
  @Override
  void forward(Block[] in, Block out, Mode mode, BlockPool pool) {
    out.copyFrom(in[0]);
    for (int i = 1; i < in.length; i++) out.add(in[i]);
  }

  @Override
  void backward(
      Block[] in, Block out, Block gradient, Block[] inGradients, Mode mode, BlockPool pool) {
    for (Block g : inGradients) if (g != null) g.copyFrom(gradient);
  }
}
