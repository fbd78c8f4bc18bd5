package sc.fiji.spyhop.engine.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WORKSPACE;

import java.util.Arrays;
import org.bytedeco.dnnl.global.dnnl;
import sc.fiji.spyhop.engine.graph.Pass;
import sc.fiji.spyhop.network.LocalResponseNorm;

/** Local response normalisation over channels, always in 32 bits: powers are taken. */
final class OneDnnLocalResponseNorm extends OneDnnNode {

  private final LocalResponseNorm layer;
  private final Cache<Layout, Compiled> cache = new Cache<>(SIZES);

  /** Intermediate results, for the implementations that have some. */
  private Blob between;

  OneDnnLocalResponseNorm(LocalResponseNorm layer, Maps maps) {
    super(maps);
    this.layer = layer;
  }

  private final class Compiled {
    private final Layout layout;
    final Primitive forward;
    final boolean remembers;
    private Primitive backward;

    Compiled(Layout layout) {
      this.layout = layout;
      Primitive plain = forward(DNNL_ARG_SRC, DNNL_ARG_DST);
      remembers = plain.layout(DNNL_ARG_WORKSPACE).bytes() > 0;
      forward = remembers ? forward(DNNL_ARG_SRC, DNNL_ARG_DST, DNNL_ARG_WORKSPACE) : plain;
    }

    private Primitive forward(int... arguments) {
      return new Primitive(
          "local response norm",
          DataType.F32,
          (out, type) ->
              dnnl.dnnl_lrn_forward_primitive_desc_create(
                  out,
                  OneDnn.c(),
                  dnnl.dnnl_forward_training,
                  dnnl.dnnl_lrn_across_channels,
                  layout.c(),
                  layout.c(),
                  layer.size(),
                  (float) layer.alpha(),
                  (float) layer.beta(),
                  (float) layer.k(),
                  Primitive.plain()),
          arguments);
    }

    Primitive backward() {
      if (backward == null) {
        int[] arguments = {DNNL_ARG_SRC, DNNL_ARG_DIFF_DST, DNNL_ARG_DIFF_SRC, DNNL_ARG_WORKSPACE};
        backward =
            new Primitive(
                "gradient of local response norm",
                forward,
                (out, type) ->
                    dnnl.dnnl_lrn_backward_primitive_desc_create(
                        out,
                        OneDnn.c(),
                        dnnl.dnnl_lrn_across_channels,
                        layout.c(),
                        layout.c(),
                        layout.c(),
                        layer.size(),
                        (float) layer.alpha(),
                        (float) layer.beta(),
                        (float) layer.k(),
                        forward.description(type),
                        Primitive.plain()),
                remembers ? arguments : Arrays.copyOf(arguments, 3));
      }
      return backward;
    }
  }

  /** oneDNN wants at least one pixel. */
  private static Layout planes(int[] shape) {
    int[] planes = Arrays.copyOf(shape, Math.max(4, shape.length));
    Arrays.fill(planes, shape.length, planes.length, 1);
    return Layout.plain(planes);
  }

  private Compiled compiled(Pass<Blob> pass) {
    Layout layout = planes(pass.outShape());
    return cache.get(layout, () -> new Compiled(layout));
  }

  @Override
  public boolean needsInput() {
    return true;
  }

  private Blob planes(Pass<Blob> pass) {
    return maps.in(pass.in(0), Layout.plain(pass.outShape()));
  }

  @Override
  public Blob forward(Pass<Blob> pass) {
    Compiled c = compiled(pass);
    Blob x = planes(pass);
    Blob y = maps.take(c.layout);
    if (c.remembers) {
      between = maps.take(c.forward.layout(DNNL_ARG_WORKSPACE));
      c.forward.run(maps, x, y, between);
    } else {
      c.forward.run(maps, x, y);
    }
    maps.freeUnless(x, pass.in(0));
    if (!pass.mode().keeps()) release();
    return y.as(Layout.plain(pass.outShape()));
  }

  @Override
  public void backward(Pass<Blob> pass, Blob gradient) {
    Compiled c = compiled(pass);
    Blob x = planes(pass);
    Blob g = maps.turn(gradient, Layout.plain(pass.outShape()));
    Blob gx = maps.take(c.layout);
    if (c.remembers) {
      c.backward().run(maps, x, g, gx, between);
    } else {
      c.backward().run(maps, x, g, gx);
    }
    maps.freeUnless(x, pass.in(0));
    maps.free(g);
    pass.give(0, gx.as(Layout.plain(pass.outShape())));
  }

  @Override
  public void release() {
    if (between != null) maps.free(between);
    between = null;
  }
}
