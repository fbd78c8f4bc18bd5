package sc.fiji.spyhop.engine.dl4j;

import sc.fiji.spyhop.engine.graph.DropoutMask;
import sc.fiji.spyhop.engine.graph.Mode;
import sc.fiji.spyhop.network.Layer;

/** Dropout; which values go depends on the seed and their place only. */
final class DropoutNode extends Dl4jNode {

  private final double rate;
  private final int number;

  DropoutNode(Layer.Dropout layer, int number) {
    rate = layer.rate();
    this.number = number;
  }

  @Override
  public boolean worksInPlace() {
    return true;
  }

  @Override
  void forward(Block[] in, Block out, Mode mode, BlockPool pool) {
    if (in[0] != out) out.copyFrom(in[0]);
    apply(out, mode);
  }

  @Override
  void backward(
      Block[] in, Block out, Block gradient, Block[] inGradients, Mode mode, BlockPool pool) {
    apply(gradient, mode);
  }

  private void apply(Block block, Mode mode) {
    if (!mode.training() || rate == 0) return;
    new DropoutMask(rate, mode.dropoutSeed(), number).apply(block.data);
  }
}
