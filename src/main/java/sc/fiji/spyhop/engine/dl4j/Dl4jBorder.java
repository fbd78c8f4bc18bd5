package sc.fiji.spyhop.engine.dl4j;

import sc.fiji.spyhop.engine.graph.Mode;
import sc.fiji.spyhop.network.Padding;

/**
 * A convolution without padding, with zeros put around its input; or a transposed one, with a
 * border cut off its output.
 */
final class Dl4jBorder extends Dl4jNode {

  private final Dl4jNode inner;
  private final MapBorder border;
  private final boolean transposed;

  private Dl4jBorder(Dl4jNode inner, Padding.Explicit padding, boolean transposed) {
    this.inner = inner;
    this.transposed = transposed;
    int[] before = ints(padding.before());
    int[] after = ints(padding.after());
    border = new MapBorder(before[0], after[0], before[1], after[1]);
  }

  static Dl4jNode around(Dl4jNode inner, Padding padding, boolean transposed) {
    return padding instanceof Padding.Explicit e ? new Dl4jBorder(inner, e, transposed) : inner;
  }

  @Override
  public boolean needsInput() {
    return true;
  }

  @Override
  void forward(Block[] in, Block out, Mode mode, BlockPool pool) {
    inner.slots = slots;
    Block large = transposed ? border.take(out, pool) : border.around(in[0], 0, pool);
    if (transposed) {
      inner.forward(in, large, mode, pool);
      border.cut(large, out);
    } else {
      inner.forward(new Block[] {large}, out, mode, pool);
    }
    pool.give(large);
  }

  @Override
  void backward(
      Block[] in, Block out, Block gradient, Block[] inGradients, Mode mode, BlockPool pool) {
    Block large = border.around(transposed ? gradient : in[0], 0, pool);
    if (transposed) {
      inner.backward(in, out, large, inGradients, mode, pool);
    } else {
      Block largeGradient = inGradients[0] == null ? null : pool.take(large.shape());
      Block[] single = {largeGradient};
      inner.backward(new Block[] {large}, out, gradient, single, mode, pool);
      if (largeGradient != null) {
        border.cut(largeGradient, inGradients[0]);
        pool.give(largeGradient);
      }
    }
    pool.give(large);
  }
}
