package sc.fiji.spyhop.engine.dl4j;

import org.nd4j.linalg.api.ndarray.INDArray;
import sc.fiji.spyhop.engine.graph.Mode;
import sc.fiji.spyhop.network.Dense;

/** Fully connected layer: a matrix product. */
final class Dl4jDense extends Dl4jNode {

  private final Dense layer;

  Dl4jDense(Dense layer) {
    this.layer = layer;
  }

  @Override
  public boolean needsInput() {
    return true;
  }

  @Override
  void forward(Block[] in, Block out, Mode mode, BlockPool pool) {
    matmul(in[0], slots.get(0).value, out, 0, 1);
    if (layer.bias()) out.array.addiRowVector(slots.get(1).value.array);
  }

  @Override
  void backward(
      Block[] in, Block out, Block gradient, Block[] inGradients, Mode mode, BlockPool pool) {
    if (inGradients[0] != null) matmul(gradient, slots.get(0).value, inGradients[0], 0, 0);
    if (slots.get(0).isTrained()) matmul(gradient, in[0], slots.get(0).gradient, 1, 0);
    if (layer.bias() && slots.get(1).isTrained()) {
      Ops.sumPerChannel(gradient, slots.get(1).gradient);
    }
  }

  private static void matmul(Block a, Block b, Block out, int transposeA, int transposeB) {
    Ops.exec(
        "matmul",
        new INDArray[] {a.array, b.array},
        new INDArray[] {out.array},
        transposeA,
        transposeB,
        0);
  }
}
