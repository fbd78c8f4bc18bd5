package sc.fiji.spyhop.engine.dl4j;

import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;
import sc.fiji.spyhop.engine.graph.Mode;

/** Joins along channels. */
final class Dl4jConcat extends Dl4jNode {

  private int[] channels = {};

  @Override
  void forward(Block[] in, Block out, Mode mode, BlockPool pool) {
    channels = Arrays.stream(in).mapToInt(b -> b.size(1)).toArray();
    INDArray[] parts = Arrays.stream(in).map(b -> b.array).toArray(INDArray[]::new);
    Ops.exec("concat", parts, new INDArray[] {out.array}, 1);
  }

  @Override
  void backward(
      Block[] in, Block out, Block gradient, Block[] inGradients, Mode mode, BlockPool pool) {
    int from = 0;
    for (int k = 0; k < channels.length; k++) {
      Block part = inGradients[k];
      if (part != null) part.channels(0, channels[k]).assign(gradient.channels(from, channels[k]));
      from += channels[k];
    }
  }
}
