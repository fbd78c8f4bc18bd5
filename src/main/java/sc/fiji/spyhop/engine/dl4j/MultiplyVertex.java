package sc.fiji.spyhop.engine.dl4j;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import sc.fiji.spyhop.engine.graph.Mode;

/** Element-wise product, also of maps by one value for each channel. */
final class MultiplyVertex extends CustomVertex {

  MultiplyVertex() {
    super(List.of());
  }

  @Override
  INDArray forward(INDArray[] in, Mode mode, Memory memory) {
    return product(in, -1, memory.take(in[0].shape()).assign(in[0]), 1);
  }

  @Override
  INDArray[] backward(INDArray[] in, INDArray gradient, Mode mode, Memory memory) {
    INDArray[] back = new INDArray[in.length];
    for (int k = 0; k < in.length; k++) {
      back[k] = memory.take(in[k].shape());
      boolean whole = in[k].length() == gradient.length();
      INDArray all = whole ? back[k] : Nd4j.createUninitialized(gradient.shape());
      product(in, k, all.assign(gradient), 0);
      if (!whole) {
        INDArray sum = back[k].reshape('c', gradient.size(0), gradient.size(1));
        Ops.reduce("sum", places(all), sum, 2);
      }
    }
    return back;
  }

  /** Multiplies by all but one. */
  private static INDArray product(INDArray[] in, int without, INDArray result, int from) {
    for (int i = from; i < in.length; i++) {
      if (i != without) Ops.run("multiply", places(result), places(result), places(in[i]));
    }
    return result;
  }
}
