package sc.fiji.spyhop.engine.dl4j;

import org.nd4j.linalg.api.ndarray.INDArray;
import sc.fiji.spyhop.engine.graph.Mode;
import sc.fiji.spyhop.network.Dense;

/**
 * Fully connected layer: a matrix product. Deeplearning4j's own computes it once more on the way
 * back.
 */
final class DenseVertex extends CustomVertex {

  private static final int KERNEL = 0;
  private static final int BIAS = 1;

  private final transient Dense layer;

  DenseVertex(Dense layer) {
    super(layer.parameters());
    this.layer = layer;
  }

  @Override
  INDArray forward(INDArray[] in, Mode mode, Memory memory) {
    INDArray y = memory.take(in[0].size(0), layer.units());
    multiply(in[0], value(KERNEL), y, 0, 1);
    return layer.bias() ? y.addiRowVector(value(BIAS)) : y;
  }

  @Override
  INDArray[] backward(INDArray[] in, INDArray gradient, Mode mode, Memory memory) {
    INDArray back = memory.take(in[0].shape());
    multiply(gradient, value(KERNEL), back, 0, 0);
    multiply(gradient, in[0], gradient(KERNEL), 1, 0);
    if (layer.bias()) Ops.reduce("sum", gradient, gradient(BIAS), 0);
    return new INDArray[] {back};
  }

  private static void multiply(
      INDArray a, INDArray b, INDArray out, int transposeA, int transposeB) {
    INDArray[] in = {a, b};
    Ops.exec("matmul", in, new INDArray[] {out}, transposeA, transposeB, 0);
  }
}
