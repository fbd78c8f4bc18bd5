package sc.fiji.spyhop.engine.dl4j;

import java.nio.FloatBuffer;
import java.util.Arrays;
import sc.fiji.spyhop.engine.graph.DropoutMask;
import sc.fiji.spyhop.engine.graph.Mode;
import sc.fiji.spyhop.network.Dropout;

/** Dropout; which values go depends on the seed and their place only. */
final class Dl4jDropout extends Dl4jNode {

  private final double rate;
  private final int number;

  Dl4jDropout(Dropout layer, int number) {
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
    apply(out, mode, pool);
  }

  @Override
  void backward(
      Block[] in, Block out, Block gradient, Block[] inGradients, Mode mode, BlockPool pool) {
    apply(gradient, mode, pool);
  }

  private void apply(Block block, Mode mode, BlockPool pool) {
    if (!mode.training() || rate == 0) return;
    Block factors = pool.take(block.shape());
    float[] ones = new float[block.length];
    Arrays.fill(ones, 1);
    new DropoutMask(rate, mode.dropoutSeed(), number).apply(FloatBuffer.wrap(ones));
    factors.write(ones);
    block.array.muli(factors.array);
    pool.give(factors);
  }
}
