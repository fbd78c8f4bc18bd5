package sc.fiji.spyhop.engine.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_BIAS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_BIAS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_WEIGHTS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WEIGHTS;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.dnnl_primitive_desc;
import org.bytedeco.dnnl.memory;
import sc.fiji.spyhop.engine.graph.Mode;
import sc.fiji.spyhop.engine.graph.Pass;
import sc.fiji.spyhop.network.Layer;

/** A layer with a kernel and, if there is one, a bias. */
abstract class OneDnnWeighted extends OneDnnNode {

  private final Weight kernel;
  private final List<Weight> slots;
  private final Cache<List<Object>, Compiled> cache = new Cache<>(SIZES);

  OneDnnWeighted(Maps maps, List<Weight> slots) {
    super(maps);
    this.slots = slots;
    kernel = slots.get(0);
  }

  /** The layer at certain sizes; how things lie is left to oneDNN. */
  final class Sizes {
    private final memory.desc source;
    private final memory.desc weights;
    private final memory.desc weightGradient;
    private final memory.desc result;
    private final Layout sourceChannelsLast;
    private final Layout resultChannelsLast;
    final int[] in;
    final int[] out;
    final DataType type;
    final Layer.Function function;

    private Sizes(Compiled of, DataType type, DataType resultType) {
      this.type = type;
      in = of.in;
      out = of.out;
      function = of.function;
      source = Layout.any(type, in);
      weights = Layout.any(type, kernel.plain().shape());
      weightGradient = Layout.any(DataType.F32, kernel.plain().shape());
      result = Layout.any(resultType, out);
      sourceChannelsLast = Layout.channelsLast(type, in);
      resultChannelsLast = Layout.channelsLast(resultType, out);
    }

    dnnl_memory_desc source() {
      return source.get();
    }

    dnnl_memory_desc weights() {
      return weights.get();
    }

    dnnl_memory_desc weightGradient() {
      return weightGradient.get();
    }

    dnnl_memory_desc bias() {
      return hasBias() ? slots.get(1).plain().c() : null;
    }

    dnnl_memory_desc result() {
      return result.get();
    }

    /** What goes in, channels last. */
    dnnl_memory_desc sourceChannelsLast() {
      return sourceChannelsLast.c();
    }

    /** What comes out, channels last. */
    dnnl_memory_desc resultChannelsLast() {
      return resultChannelsLast.c();
    }
  }

  abstract int forward(dnnl_primitive_desc out, Sizes s);

  abstract int backwardData(dnnl_primitive_desc out, Sizes s, dnnl_primitive_desc forward);

  abstract int backwardWeights(dnnl_primitive_desc out, Sizes s, dnnl_primitive_desc forward);

  /** The layer's primitives at certain sizes, those of the way back when they are needed. */
  private final class Compiled {
    private final int[] in;
    private final int[] out;
    private final Layer.Function function;

    /** Kept for as long as descriptions may be made of them. */
    private final List<Sizes> described = new ArrayList<>();

    final Primitive forward;
    final Layout result;
    private Primitive data;
    private Primitive weights;

    Compiled(Pass<Blob> pass) {
      in = pass.inShape(0);
      out = pass.outShape();
      function = pass.function();
      boolean exact = pass.isExact();
      forward =
          new Primitive(
              "layer",
              maps.type(),
              (p, type) -> forward(p, sizes(type, exact ? DataType.F32 : type)),
              hasBias()
                  ? new int[] {DNNL_ARG_SRC, DNNL_ARG_WEIGHTS, DNNL_ARG_DST, DNNL_ARG_BIAS}
                  : new int[] {DNNL_ARG_SRC, DNNL_ARG_WEIGHTS, DNNL_ARG_DST});
      result = exact ? forward.layout(DNNL_ARG_DST) : forward.kept(DNNL_ARG_DST);
    }

    private Sizes sizes(DataType type, DataType resultType) {
      Sizes sizes = new Sizes(this, type, resultType);
      described.add(sizes);
      return sizes;
    }

    Primitive data() {
      if (data == null) {
        data =
            new Primitive(
                "gradient of a layer",
                forward,
                (p, type) -> backwardData(p, sizes(type, type), forward.description(type)),
                DNNL_ARG_DIFF_DST,
                DNNL_ARG_WEIGHTS,
                DNNL_ARG_DIFF_SRC);
      }
      return data;
    }

    Primitive weights() {
      if (weights == null) {
        weights =
            new Primitive(
                "gradient of weights",
                forward,
                (p, type) -> backwardWeights(p, sizes(type, type), forward.description(type)),
                hasBias()
                    ? new int[] {
                      DNNL_ARG_DIFF_DST, DNNL_ARG_SRC, DNNL_ARG_DIFF_WEIGHTS, DNNL_ARG_DIFF_BIAS
                    }
                    : new int[] {DNNL_ARG_DIFF_DST, DNNL_ARG_SRC, DNNL_ARG_DIFF_WEIGHTS});
      }
      return weights;
    }
  }

  private boolean hasBias() {
    return slots.size() > 1;
  }

  @Override
  public List<Weight> slots() {
    return slots;
  }

  @Override
  public boolean needsInput() {
    return true;
  }

  @Override
  public boolean absorbs(Layer.Function function, Mode mode) {
    return function == Layer.Function.RELU;
  }

  private Compiled compiled(Pass<Blob> pass) {
    return cache.get(key(pass), () -> new Compiled(pass));
  }

  @Override
  public Blob forward(Pass<Blob> pass) {
    Compiled compiled = compiled(pass);
    Primitive p = compiled.forward;
    Blob x = maps.in(pass.in(0), p.kept(DNNL_ARG_SRC));
    Blob w = kernel.in(p.kept(DNNL_ARG_WEIGHTS));
    Blob y = maps.take(compiled.result);
    if (hasBias()) {
      p.run(maps, x, w, y, slots.get(1).value());
    } else {
      p.run(maps, x, w, y);
    }
    kernel.done(w);
    maps.freeUnless(x, pass.in(0));
    return y;
  }

  @Override
  public void backward(Pass<Blob> pass, Blob gradient) {
    Compiled compiled = compiled(pass);
    Blob g = gradient;
    if (pass.asks(kernel)) {
      Primitive p = compiled.weights();
      g = maps.turn(g, p.kept(DNNL_ARG_DIFF_DST));
      backwardWeights(p, pass.in(0), g);
    }
    if (pass.asks(0)) {
      Primitive p = compiled.data();
      g = maps.turn(g, p.kept(DNNL_ARG_DIFF_DST));
      Blob w = maps.in(kernel.value(), p.kept(DNNL_ARG_WEIGHTS));
      Blob gx = maps.take(p.kept(DNNL_ARG_DIFF_SRC));
      p.run(maps, g, w, gx);
      kernel.done(w);
      pass.give(0, gx);
    }
    maps.free(g);
  }

  private void backwardWeights(Primitive p, Blob in, Blob g) {
    Blob x = maps.in(in, p.kept(DNNL_ARG_SRC));
    Layout layout = p.layout(DNNL_ARG_DIFF_WEIGHTS);
    Blob plain = kernel.gradientBlob();
    Blob gw = layout.equals(plain.layout()) ? plain : maps.take(layout);
    if (hasBias()) {
      p.run(maps, g, x, gw, slots.get(1).gradientBlob());
    } else {
      p.run(maps, g, x, gw);
    }
    if (gw != plain) {
      maps.copy(gw, plain);
      maps.free(gw);
    }
    maps.freeUnless(x, in);
  }

  @Override
  public void close() {
    slots.forEach(Weight::close);
  }
}
