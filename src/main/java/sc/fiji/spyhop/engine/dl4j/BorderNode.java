package sc.fiji.spyhop.engine.dl4j;

import sc.fiji.spyhop.engine.Parallel;
import sc.fiji.spyhop.engine.graph.Mode;
import sc.fiji.spyhop.network.Layer;

/**
 * A convolution without padding, with zeros put around its input; or a transposed one, with a
 * border cut off its output.
 */
final class BorderNode extends Dl4jNode {

  private final Dl4jNode inner;
  private final int[] before;
  private final int[] after;
  private final boolean transposed;

  private BorderNode(Dl4jNode inner, Layer.Padding.Explicit padding, boolean transposed) {
    this.inner = inner;
    this.transposed = transposed;
    before = ints(padding.before());
    after = ints(padding.after());
  }

  static Dl4jNode around(Dl4jNode inner, Layer.Padding padding, boolean transposed) {
    return padding instanceof Layer.Padding.Explicit e
        ? new BorderNode(inner, e, transposed)
        : inner;
  }

  @Override
  public boolean needsInput() {
    return true;
  }

  private Block take(Block small, BlockPool pool) {
    int[] shape = small.shape();
    for (int i = 0; i < 2; i++) shape[i + 2] += before[i] + after[i];
    return pool.take(shape);
  }

  @Override
  void forward(Block[] in, Block out, Mode mode, BlockPool pool) {
    inner.slots = slots;
    Block large = take(transposed ? out : in[0], pool);
    if (transposed) {
      inner.forward(in, large, mode, pool);
      copy(out, large, false);
    } else {
      copy(in[0], large, true);
      inner.forward(new Block[] {large}, out, mode, pool);
    }
    pool.give(large);
  }

  @Override
  void backward(
      Block[] in, Block out, Block gradient, Block[] inGradients, Mode mode, BlockPool pool) {
    Block large = take(transposed ? gradient : in[0], pool);
    copy(transposed ? gradient : in[0], large, true);
    if (transposed) {
      inner.backward(in, out, large, inGradients, mode, pool);
    } else {
      Block largeGradient = inGradients[0] == null ? null : pool.take(large.shape());
      Block[] single = {largeGradient};
      inner.backward(new Block[] {large}, out, gradient, single, mode, pool);
      if (largeGradient != null) {
        copy(inGradients[0], largeGradient, false);
        pool.give(largeGradient);
      }
    }
    pool.give(large);
  }

  /** Puts a map into a larger one, with zeros around, or takes it out again. */
  private void copy(Block small, Block large, boolean out) {
    int h = small.size(2);
    int w = small.size(3);
    int width = large.size(3);
    int space = large.space();
    Parallel.each(
        small.size(0) * small.size(1),
        large.length,
        p -> {
          float[] plane = new float[space];
          float[] inside = new float[h * w];
          if (out) small.data.get(p * h * w, inside);
          else large.data.get(p * space, plane);
          for (int y = 0; y < h; y++) {
            int at = (y + before[0]) * width + before[1];
            if (out) System.arraycopy(inside, y * w, plane, at, w);
            else System.arraycopy(plane, at, inside, y * w, w);
          }
          if (out) large.data.put(p * space, plane);
          else small.data.put(p * h * w, inside);
        });
  }
}
