package sc.fiji.spyhop.engine.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WORKSPACE;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;
import sc.fiji.spyhop.engine.graph.Pass;
import sc.fiji.spyhop.network.GlobalPooling;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.network.Pooling;
import sc.fiji.spyhop.network.Windows;

/** Max and average pooling, of edges or of whole maps. */
final class OneDnnPooling extends OneDnnNode {

  private final Optional<Pooling> pooling;
  private final boolean max;
  private final Edges edges;
  private final Cache<List<Object>, Compiled> cache = new Cache<>(SIZES);

  /** Where each maximum was found. */
  private Blob places;

  OneDnnPooling(Pooling layer, Maps maps) {
    super(maps);
    max = layer.kind() == Layer.PoolingKind.MAX;
    pooling = Optional.of(layer);
    edges = Edges.of(layer::windows);
  }

  /** Without edges: one number per channel. */
  OneDnnPooling(GlobalPooling layer, Maps maps) {
    super(maps);
    max = layer.kind() == Layer.PoolingKind.MAX;
    pooling = Optional.empty();
    edges = new Edges(List.of());
  }

  private boolean isGlobal() {
    return pooling.isEmpty();
  }

  private boolean countsPadding() {
    return pooling.map(Pooling::countIncludePad).orElse(false);
  }

  /** oneDNN counts whole windows, also what ceil mode adds to them, which should not count. */
  private void correct(Pass<Blob> pass, Blob averages) {
    if (max || !countsPadding() || !pooling.orElseThrow().ceilMode()) return;
    float[] rows = shares(0, pass);
    float[] columns = shares(1, pass);
    Blob factors = maps.take(Layout.plain(1, 1, rows.length, columns.length));
    FloatBuffer values = factors.values();
    for (float row : rows) for (float column : columns) values.put(row * column);
    maps.multiply(averages, factors);
    maps.free(factors);
  }

  /** By how much the window counts more than what of it counts, along one dimension. */
  private float[] shares(int dimension, Pass<Blob> pass) {
    int size = pass.inShape(0)[2 + dimension];
    Windows windows = edges.windows().get(dimension);
    Windows.Placed placed = windows.over(size);
    int kernel = (int) windows.extent();
    float[] shares = new float[placed.count()];
    for (int i = 0; i < shares.length; i++) {
      int from = i * windows.stride() - placed.before();
      int to = Math.min(from + kernel, size + windows.after());
      shares[i] = (float) kernel / (to - from);
    }
    return shares;
  }

  private final class Compiled {
    final Primitive forward;
    final boolean remembers;
    private final Edges geometry;
    private final int[] in;
    private final int[] out;
    private final memory.desc result;
    private Primitive backward;

    Compiled(Pass<Blob> pass) {
      in = pass.inShape(0);
      remembers = max && pass.mode().keeps();
      if (isGlobal()) {
        geometry = new Edges(Arrays.stream(in).skip(2).mapToObj(Windows::whole).toList());
        out = in.clone();
        Arrays.fill(out, 2, out.length, 1);
      } else {
        geometry = edges;
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
                      geometry.stride(),
                      geometry.extent(),
                      new long[in.length - 2],
                      geometry.before(in),
                      geometry.after(in),
                      Primitive.plain()),
              arguments(DNNL_ARG_SRC, DNNL_ARG_DST));
    }

    private int[] arguments(int from, int to) {
      return remembers ? new int[] {from, to, DNNL_ARG_WORKSPACE} : new int[] {from, to};
    }

    private int algorithm() {
      if (max) return dnnl.dnnl_pooling_max;
      return countsPadding()
          ? dnnl.dnnl_pooling_avg_include_padding
          : dnnl.dnnl_pooling_avg_exclude_padding;
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
                        geometry.stride(),
                        geometry.extent(),
                        new long[in.length - 2],
                        geometry.before(in),
                        geometry.after(in),
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
    correct(pass, y);
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
    correct(pass, g);
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
