package sc.fiji.spyhop.engine.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC_0;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC_1;

import org.bytedeco.dnnl.global.dnnl;

/** Feature maps: taken from a pool, rearranged, added. Not thread safe. */
final class Maps implements AutoCloseable {

  private record Rearrangement(Layout from, Layout to) {}

  final Pool pool = new Pool();
  private final Cache<Rearrangement, Primitive> rearrangements = new Cache<>(256);
  private final Cache<Layout, Primitive> sums = new Cache<>(64);

  /** A map with undefined values. */
  Blob take(Layout layout) {
    return new Blob(pool.take(layout.bytes()), layout);
  }

  /** A map that outlives the run, to be given to {@link #discard}. */
  static Blob keep(Layout layout) {
    return new Blob(Pool.keep(layout.bytes()), layout);
  }

  static void discard(Blob kept) {
    Pool.discard(kept.memory());
  }

  void free(Blob blob) {
    pool.give(blob.memory());
  }

  void freeUnless(Blob blob, Blob kept) {
    if (blob.memory() != kept.memory()) free(blob);
  }

  /** The same values in a layout: the map itself if it lies so already, else a new one. */
  Blob in(Blob blob, Layout layout) {
    if (blob.layout().equals(layout)) return blob;
    Blob result = take(layout);
    copy(blob, result);
    return result;
  }

  /** As {@link #in}, but uses the map up. */
  Blob turn(Blob blob, Layout layout) {
    Blob result = in(blob, layout);
    freeUnless(blob, result);
    return result;
  }

  /** Copies values from one layout to another. */
  void copy(Blob from, Blob to) {
    rearrangements
        .get(
            new Rearrangement(from.layout(), to.layout()), () -> copier(from.layout(), to.layout()))
        .run(pool, from, to);
  }

  private static Primitive copier(Layout from, Layout to) {
    return new Primitive(
        "reorder",
        out ->
            dnnl.dnnl_reorder_primitive_desc_create(
                out, from.c(), OneDnn.c(), to.c(), OneDnn.c(), Primitive.plain()),
        DNNL_ARG_SRC,
        DNNL_ARG_DST);
  }

  /** Adds a map to another of equal shape. */
  void add(Blob sum, Blob other) {
    Blob part = in(other, sum.layout());
    sums.get(sum.layout(), () -> adder(sum.layout())).run(pool, sum, part, sum);
    freeUnless(part, other);
  }

  private static Primitive adder(Layout layout) {
    return new Primitive(
        "sum",
        out ->
            dnnl.dnnl_binary_primitive_desc_create(
                out,
                OneDnn.c(),
                dnnl.dnnl_binary_add,
                layout.c(),
                layout.c(),
                layout.c(),
                Primitive.plain()),
        DNNL_ARG_SRC_0,
        DNNL_ARG_SRC_1,
        DNNL_ARG_DST);
  }

  @Override
  public void close() {
    pool.close();
  }
}
