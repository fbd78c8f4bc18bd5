package sc.fiji.spyhop.engine.dl4j;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import sc.fiji.spyhop.engine.graph.Mode;

/** Softmax over channels; Deeplearning4j's own is over columns. */
final class SoftmaxVertex extends CustomVertex {

  SoftmaxVertex() {
    super(List.of());
  }

  private static INDArray softmax(INDArray x, INDArray y) {
    Ops.exec("softmax", new INDArray[] {places(x)}, new INDArray[] {places(y)}, 1);
    return y;
  }

  @Override
  INDArray forward(INDArray[] in, Mode mode, Memory memory) {
    return softmax(in[0], memory.take(in[0].shape()));
  }

  /** {@code p * (g - sum over channels of p * g)}. */
  @Override
  INDArray[] backward(INDArray[] in, INDArray gradient, Mode mode, Memory memory) {
    INDArray result = memory.take(gradient.shape());
    INDArray p = softmax(in[0], Nd4j.createUninitialized(in[0].shape()));
    p.muli(gradient, result);
    INDArray sum = places(result).sum(true, 1);
    Ops.run("subtract", places(result), places(gradient), sum);
    return new INDArray[] {result.muli(p)};
  }
}
