package sc.fiji.spyhop.engine.dl4j;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import sc.fiji.spyhop.engine.graph.Mode;

/**
 * The same values, as they are or as vectors. Behind a layer that is asked for, it is an output of
 * the graph that nothing else reads: Deeplearning4j takes gradients in at such alone.
 */
final class CopyVertex extends CustomVertex {

  private final boolean flattens;

  CopyVertex(boolean flattens) {
    super(List.of());
    this.flattens = flattens;
  }

  @Override
  INDArray forward(INDArray[] in, Mode mode, Memory memory) {
    INDArray x = in[0];
    INDArray y = flattens ? memory.take(x.size(0), x.length() / x.size(0)) : memory.take(x.shape());
    y.assign(x.reshape('c', y.shape()));
    return y;
  }

  @Override
  INDArray[] backward(INDArray[] in, INDArray gradient, Mode mode, Memory memory) {
    INDArray g = memory.take(in[0].shape());
    g.assign(gradient.reshape('c', g.shape()));
    return new INDArray[] {g};
  }
}
