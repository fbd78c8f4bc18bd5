package sc.fiji.spyhop.engine.onednn;

import java.util.List;
import org.bytedeco.dnnl.dnnl_primitive_desc;
import org.bytedeco.dnnl.global.dnnl;

/** Fully connected layer. */
final class OneDnnDense extends OneDnnWeighted {

  OneDnnDense(Maps maps, List<Weight> slots) {
    super(maps, slots);
  }

  @Override
  int forward(dnnl_primitive_desc out, Sizes s) {
    return dnnl.dnnl_inner_product_forward_primitive_desc_create(
        out,
        OneDnn.c(),
        dnnl.dnnl_forward_training,
        s.source(),
        s.weights(),
        s.bias(),
        s.result(),
        Primitive.with(s.function));
  }

  @Override
  int backwardData(dnnl_primitive_desc out, Sizes s, dnnl_primitive_desc forward) {
    return dnnl.dnnl_inner_product_backward_data_primitive_desc_create(
        out, OneDnn.c(), s.source(), s.weights(), s.result(), forward, Primitive.plain());
  }

  @Override
  int backwardWeights(dnnl_primitive_desc out, Sizes s, dnnl_primitive_desc forward) {
    return dnnl.dnnl_inner_product_backward_weights_primitive_desc_create(
        out,
        OneDnn.c(),
        s.source(),
        s.weightGradient(),
        s.bias(),
        s.result(),
        forward,
        Primitive.plain());
  }
}
