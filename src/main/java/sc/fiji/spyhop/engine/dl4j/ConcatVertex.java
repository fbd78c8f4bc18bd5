package sc.fiji.spyhop.engine.dl4j;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;
import sc.fiji.spyhop.engine.graph.Mode;

/**
 * Joins along channels. Deeplearning4j's own, and its pooling, have ND4J find the shape of what
 * comes out, for which it loads classes of TensorFlow that Fiji may have of another version.
 */
final class ConcatVertex extends CustomVertex {

  ConcatVertex() {
    super(List.of());
  }

  @Override
  INDArray forward(INDArray[] in, Mode mode, Memory memory) {
    long[] shape = in[0].shape().clone();
    for (int i = 1; i < in.length; i++) shape[1] += in[i].size(1);
    INDArray y = memory.take(shape);
    Ops.exec("concat", in, new INDArray[] {y}, 1);
    return y;
  }

  @Override
  INDArray[] backward(INDArray[] in, INDArray gradient, Mode mode, Memory memory) {
    INDArray[] back = new INDArray[in.length];
    long from = 0;
    for (int i = 0; i < in.length; i++) {
      long to = from + in[i].size(1);
      INDArray part = gradient.get(NDArrayIndex.all(), NDArrayIndex.interval(from, to));
      back[i] = memory.take(in[i].shape()).assign(part);
      from = to;
    }
    return back;
  }
}
