package sc.fiji.spyhop.engine.dl4j;

import org.nd4j.linalg.api.ndarray.INDArray;
import sc.fiji.spyhop.engine.graph.Mode;
import sc.fiji.spyhop.network.GlobalPooling;
import sc.fiji.spyhop.network.Layer;

/** One number per channel. */
final class Dl4jGlobalPooling extends Dl4jNode {

  private final boolean max;

  Dl4jGlobalPooling(GlobalPooling layer) {
    max = layer.kind() == Layer.PoolingKind.MAX;
  }

  @Override
  public boolean needsInput() {
    return max;
  }

  @Override
  void forward(Block[] in, Block out, Mode mode, BlockPool pool) {
    INDArray y = out.view(in[0].size(0), in[0].size(1));
    Ops.reduce(max ? "max" : "mean", in[0].places(), y, 2);
  }

  @Override
  void backward(
      Block[] in, Block out, Block gradient, Block[] inGradients, Mode mode, BlockPool pool) {
    Block result = inGradients[0];
    if (result == null) return;
    if (max) {
      INDArray g = gradient.view(result.size(0), result.size(1));
      INDArray[] to = {result.places()};
      Ops.exec("reduce_max_bp", new INDArray[] {in[0].places(), g}, to, 2);
    } else {
      result.array.assign(0);
      gradient.array.divi(result.space());
      INDArray g = gradient.view(result.size(0), result.size(1), 1);
      Ops.run("add", result.places(), result.places(), g);
    }
  }
}
