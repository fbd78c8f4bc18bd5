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
    return product(pass, pass.in(0), 0);
  }

  /** A map multiplied by all inputs but one. */
  private Blob product(Pass<Blob> pass, Blob start, int but) {
    Blob result = maps.take(start.layout());
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
    Blob plain = maps.in(factor, Layout.plain(factor.shape()));
    maps.multiply(result, plain.as(Layout.plain(spread(pass, k))));
    maps.freeUnless(plain, factor);
  }

  @Override
  public void backward(Pass<Blob> pass, Blob gradient) {
    for (int k = 0; k < pass.inputs(); k++) {
      if (!pass.asks(k)) continue;
      Blob g = product(pass, gradient, k);
      if (!Arrays.equals(pass.inShape(k), pass.outShape())) g = sum(pass, g, k);
      pass.give(k, g);
    }
    maps.free(gradient);
  }

  /** Adds up where one value counts for all. */
  private Blob sum(Pass<Blob> pass, Blob g, int k) {
    Blob plain = maps.turn(g, Layout.plain(pass.outShape()));
    Layout target = Layout.plain(spread(pass, k));
    Blob sum = maps.take(target);
    sums.get(List.of(plain.layout(), target), () -> adder(plain.layout(), target))
        .run(maps.pool, plain, sum);
    maps.free(plain);
    return sum.as(Layout.plain(pass.inShape(k)));
  }

  private static Primitive adder(Layout from, Layout to) {
    return new Primitive(
        "sum",
        out ->
            dnnl.dnnl_reduction_primitive_desc_create(
                out,
                OneDnn.c(),
                dnnl.dnnl_reduction_sum,
                from.c(),
                to.c(),
                0,
                0,
                Primitive.plain()),
        DNNL_ARG_SRC,
        DNNL_ARG_DST);
  }
}
