package sc.fiji.spyhop.engine.dl4j;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;
import sc.fiji.spyhop.engine.graph.Mode;
import sc.fiji.spyhop.expression.Dimensions;
import sc.fiji.spyhop.expression.LayerFormula;
import sc.fiji.spyhop.expression.Program;
import sc.fiji.spyhop.network.Formula;

/** A formula, computed by the processor. */
final class FormulaVertex extends CustomVertex {

  private final LayerFormula formula;
  private final Program forward;
  private final Program backward;

  FormulaVertex(Formula layer) {
    super(List.of());
    formula = layer.read();
    forward = formula.forward();
    backward = formula.backward();
  }

  private static Dimensions sizes(INDArray x) {
    return Dimensions.of(Arrays.stream(x.shape()).mapToInt(Math::toIntExact).toArray());
  }

  @Override
  INDArray forward(INDArray[] in, Mode mode, Memory memory) {
    long[] shape = in[0].shape().clone();
    shape[1] = formula.channels((int) shape[1]);
    INDArray y = memory.take(shape);
    HostArray.toHost(in[0]);
    forward.run(
        sizes(in[0]), Map.of(LayerFormula.INPUT, HostArray.values(in[0])), HostArray.values(y));
    HostArray.fromHost(y);
    return y;
  }

  @Override
  INDArray[] backward(INDArray[] in, INDArray gradient, Mode mode, Memory memory) {
    INDArray back = memory.take(in[0].shape());
    HostArray.toHost(in[0]);
    HostArray.toHost(gradient);
    backward.run(
        sizes(in[0]),
        Map.of(
            LayerFormula.INPUT, HostArray.values(in[0]),
            LayerFormula.GRADIENT, HostArray.values(gradient)),
        HostArray.values(back));
    HostArray.fromHost(back);
    return new INDArray[] {back};
  }
}
