package sc.fiji.spyhop.engine.dl4j;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import sc.fiji.spyhop.engine.graph.Mode;
import sc.fiji.spyhop.expression.Dimensions;
import sc.fiji.spyhop.expression.LayerFunction;
import sc.fiji.spyhop.expression.Operand;

/** A function that is computed in Java, by the processor. */
final class FunctionVertex extends CustomVertex {

  private final LayerFunction function;

  FunctionVertex(LayerFunction function) {
    super(List.of());
    this.function = function;
  }

  private static Operand operand(INDArray x) {
    HostArray.toHost(x);
    return new Operand(
        Dimensions.of(Arrays.stream(x.shape()).mapToInt(Math::toIntExact).toArray()),
        HostArray.values(x));
  }

  private static List<Operand> operands(INDArray[] in) {
    return Arrays.stream(in).map(FunctionVertex::operand).toList();
  }

  /** The largest shape, with as many channels as come out. */
  private long[] shape(INDArray[] in) {
    INDArray largest =
        Arrays.stream(in)
            .max(Comparator.comparing(INDArray::rank).thenComparing(CustomVertex::space))
            .orElseThrow();
    long[] shape = largest.shape().clone();
    shape[1] = function.channels(Arrays.stream(in).map(x -> (int) x.size(1)).toList());
    return shape;
  }

  @Override
  INDArray forward(INDArray[] in, Mode mode, Memory memory) {
    INDArray y = memory.take(shape(in));
    function.forward(operands(in), HostArray.values(y));
    HostArray.fromHost(y);
    return y;
  }

  @Override
  INDArray[] backward(INDArray[] in, INDArray gradient, Mode mode, Memory memory) {
    HostArray.toHost(gradient);
    List<Operand> operands = operands(in);
    INDArray[] back = new INDArray[in.length];
    for (int k = 0; k < in.length; k++) {
      back[k] = memory.take(in[k].shape());
      function.backward(operands, HostArray.values(gradient), k, HostArray.values(back[k]));
      HostArray.fromHost(back[k]);
    }
    return back;
  }
}
