package sc.fiji.spyhop.engine.onednn;

import java.util.Arrays;
import java.util.List;
import org.bytedeco.dnnl.dnnl_primitive_desc;
import org.bytedeco.dnnl.global.dnnl;
import sc.fiji.spyhop.network.Convolution;

/** Convolution. */
final class OneDnnConvolution extends OneDnnWeighted {

  private final boolean grouped;
  private final long[] kernel;
  private final long[] stride;
  private final long[] dilation;
  private final Edges edges;

  OneDnnConvolution(Convolution layer, Maps maps, List<Weight> slots) {
    super(maps, slots);
    grouped = layer.groups() > 1;
    kernel = longs(layer.kernel());
    stride = longs(layer.stride());
    // oneDNN counts the gaps
    dilation = layer.dilation().stream().mapToLong(d -> d - 1).toArray();
    edges = Edges.of(layer::windows);
  }

  @Override
  int forward(dnnl_primitive_desc out, Sizes s) {
    return dnnl.dnnl_convolution_forward_primitive_desc_create(
        out,
        OneDnn.c(),
        dnnl.dnnl_forward_training,
        dnnl.dnnl_convolution_auto,
        s.source(),
        s.weights(),
        s.bias(),
        s.result(),
        stride,
        dilation,
        edges.before(s.in),
        edges.after(s.in),
        Primitive.with(s.function));
  }

  @Override
  int backwardData(dnnl_primitive_desc out, Sizes s, dnnl_primitive_desc forward) {
    return dnnl.dnnl_convolution_backward_data_primitive_desc_create(
        out,
        OneDnn.c(),
        dnnl.dnnl_convolution_auto,
        s.source(),
        s.weights(),
        s.result(),
        stride,
        dilation,
        edges.before(s.in),
        edges.after(s.in),
        forward,
        Primitive.plain());
  }

  /**
   * Few channels would be padded to a block of eight, which wastes most of the work on the way back
   * to the weights; for large kernels that is more than a rearrangement costs.
   */
  private boolean isThin(Sizes s) {
    return !grouped && s.in[1] <= 3 && Arrays.stream(kernel).reduce(1, (a, b) -> a * b) > 9;
  }

  @Override
  int backwardWeights(dnnl_primitive_desc out, Sizes s, dnnl_primitive_desc forward) {
    boolean thin = isThin(s);
    return dnnl.dnnl_convolution_backward_weights_primitive_desc_create(
        out,
        OneDnn.c(),
        dnnl.dnnl_convolution_auto,
        thin ? s.thinSource() : s.source(),
        s.weightGradient(),
        s.bias(),
        thin ? s.thinResult() : s.result(),
        stride,
        dilation,
        edges.before(s.in),
        edges.after(s.in),
        forward,
        Primitive.plain());
  }
}
