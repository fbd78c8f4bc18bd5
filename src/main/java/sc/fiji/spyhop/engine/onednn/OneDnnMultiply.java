package sc.fiji.spyhop.engine.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;

import java.util.Arrays;
import java.util.List;
import org.bytedeco.dnnl.global.dnnl;
import sc.fiji.spyhop.engine.graph.Pass;

/** Element-wise product, also of maps by one value for each channel. */
final class OneDnnMultiply extends OneDnnNode {

  private final Cache<List<Layout>, Primitive> sums = new Cache<>(SIZES);

  OneDnnMultiply(Maps maps) {
    super(maps);
  }

  @Override
  public boolean needsInput() {
    return true;
  }

  @Override
  public Blob forward(Pass<Blob> pass) {
    Layout layout = pass.in(0).layout();
    return product(pass, pass.in(0), pass.isExact() ? layout.in(DataType.F32) : layout, 0);
  }

  /** A map multiplied by all inputs but one, in a layout. */
  private Blob product(Pass<Blob> pass, Blob start, Layout layout, int but) {
    Blob result = maps.take(layout);
    maps.copy(start, result);
    for (int k = 0; k < pass.inputs(); k++) if (k != but) multiply(pass, result, k);
    return result;
  }

  /** The shape of an input, with its space if that is left out. */
  private static int[] spread(Pass<Blob> pass, int k) {
    int[] shape = Arrays.copyOf(pass.inShape(k), pass.outShape().length);
    Arrays.fill(shape, pass.inShape(k).length, shape.length, 1);
    return shape;
  }

  private void multiply(Pass<Blob> pass, Blob result, int k) {
    Blob factor = pass.in(k);
    if (factor.shape().length == result.shape().length) {
      maps.multiply(result, factor);
      return;
    }
    DataType type = factor.layout().type();
    Blob plain = maps.in(factor, Layout.plain(type, factor.shape()));
    maps.multiply(result, plain.as(Layout.plain(type, spread(pass, k))));
    maps.freeUnless(plain, factor);
  }

  @Override
  public void backward(Pass<Blob> pass, Blob gradient) {
    for (int k = 0; k < pass.inputs(); k++) {
      if (!pass.asks(k)) continue;
      Blob g = product(pass, gradient, gradient.layout(), k);
      if (!Arrays.equals(pass.inShape(k), pass.outShape())) g = sum(pass, g, k);
      pass.give(k, g);
    }
    maps.free(gradient);
  }

  /** Adds up where one value counts for all. */
  private Blob sum(Pass<Blob> pass, Blob g, int k) {
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
