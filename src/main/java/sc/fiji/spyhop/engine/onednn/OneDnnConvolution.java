package sc.fiji.spyhop.engine.onednn;

import java.util.Arrays;
import java.util.List;
import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.dnnl_primitive_desc;
import org.bytedeco.dnnl.global.dnnl;
import sc.fiji.spyhop.network.Convolution;

/** Convolution. */
final class OneDnnConvolution extends OneDnnWeighted {

  /** Channels of an image. */
  private static final int THIN = 3;

  private static final double MAX_PADDING = 1.15;

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

  private dnnl_memory_desc source(Sizes s) {
    return isChannelsLast(s) ? s.sourceChannelsLast() : s.source();
  }

  private dnnl_memory_desc result(Sizes s) {
    return isChannelsLast(s) ? s.resultChannelsLast() : s.result();
  }

  /**
   * Whether maps lie channels last; else oneDNN chooses, which takes blocks of channels. Channels
   * last is never slower with AVX-512 in 32 bits, and what follows a convolution is faster. Blocks
   * that are not full waste work in all three passes, which for large kernels is more than it costs
   * to rearrange maps for neighbours.
   */
  private boolean isChannelsLast(Sizes s) {
    boolean wide = OneDnn.hasAvx512();
    if (wide && s.type == DataType.F32) return true;
    int block = wide ? 16 : 8;
    return hasLargeKernel() && padding(s.in[1], block) * padding(s.out[1], block) > MAX_PADDING;
  }

  /** How many times its channels a map takes in whole blocks; the first layer needs no blocks. */
  private static double padding(int channels, int block) {
    return channels <= THIN ? 1 : (channels + block - 1) / block * block / (double) channels;
  }

  private boolean hasLargeKernel() {
    return !grouped && Arrays.stream(kernel).reduce(1, (a, b) -> a * b) > 9;
  }

  /** The way back to the weights of a first layer needs blocks where the others do not. */
  private boolean isThin(Sizes s) {
    return s.in[1] <= THIN && hasLargeKernel();
  }

  @Override
  int forward(dnnl_primitive_desc out, Sizes s) {
    return dnnl.dnnl_convolution_forward_primitive_desc_create(
        out,
        OneDnn.c(),
        dnnl.dnnl_forward_training,
        dnnl.dnnl_convolution_auto,
        source(s),
        s.weights(),
        s.bias(),
        result(s),
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
        source(s),
        s.weights(),
        result(s),
        stride,
        dilation,
        edges.before(s.in),
        edges.after(s.in),
        forward,
        Primitive.plain());
  }

  @Override
  int backwardWeights(dnnl_primitive_desc out, Sizes s, dnnl_primitive_desc forward) {
    boolean last = isChannelsLast(s) || isThin(s);
    return dnnl.dnnl_convolution_backward_weights_primitive_desc_create(
        out,
        OneDnn.c(),
        dnnl.dnnl_convolution_auto,
        last ? s.sourceChannelsLast() : s.source(),
        s.weightGradient(),
        s.bias(),
        last ? s.resultChannelsLast() : s.result(),
        stride,
        dilation,
        edges.before(s.in),
        edges.after(s.in),
        forward,
        Primitive.plain());
  }
}
