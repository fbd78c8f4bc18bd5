package sc.fiji.spyhop.engine.dl4j;

import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;
import sc.fiji.spyhop.engine.graph.Mode;
import sc.fiji.spyhop.network.PRelu;

/** Parametric ReLU with slopes for places, which Deeplearning4j lays out otherwise. */
final class PReluVertex extends CustomVertex {

  private final List<Integer> space;

  PReluVertex(PRelu l) {
    super(l.parameters());
    space = l.space();
  }

  /** The slopes, to be used together with maps. */
  private INDArray slopes() {
    INDArray weight = value(0);
    return weight.reshape('c', 1, weight.size(0), weight.size(1), weight.size(2));
  }

  @Override
  INDArray forward(INDArray[] in, Mode mode, Memory memory) {
    INDArray y = memory.take(in[0].shape());
    Ops.run("multiply", y, Transforms.min(in[0], 0, true), slopes());
    y.addi(Transforms.max(in[0], 0, true));
    return y;
  }

  @Override
  INDArray[] backward(INDArray[] in, INDArray gradient, Mode mode, Memory memory) {
    INDArray back = memory.take(in[0].shape());
    INDArray negative = Transforms.min(in[0], 0, true);
    sum(negative.mul(gradient));
    // the slope below 0, above it 1
    INDArray below = in[0].lte(0).castTo(in[0].dataType());
    Ops.run("multiply", back, below, slopes());
    back.addi(below.rsubi(1)).muli(gradient);
    return new INDArray[] {back};
  }

  /** Fills in the gradient of the slopes: the sum of what they counted for. */
  private void sum(INDArray products) {
    List<Integer> summed = new ArrayList<>(List.of(0));
    List<Long> kept = new ArrayList<>(List.of(products.size(1)));
    for (int d = 0; d < space.size(); d++) {
      if (space.get(d) == 1) summed.add(d + 2);
      else kept.add(products.size(d + 2));
    }
    INDArray target = gradient(0);
    long[] shape = kept.stream().mapToLong(Long::longValue).toArray();
    int[] dimensions = summed.stream().mapToInt(Integer::intValue).toArray();
    Ops.reduce("sum", products, target.reshape('c', shape), dimensions);
  }
}
