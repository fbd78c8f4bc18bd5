package sc.fiji.spyhop.engine.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WORKSPACE;

import java.util.Arrays;
import java.util.List;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;
import sc.fiji.spyhop.engine.graph.Pass;
import sc.fiji.spyhop.network.Layer;

/** Max and average pooling, of windows or of whole maps. */
final class PoolingNode extends OneDnnNode {

  private final boolean max;
  private final Windows windows;
  private final Cache<List<Object>, Compiled> cache = new Cache<>(SIZES);

  /** Where each maximum was found. */
  private Blob places;

  PoolingNode(Layer.Pooling layer, Maps maps) {
    super(maps);
    max = layer.kind() == Layer.PoolingKind.MAX;
    windows = Windows.dense(layer.kernel(), layer.stride(), layer.padding());
  }

  /** Without windows: one number per channel. */
  PoolingNode(Layer.GlobalPooling layer, Maps maps) {
    super(maps);
    max = layer.kind() == Layer.PoolingKind.MAX;
    windows = new Windows(List.of(), List.of(), List.of(), Layer.Padding.VALID);
  }

  private boolean isGlobal() {
    return windows.kernel().isEmpty();
  }

  private final class Compiled {
    final Primitive forward;
    final boolean remembers;
    private final Windows geometry;
    private final int[] in;
    private final int[] out;
    private final memory.desc result;
    private Primitive backward;

    Compiled(Pass<Blob> pass) {
      in = pass.inShape(0);
      remembers = max && pass.mode().keeps();
      if (isGlobal()) {
        List<Integer> all = Arrays.stream(in).skip(2).boxed().toList();
        geometry = Windows.dense(all, all, Layer.Padding.VALID);
        out = in.clone();
        Arrays.fill(out, 2, out.length, 1);
      } else {
        geometry = windows;
        out = pass.outShape();
      }
      Layout source = pass.in(0).layout();
      result = Layout.any(out);
      forward =
          new Primitive(
              "pooling",
              p ->
                  dnnl.dnnl_pooling_forward_primitive_desc_create(
                      p,
                      OneDnn.c(),
                      pass.mode().keeps()
                          ? dnnl.dnnl_forward_training
                          : dnnl.dnnl_forward_inference,
                      algorithm(),
                      source.c(),
                      result.get(),
                      longs(geometry.stride()),
                      longs(geometry.kernel()),
                      new long[in.length - 2],
                      geometry.before(in, out),
                      geometry.after(in, out),
                      Primitive.plain()),
              arguments(DNNL_ARG_SRC, DNNL_ARG_DST));
    }

    private int[] arguments(int from, int to) {
      return remembers ? new int[] {from, to, DNNL_ARG_WORKSPACE} : new int[] {from, to};
    }

    private int algorithm() {
      return max ? dnnl.dnnl_pooling_max : dnnl.dnnl_pooling_avg_exclude_padding;
    }

    Primitive backward() {
      if (backward == null) {
        backward =
            new Primitive(
                "gradient of pooling",
                p ->
                    dnnl.dnnl_pooling_backward_primitive_desc_create(
                        p,
                        OneDnn.c(),
                        algorithm(),
                        forward.layout(DNNL_ARG_SRC).c(),
                        forward.layout(DNNL_ARG_DST).c(),
                        longs(geometry.stride()),
                        longs(geometry.kernel()),
                        new long[in.length - 2],
                        geometry.before(in, out),
                        geometry.after(in, out),
                        forward.description(),
                        Primitive.plain()),
                arguments(DNNL_ARG_DIFF_DST, DNNL_ARG_DIFF_SRC));
      }
      return backward;
    }
  }

  @Override
  public Blob forward(Pass<Blob> pass) {
    Compiled c = cache.get(key(pass, pass.in(0).layout()), () -> new Compiled(pass));
    latest = c;
    Blob y = maps.take(c.forward.layout(DNNL_ARG_DST));
    if (c.remembers) {
      places = maps.take(c.forward.layout(DNNL_ARG_WORKSPACE));
      c.forward.run(maps.pool, pass.in(0), y, places);
    } else {
      c.forward.run(maps.pool, pass.in(0), y);
    }
    if (!isGlobal()) return y;
    return maps.turn(y, Layout.plain(c.out)).as(Layout.plain(pass.outShape()));
  }

  @Override
  public void backward(Pass<Blob> pass, Blob gradient) {
    Compiled c = latest;
    Primitive p = c.backward();
    Blob g = gradient;
    if (isGlobal()) g = maps.turn(g, Layout.plain(pass.outShape())).as(Layout.plain(c.out));
    g = maps.turn(g, p.layout(DNNL_ARG_DIFF_DST));
    Blob gx = maps.take(p.layout(DNNL_ARG_DIFF_SRC));
    if (c.remembers) {
      p.run(maps.pool, g, gx, places);
    } else {
      p.run(maps.pool, g, gx);
    }
    maps.free(g);
    pass.give(0, gx);
  }

  /** What the last forward pass ran. */
  private Compiled latest;

  @Override
  public void release() {
    if (places != null) maps.free(places);
    places = null;
  }
}
