package sc.fiji.spyhop.engine.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;
import sc.fiji.spyhop.engine.graph.Pass;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.network.Upsampling;

/** Nearest and bilinear upsampling. */
final class OneDnnUpsampling extends OneDnnNode {

  private final Upsampling layer;
  private final Cache<Layout, Compiled> cache = new Cache<>(SIZES);

  OneDnnUpsampling(Upsampling layer, Maps maps) {
    super(maps);
    this.layer = layer;
  }

  private final class Compiled {
    final Primitive forward;
    private final float[] factors;
    private final Layout source;
    private final Map<DataType, memory.desc> results = new EnumMap<>(DataType.class);
    private Primitive backward;

    Compiled(Layout source, int[] out) {
      this.source = source;
      for (DataType type : DataType.values()) {
        results.put(
            type, isSingle(source) ? Layout.plain(type, out).desc() : Layout.any(type, out));
      }
      factors = new float[layer.factor().size()];
      for (int i = 0; i < factors.length; i++) factors[i] = layer.factor().get(i);
      forward =
          new Primitive(
              "upsampling",
              source.type(),
              (p, type) ->
                  dnnl.dnnl_resampling_forward_primitive_desc_create(
                      p,
                      OneDnn.c(),
                      dnnl.dnnl_forward_training,
                      algorithm(),
                      factors,
                      source.in(type).c(),
                      results.get(type).get(),
                      Primitive.plain()),
              DNNL_ARG_SRC,
              DNNL_ARG_DST);
    }

    Primitive backward() {
      if (backward == null) {
        backward =
            new Primitive(
                "gradient of upsampling",
                forward,
                (p, type) ->
                    dnnl.dnnl_resampling_backward_primitive_desc_create(
                        p,
                        OneDnn.c(),
                        algorithm(),
                        factors,
                        source.in(type).c(),
                        forward.layout(DNNL_ARG_DST).in(type).c(),
                        forward.description(type),
                        Primitive.plain()),
                DNNL_ARG_DIFF_DST,
                DNNL_ARG_DIFF_SRC);
      }
      return backward;
    }
  }

  /**
   * Whether a map has one place for each channel: then it is not clear which way its values lie,
   * and what the library chooses for the result does not fit.
   */
  private static boolean isSingle(Layout layout) {
    return Arrays.stream(layout.shape()).skip(2).allMatch(size -> size == 1);
  }

  private int algorithm() {
    return layer.interpolation() == Layer.Interpolation.BILINEAR
        ? dnnl.dnnl_resampling_linear
        : dnnl.dnnl_resampling_nearest;
  }

  private Compiled latest;

  @Override
  public Blob forward(Pass<Blob> pass) {
    Blob received = source(pass);
    Layout lies = received.layout();
    Blob x = maps.in(received, isSingle(lies) ? Layout.plain(lies.type(), lies.shape()) : lies);
    latest = cache.get(x.layout(), () -> new Compiled(x.layout(), pass.outShape()));
    Blob y = maps.take(latest.forward.kept(DNNL_ARG_DST));
    latest.forward.run(maps, x, y);
    maps.freeUnless(x, received);
    maps.freeUnless(received, pass.in(0));
    return y;
  }

  @Override
  public void backward(Pass<Blob> pass, Blob gradient) {
    Primitive p = latest.backward();
    Blob g = maps.turn(gradient, p.kept(DNNL_ARG_DIFF_DST));
    Blob gx = maps.take(p.kept(DNNL_ARG_DIFF_SRC));
    p.run(maps, g, gx);
    maps.free(g);
    pass.give(0, gx);
  }
}
