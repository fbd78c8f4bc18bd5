package sc.fiji.spyhop.engine.dl4j;

import sc.fiji.spyhop.engine.graph.Mode;
import sc.fiji.spyhop.network.Layer;

/** Element-wise functions and softmax over channels. */
final class ActivationNode extends Dl4jNode {

  private final Layer.Function function;

  ActivationNode(Layer.Activation layer) {
    function = layer.function();
  }

  @Override
  public boolean worksInPlace() {
    return true;
  }

  @Override
  public boolean needsOutput() {
    return true;
  }

  @Override
  void forward(Block[] in, Block out, Mode mode, BlockPool pool) {
    if (in[0] != out) out.copyFrom(in[0]);
    Elementwise.apply(function, out);
  }

  @Override
  void backward(
      Block[] in, Block out, Block gradient, Block[] inGradients, Mode mode, BlockPool pool) {
    Elementwise.backward(function, out, gradient);
  }
}
