package sc.fiji.spyhop.engine.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;

import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.dnnl_primitive_desc;
import org.bytedeco.dnnl.global.dnnl;
import sc.fiji.spyhop.engine.graph.Pass;
import sc.fiji.spyhop.network.Activation;
import sc.fiji.spyhop.network.Layer;

/** Element-wise functions and softmax over channels. */
final class OneDnnActivation extends OneDnnNode {

  private static final float LEAK = 0.01f;
  private static final int CHANNELS = 1;

  private final Layer.Function function;
  private final float leak;
  private final Cache<Layout, Compiled> cache = new Cache<>(SIZES);

  OneDnnActivation(Activation layer, Maps maps) {
    this(layer.function(), LEAK, maps);
  }

  private OneDnnActivation(Layer.Function function, float leak, Maps maps) {
    super(maps);
    this.function = function;
    this.leak = leak;
  }

  /**
   * A leaky ReLU.
   *
   * @param slope for negative values, from 0 and below 1
   */
  static OneDnnActivation leaky(double slope, Maps maps) {
    return new OneDnnActivation(Layer.Function.LEAKY_RELU, (float) slope, maps);
  }

  private final class Compiled {
    private final Layout layout;
    final Primitive forward;
    private Primitive backward;

    Compiled(Layout layout) {
      this.layout = layout;
      forward =
          new Primitive("function", layout.type(), this::describe, DNNL_ARG_SRC, DNNL_ARG_DST);
    }

    private int describe(dnnl_primitive_desc out, DataType type) {
      dnnl_memory_desc map = layout.in(type).c();
      if (function == Layer.Function.SOFTMAX) {
        return dnnl.dnnl_softmax_forward_primitive_desc_create(
            out,
            OneDnn.c(),
            dnnl.dnnl_forward_training,
            dnnl.dnnl_softmax_accurate,
            map,
            map,
            CHANNELS,
            Primitive.plain());
      }
      return dnnl.dnnl_eltwise_forward_primitive_desc_create(
          out,
          OneDnn.c(),
          dnnl.dnnl_forward_training,
          algorithm(),
          map,
          map,
          alpha(),
          beta(),
          Primitive.plain());
    }

    private int describeBackward(dnnl_primitive_desc out, DataType type) {
      dnnl_memory_desc map = layout.in(type).c();
      if (function == Layer.Function.SOFTMAX) {
        return dnnl.dnnl_softmax_backward_primitive_desc_create(
            out,
            OneDnn.c(),
            dnnl.dnnl_softmax_accurate,
            map,
            map,
            map,
            CHANNELS,
            forward.description(type),
            Primitive.plain());
      }
      return dnnl.dnnl_eltwise_backward_primitive_desc_create(
          out,
          OneDnn.c(),
          algorithm(),
          map,
          map,
          map,
          alpha(),
          beta(),
          forward.description(type),
          Primitive.plain());
    }

    Primitive backward() {
      if (backward == null) {
        backward =
            new Primitive(
                "gradient of a function",
                forward,
                this::describeBackward,
                looksAtInput(function) ? DNNL_ARG_SRC : DNNL_ARG_DST,
                DNNL_ARG_DIFF_DST,
                DNNL_ARG_DIFF_SRC);
      }
      return backward;
    }
  }

  private int algorithm() {
    return switch (function) {
      case RELU, LEAKY_RELU -> dnnl.dnnl_eltwise_relu_use_dst_for_bwd;
      case TANH -> dnnl.dnnl_eltwise_tanh_use_dst_for_bwd;
      case SIGMOID -> dnnl.dnnl_eltwise_logistic_use_dst_for_bwd;
      case RELU6 -> dnnl.dnnl_eltwise_clip_v2_use_dst_for_bwd;
      case ELU -> dnnl.dnnl_eltwise_elu_use_dst_for_bwd;
      case SWISH -> dnnl.dnnl_eltwise_swish;
      case HARD_SIGMOID -> dnnl.dnnl_eltwise_hardsigmoid;
      case HARD_SWISH -> dnnl.dnnl_eltwise_hardswish;
      case GELU -> dnnl.dnnl_eltwise_gelu_erf;
      case MISH -> dnnl.dnnl_eltwise_mish;
      case IDENTITY, SOFTMAX -> throw new AssertionError(function);
    };
  }

  private float alpha() {
    return switch (function) {
      case LEAKY_RELU -> leak;
      case ELU, SWISH -> 1;
      case HARD_SIGMOID, HARD_SWISH -> 1 / 6f;
      default -> 0;
    };
  }

  private float beta() {
    return switch (function) {
      case RELU6 -> 6;
      case HARD_SIGMOID, HARD_SWISH -> 0.5f;
      default -> 0;
    };
  }

  /** Functions whose slope oneDNN does not tell from their value. */
  private static boolean looksAtInput(Layer.Function function) {
    return switch (function) {
      case SWISH, HARD_SIGMOID, HARD_SWISH, GELU, MISH -> true;
      default -> false;
    };
  }

  private Compiled compiled(Layout layout) {
    return cache.get(layout, () -> new Compiled(layout));
  }

  @Override
  public boolean worksInPlace() {
    return !looksAtInput(function);
  }

  @Override
  public boolean needsInput() {
    return looksAtInput(function);
  }

  @Override
  public boolean needsOutput() {
    return function != Layer.Function.IDENTITY && !looksAtInput(function);
  }

  /**
   * oneDNN is slow where a block of channels is not full and zeros, with which it is filled, do not
   * stay zeros.
   */
  private Blob unpadded(Blob x) {
    boolean padded = x.layout().isPadded() && !keepsZero(function);
    return padded ? maps.in(x, Layout.plain(x.layout().type(), x.shape())) : x;
  }

  private static boolean keepsZero(Layer.Function function) {
    return switch (function) {
      case SIGMOID, HARD_SIGMOID, SOFTMAX -> false;
      default -> true;
    };
  }

  @Override
  public Blob forward(Pass<Blob> pass) {
    Blob given = source(pass);
    Blob x = unpadded(given);
    if (x != given) maps.freeUnless(given, pass.in(0));
    boolean own = pass.inPlace() || x != pass.in(0);
    Blob y = own ? x : maps.take(x.layout());
    if (function != Layer.Function.IDENTITY) {
      compiled(x.layout()).forward.run(maps, x, y);
    } else if (y != x) {
      maps.copy(x, y);
    }
    if (pass.inPlace()) maps.freeUnless(pass.in(0), x);
    return y;
  }

  @Override
  public void backward(Pass<Blob> pass, Blob gradient) {
    if (function == Layer.Function.IDENTITY) {
      pass.give(0, gradient);
      return;
    }
    Blob y = looksAtInput(function) ? source(pass) : pass.out();
    Blob g = maps.turn(gradient, y.layout());
    compiled(y.layout()).backward().run(maps, y, g, g);
    if (looksAtInput(function)) maps.freeUnless(y, pass.in(0));
    pass.give(0, g);
  }
}
