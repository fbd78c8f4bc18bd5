package sc.fiji.spyhop.engine.dl4j;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import sc.fiji.spyhop.engine.graph.DropoutMask;
import sc.fiji.spyhop.engine.graph.Mode;
import sc.fiji.spyhop.network.Dropout;

/** Dropout; which values go depends on the seed and their place only. */
final class DropoutVertex extends CustomVertex {

  private final double rate;
  private final int number;

  /**
   * @param number the layer's place in the network
   */
  DropoutVertex(Dropout layer, int number) {
    super(List.of());
    rate = layer.rate();
    this.number = number;
  }

  @Override
  INDArray forward(INDArray[] in, Mode mode, Memory memory) {
    return apply(in[0], mode, memory);
  }

  @Override
  INDArray[] backward(INDArray[] in, INDArray gradient, Mode mode, Memory memory) {
    return new INDArray[] {apply(gradient, mode, memory)};
  }

  private INDArray apply(INDArray x, Mode mode, Memory memory) {
    INDArray y = memory.take(x.shape());
    if (!mode.training() || rate == 0) return y.assign(x);
    float[] factors = new float[(int) x.length()];
    Arrays.fill(factors, 1);
    new DropoutMask(rate, mode.dropoutSeed(), number).apply(FloatBuffer.wrap(factors));
    return x.muli(HostArray.inWorkspace(factors, x.shape()), y);
  }
}
