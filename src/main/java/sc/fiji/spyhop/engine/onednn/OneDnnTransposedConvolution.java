package sc.fiji.spyhop.engine.onednn;

import java.util.List;
import org.bytedeco.dnnl.dnnl_primitive_desc;
import org.bytedeco.dnnl.global.dnnl;
import sc.fiji.spyhop.network.TransposedConvolution;

/** Transposed convolution. */
final class OneDnnTransposedConvolution extends OneDnnWeighted {

  private final long[] stride;
  private final long[] dilation;
  private final Edges edges;

  OneDnnTransposedConvolution(TransposedConvolution layer, Maps maps, List<Weight> slots) {
    super(maps, slots);
    stride = longs(layer.stride());
    dilation = new long[stride.length];
    edges = Edges.of(layer::windows);
  }

  // the way back of a convolution from out to in: its padding

  private long[] before(Sizes s) {
    return edges.before(s.out);
  }

  private long[] after(Sizes s) {
    return edges.after(s.out);
  }

  @Override
  int forward(dnnl_primitive_desc out, Sizes s) {
    return dnnl.dnnl_deconvolution_forward_primitive_desc_create(
        out,
        OneDnn.c(),
        dnnl.dnnl_forward_training,
        dnnl.dnnl_deconvolution_direct,
        s.source(),
        s.weights(),
        s.bias(),
        s.result(),
        stride,
        dilation,
        before(s),
        after(s),
        Primitive.with(s.function));
  }

  @Override
  int backwardData(dnnl_primitive_desc out, Sizes s, dnnl_primitive_desc forward) {
    return dnnl.dnnl_deconvolution_backward_data_primitive_desc_create(
        out,
        OneDnn.c(),
        dnnl.dnnl_deconvolution_direct,
        s.source(),
        s.weights(),
        s.result(),
        stride,
        dilation,
        before(s),
        after(s),
        forward,
        Primitive.plain());
  }

  @Override
  int backwardWeights(dnnl_primitive_desc out, Sizes s, dnnl_primitive_desc forward) {
    return dnnl.dnnl_deconvolution_backward_weights_primitive_desc_create(
        out,
        OneDnn.c(),
        dnnl.dnnl_deconvolution_direct,
        s.source(),
        s.weightGradient(),
        s.bias(),
        s.result(),
        stride,
        dilation,
        before(s),
        after(s),
        forward,
        Primitive.plain());
  }
}
