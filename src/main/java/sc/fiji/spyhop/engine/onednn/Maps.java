package sc.fiji.spyhop.engine.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC_0;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC_1;

import java.util.Arrays;
import org.bytedeco.dnnl.global.dnnl;

/**
 * Feature maps: taken from a pool, rearranged, added. Rearranging also rounds from 32 bits to 16,
 * to the nearest number, of two the even one. Not thread safe.
 */
final class Maps implements AutoCloseable {

  private record Rearrangement(Layout from, Layout to) {}

  private record Combination(int algorithm, Layout a, Layout b) {}

  final Pool pool = new Pool();
  private final DataType type;
  private final Cache<Rearrangement, Primitive> rearrangements = new Cache<>(256);
  private final Cache<Combination, Primitive> combinations = new Cache<>(64);

  /**
   * @param type in which maps are kept between layers, as far as a layer has a choice
   */
  Maps(DataType type) {
    this.type = type;
  }

  DataType type() {
    return type;
  }

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
        .run(this, from, to);
  }

  private static Primitive copier(Layout from, Layout to) {
    return new Primitive(
        "reorder",
        DataType.F32,
        (out, any) ->
            dnnl.dnnl_reorder_primitive_desc_create(
                out, from.c(), OneDnn.c(), to.c(), OneDnn.c(), Primitive.plain()),
        DNNL_ARG_SRC,
        DNNL_ARG_DST);
  }

  /** Adds another map, of equal shape or of size 1 where it counts for all. */
  void add(Blob sum, Blob other) {
    spread(dnnl.dnnl_binary_add, sum, other);
  }

  /** Multiplies by another map, of equal shape or of size 1 where it counts for all. */
  void multiply(Blob product, Blob other) {
    spread(dnnl.dnnl_binary_mul, product, other);
  }

  private void spread(int algorithm, Blob result, Blob other) {
    boolean equal = Arrays.equals(result.shape(), other.shape());
    Layout plain = Layout.plain(result.layout().type(), other.shape());
    Blob part = in(other, equal ? result.layout() : plain);
    combine(algorithm, result, part);
    freeUnless(part, other);
  }

  private void combine(int algorithm, Blob a, Blob b) {
    combinations
        .get(
            new Combination(algorithm, a.layout(), b.layout()),
            () -> combiner(algorithm, a.layout(), b.layout()))
        .run(this, a, b, a);
  }

  private static Primitive combiner(int algorithm, Layout a, Layout b) {
    return new Primitive(
        "sum or product",
        a.type(),
        (out, type) ->
            dnnl.dnnl_binary_primitive_desc_create(
                out,
                OneDnn.c(),
                algorithm,
                a.in(type).c(),
                b.in(type).c(),
                a.in(type).c(),
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
