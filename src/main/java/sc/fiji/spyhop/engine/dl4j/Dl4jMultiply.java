package sc.fiji.spyhop.engine.dl4j;

import org.nd4j.linalg.api.ndarray.INDArray;
import sc.fiji.spyhop.engine.graph.Mode;

/** Element-wise product, also of maps by one value for each channel. */
final class Dl4jMultiply extends Dl4jNode {

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
        INDArray sum = inGradients[k].view(gradient.size(0), gradient.size(1));
        Ops.reduce("sum", product.places(), sum, 2);
        pool.give(product);
      }
    }
  }

  private static void multiply(Block a, Block by) {
    if (a.length == by.length) {
      a.array.muli(by.view(a.array.shape()));
    } else {
      Ops.run("multiply", a.places(), a.places(), by.view(a.size(0), a.size(1), 1));
    }
  }
}
