package sc.fiji.spyhop.engine.dl4j;

import java.util.Arrays;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import sc.fiji.spyhop.engine.graph.Mode;
import sc.fiji.spyhop.engine.normalization.MapNormalization;
import sc.fiji.spyhop.engine.normalization.MapNormalization.ParameterGradients;
import sc.fiji.spyhop.engine.normalization.ValueOrder;
import sc.fiji.spyhop.network.Parameter;

/** Normalization by statistics of the map itself, computed in Java, by the processor. */
final class NormalizationVertex extends CustomVertex {

  private static final int SCALE = 0;
  private static final int SHIFT = 1;

  private final transient MapNormalization normalization;

  NormalizationVertex(MapNormalization normalization, List<Parameter> parameters) {
    super(parameters);
    this.normalization = normalization;
  }

  private static ValueOrder order(INDArray x) {
    return ValueOrder.rows(Arrays.stream(x.shape()).mapToInt(Math::toIntExact).toArray());
  }

  @Override
  INDArray forward(INDArray[] in, Mode mode, Memory memory) {
    INDArray y = memory.take(in[0].shape());
    HostArray.toHost(in[0]);
    normalization.forward(
        order(in[0]),
        HostArray.values(in[0]),
        value(SCALE).toFloatVector(),
        value(SHIFT).toFloatVector(),
        HostArray.values(y));
    HostArray.fromHost(y);
    return y;
  }

  @Override
  INDArray[] backward(INDArray[] in, INDArray gradient, Mode mode, Memory memory) {
    INDArray back = memory.take(in[0].shape());
    HostArray.toHost(in[0]);
    HostArray.toHost(gradient);
    ParameterGradients found =
        normalization.backward(
            order(in[0]),
            HostArray.values(in[0]),
            HostArray.values(gradient),
            value(SCALE).toFloatVector(),
            HostArray.values(back));
    HostArray.fromHost(back);
    gradient(SCALE).assign(HostArray.inWorkspace(found.weight(), found.weight().length));
    gradient(SHIFT).assign(HostArray.inWorkspace(found.bias(), found.bias().length));
    return new INDArray[] {back};
  }
}
