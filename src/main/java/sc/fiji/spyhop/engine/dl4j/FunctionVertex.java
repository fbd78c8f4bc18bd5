package sc.fiji.spyhop.engine.dl4j;

import java.util.Arrays;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import sc.fiji.spyhop.engine.graph.Mode;
import sc.fiji.spyhop.expression.Dimensions;
import sc.fiji.spyhop.expression.LayerFunction;

/** A function that is computed in Java, by the processor. */
final class FunctionVertex extends CustomVertex {

  private final LayerFunction function;

  FunctionVertex(LayerFunction function) {
    super(List.of());
    this.function = function;
  }

  private static Dimensions sizes(INDArray x) {
    return Dimensions.of(Arrays.stream(x.shape()).mapToInt(Math::toIntExact).toArray());
  }

  @Override
  INDArray forward(INDArray[] in, Mode mode, Memory memory) {
    long[] shape = in[0].shape().clone();
    shape[1] = function.channels((int) shape[1]);
    INDArray y = memory.take(shape);
    HostArray.toHost(in[0]);
    function.forward(sizes(in[0]), HostArray.values(in[0]), HostArray.values(y));
    HostArray.fromHost(y);
    return y;
  }

  @Override
  INDArray[] backward(INDArray[] in, INDArray gradient, Mode mode, Memory memory) {
    INDArray back = memory.take(in[0].shape());
    HostArray.toHost(in[0]);
    HostArray.toHost(gradient);
    function.backward(
        sizes(in[0]), HostArray.values(in[0]), HostArray.values(gradient), HostArray.values(back));
    HostArray.fromHost(back);
    return new INDArray[] {back};
  }
}
