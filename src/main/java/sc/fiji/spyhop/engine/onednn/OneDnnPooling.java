package sc.fiji.spyhop.engine.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WORKSPACE;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
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
    if (!corrects()) return;
    float[] rows = shares(0, pass);
    float[] columns = shares(1, pass);
    Blob factors = maps.take(Layout.plain(1, 1, rows.length, columns.length));
    FloatBuffer values = factors.values();
    for (float row : rows) for (float column : columns) values.put(row * column);
    maps.multiply(averages, factors);
    maps.free(factors);
  }

  private boolean corrects() {
    return !max && countsPadding() && pooling.orElseThrow().ceilMode();
  }

  /** What goes in, in 32 bits also if averages are corrected. */
  private Blob input(Pass<Blob> pass) {
    Blob x = pass.in(0);
    return corrects() ? maps.in(x, x.layout().in(DataType.F32)) : source(pass);
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
    private final Layout source;
    private final Map<DataType, memory.desc> results = new EnumMap<>(DataType.class);
    private final boolean keeps;
    private Primitive backward;

    Compiled(Pass<Blob> pass, Layout source) {
      this.source = source;
      keeps = pass.mode().keeps();
      in = pass.inShape(0);
      remembers = max && keeps;
      if (isGlobal()) {
        geometry = new Edges(Arrays.stream(in).skip(2).mapToObj(Windows::whole).toList());
        out = in.clone();
        Arrays.fill(out, 2, out.length, 1);
      } else {
        geometry = edges;
        out = pass.outShape();
      }
      for (DataType type : DataType.values()) results.put(type, Layout.any(type, out));
      Primitive first = forward(source.type());
      // both ways have to tell places alike
      if (remembers && backward(first).type() != first.type()) first = forward(DataType.F32);
      forward = first;
    }

    private Primitive forward(DataType first) {
      return new Primitive(
          "pooling",
          source.type(),
          first,
          (p, type) ->
              dnnl.dnnl_pooling_forward_primitive_desc_create(
                  p,
                  OneDnn.c(),
                  keeps ? dnnl.dnnl_forward_training : dnnl.dnnl_forward_inference,
                  algorithm(),
                  source.in(type).c(),
                  results.get(type).get(),
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
      if (backward == null) backward = backward(forward);
      return backward;
    }

    private Primitive backward(Primitive of) {
      return new Primitive(
          "gradient of pooling",
          of,
          (p, type) ->
              dnnl.dnnl_pooling_backward_primitive_desc_create(
                  p,
                  OneDnn.c(),
                  algorithm(),
                  source.in(type).c(),
                  of.layout(DNNL_ARG_DST).in(type).c(),
                  geometry.stride(),
                  geometry.extent(),
                  new long[in.length - 2],
                  geometry.before(in),
                  geometry.after(in),
                  of.description(type),
                  Primitive.plain()),
          arguments(DNNL_ARG_DIFF_DST, DNNL_ARG_DIFF_SRC));
    }
  }

  @Override
  public Blob forward(Pass<Blob> pass) {
    Blob x = input(pass);
    Compiled c = cache.get(key(pass, x.layout()), () -> new Compiled(pass, x.layout()));
    latest = c;
    Blob y = maps.take(c.forward.kept(DNNL_ARG_DST));
    if (c.remembers) {
      places = maps.take(c.forward.layout(DNNL_ARG_WORKSPACE));
      c.forward.run(maps, x, y, places);
    } else {
      c.forward.run(maps, x, y);
    }
    maps.freeUnless(x, pass.in(0));
    correct(pass, y);
    if (!isGlobal()) return y;
    DataType type = y.layout().type();
    return maps.turn(y, Layout.plain(type, c.out)).as(Layout.plain(type, pass.outShape()));
  }

  @Override
  public void backward(Pass<Blob> pass, Blob gradient) {
    Compiled c = latest;
    Primitive p = c.backward();
    Blob g = gradient;
    if (isGlobal()) {
      DataType type = g.layout().type();
      g = maps.turn(g, Layout.plain(type, pass.outShape())).as(Layout.plain(type, c.out));
    }
    g = maps.turn(g, p.kept(DNNL_ARG_DIFF_DST));
    correct(pass, g);
    Blob gx = maps.take(p.kept(DNNL_ARG_DIFF_SRC));
    if (c.remembers) {
      p.run(maps, g, gx, places);
    } else {
      p.run(maps, g, gx);
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
