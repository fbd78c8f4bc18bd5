package sc.fiji.spyhop.engine.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;

import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import org.bytedeco.dnnl.global.dnnl;
import sc.fiji.spyhop.engine.graph.Pass;

/** What combines maps of which some have one channel for all, or one value for all places. */
abstract class OneDnnSpread extends OneDnnNode {

  private final Cache<List<Layout>, Primitive> sums = new Cache<>(SIZES);

  OneDnnSpread(Maps maps) {
    super(maps);
  }

  /** The shape of an input, with its space if that is left out. */
  private static int[] spread(Pass<Blob> pass, int k) {
    int[] shape = Arrays.copyOf(pass.inShape(k), pass.outShape().length);
    Arrays.fill(shape, pass.inShape(k).length, shape.length, 1);
    return shape;
  }

  /** Combines a map of the shape of the output with an input. */
  final void combine(Pass<Blob> pass, Blob result, int k, BiConsumer<Blob, Blob> operation) {
    Blob other = pass.in(k);
    if (other.shape().length == result.shape().length) {
      operation.accept(result, other);
      return;
    }
    DataType type = other.layout().type();
    Blob plain = maps.in(other, Layout.plain(type, other.shape()));
    operation.accept(result, plain.as(Layout.plain(type, spread(pass, k))));
    maps.freeUnless(plain, other);
  }

  /** A gradient of the shape of the output, added up where one value of an input counts for all. */
  final Blob sum(Pass<Blob> pass, Blob g, int k) {
    if (Arrays.equals(pass.inShape(k), pass.outShape())) return g;
    DataType type = g.layout().type();
    Blob plain = maps.turn(g, Layout.plain(type, pass.outShape()));
    Layout target = Layout.plain(type, spread(pass, k));
    Blob sum = maps.take(target);
    sums.get(List.of(plain.layout(), target), () -> adder(plain.layout(), target))
        .run(maps, plain, sum);
    maps.free(plain);
    return sum.as(Layout.plain(type, pass.inShape(k)));
  }

  private static Primitive adder(Layout from, Layout to) {
    return new Primitive(
        "sum",
        from.type(),
        (out, type) ->
            dnnl.dnnl_reduction_primitive_desc_create(
                out,
                OneDnn.c(),
                dnnl.dnnl_reduction_sum,
                from.in(type).c(),
                to.in(type).c(),
                0,
                0,
                Primitive.plain()),
        DNNL_ARG_SRC,
        DNNL_ARG_DST);
  }
}
