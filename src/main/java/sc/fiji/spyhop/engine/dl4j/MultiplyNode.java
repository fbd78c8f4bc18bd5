package sc.fiji.spyhop.engine.dl4j;

import sc.fiji.spyhop.engine.Parallel;
import sc.fiji.spyhop.engine.graph.Mode;

/** Element-wise product, also of maps by one value for each channel. */
final class MultiplyNode extends Dl4jNode {

  @Override
  public boolean needsInput() {
    return true;
  }

  @Override
  void forward(Block[] in, Block out, Mode mode, BlockPool pool) {
    out.copyFrom(in[0]);
    for (int i = 1; i < in.length; i++) multiply(out, in[i]);
  }

  @Override
  void backward(
      Block[] in, Block out, Block gradient, Block[] inGradients, Mode mode, BlockPool pool) {
    for (int k = 0; k < in.length; k++) {
      if (inGradients[k] == null) continue;
      boolean whole = inGradients[k].length == gradient.length;
      Block product = whole ? inGradients[k] : pool.take(gradient.shape());
      product.copyFrom(gradient);
      for (int j = 0; j < in.length; j++) if (j != k) multiply(product, in[j]);
      if (!whole) {
        sum(product, inGradients[k]);
        pool.give(product);
      }
    }
  }

  private static void multiply(Block a, Block by) {
    if (a.length == by.length) {
      Elementwise.update(
          a,
          by,
          (x, y, n) -> {
            for (int i = 0; i < n; i++) x[i] *= y[i];
          });
      return;
    }
    int space = a.space();
    Parallel.each(
        by.length,
        a.length,
        p -> {
          float factor = by.data.get(p);
          float[] plane = new float[space];
          a.data.get(p * space, plane);
          for (int i = 0; i < space; i++) plane[i] *= factor;
          a.data.put(p * space, plane);
        });
  }

  private static void sum(Block a, Block to) {
    int space = a.space();
    Parallel.each(
        to.length,
        a.length,
        p -> {
          float[] plane = new float[space];
          a.data.get(p * space, plane);
          double sum = 0;
          for (float v : plane) sum += v;
          to.data.put(p, (float) sum);
        });
  }
}
