package sc.fiji.spyhop.engine.dl4j;

import sc.fiji.spyhop.engine.graph.Mode;

/** ReLU with a slope for negative values that is learned. */
final class Dl4jPRelu extends Dl4jNode {

  @Override
  public boolean needsInput() {
    return true;
  }

  /** The part below zero. */
  private static Block negative(Block x, BlockPool pool) {
    Block part = pool.take(x.shape());
    Ops.scalar("relu", part.array, x.array, 0.0);
    x.array.subi(part.array, part.array);
    return part;
  }

  @Override
  void forward(Block[] in, Block out, Mode mode, BlockPool pool) {
    Block negative = negative(in[0], pool);
    Ops.scalar("relu", out.array, in[0].array, 0.0);
    scale(negative);
    out.add(negative);
    pool.give(negative);
  }

  private void scale(Block maps) {
    Ops.run("multiply", maps.places(), maps.places(), slots.get(0).value.perChannel());
  }

  @Override
  void backward(
      Block[] in, Block out, Block gradient, Block[] inGradients, Mode mode, BlockPool pool) {
    if (isTrained()) {
      Block product = negative(in[0], pool);
      product.array.muli(gradient.array);
      Ops.sumPerChannel(product, slots.get(0).gradient);
      pool.give(product);
    }
    Block result = inGradients[0];
    if (result == null) return;
    // what came from above zero, and of the rest what the slope lets through
    Ops.run("relu_bp", result.array, in[0].array, gradient.array);
    gradient.array.subi(result.array);
    scale(gradient);
    result.add(gradient);
  }
}
