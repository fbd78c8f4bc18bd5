package sc.fiji.spyhop.engine.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_WEIGHTS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WEIGHTS;

import java.util.Arrays;
import java.util.List;
import org.bytedeco.dnnl.global.dnnl;
import sc.fiji.spyhop.engine.graph.Pass;
import sc.fiji.spyhop.network.PRelu;

/** ReLU with a slope for negative values that is learned. */
final class OneDnnPRelu extends OneDnnNode {

  private final List<Weight> slots;
  private final List<Integer> space;
  private final Cache<Layout, Compiled> cache = new Cache<>(SIZES);

  OneDnnPRelu(PRelu layer, Maps maps, List<Weight> slots) {
    super(maps);
    space = layer.space();
    this.slots = slots;
  }

  private final class Compiled {
    private final Layout layout;
    private final Layout slopes;
    final Primitive forward;
    private Primitive backward;

    Compiled(Layout layout) {
      this.layout = layout;
      int[] shape = new int[layout.shape().length];
      Arrays.fill(shape, 1);
      shape[1] = layout.size(1);
      for (int d = 0; d < space.size(); d++) shape[d + 2] = space.get(d);
      slopes = Layout.plain(shape);
      forward =
          new Primitive(
              "PReLU",
              layout.type(),
              (out, type) ->
                  dnnl.dnnl_prelu_forward_primitive_desc_create(
                      out,
                      OneDnn.c(),
                      dnnl.dnnl_forward_training,
                      layout.in(type).c(),
                      slopes.c(),
                      layout.in(type).c(),
                      Primitive.plain()),
              DNNL_ARG_SRC,
              DNNL_ARG_WEIGHTS,
              DNNL_ARG_DST);
    }

    Primitive backward() {
      if (backward == null) {
        backward =
            new Primitive(
                "gradient of PReLU",
                forward,
                (out, type) ->
                    dnnl.dnnl_prelu_backward_primitive_desc_create(
                        out,
                        OneDnn.c(),
                        layout.in(type).c(),
                        slopes.c(),
                        layout.in(type).c(),
                        slopes.c(),
                        layout.in(type).c(),
                        forward.description(type),
                        Primitive.plain()),
                DNNL_ARG_SRC,
                DNNL_ARG_WEIGHTS,
                DNNL_ARG_DIFF_DST,
                DNNL_ARG_DIFF_SRC,
                DNNL_ARG_DIFF_WEIGHTS);
      }
      return backward;
    }
  }

  private Compiled compiled(Blob x) {
    return cache.get(x.layout(), () -> new Compiled(x.layout()));
  }

  @Override
  public List<Weight> slots() {
    return slots;
  }

  @Override
  public boolean needsInput() {
    return true;
  }

  @Override
  public Blob forward(Pass<Blob> pass) {
    Blob x = source(pass);
    Blob y = maps.take(x.layout());
    compiled(x).forward.run(maps, x, slots.get(0).value(), y);
    maps.freeUnless(x, pass.in(0));
    return y;
  }

  @Override
  public void backward(Pass<Blob> pass, Blob gradient) {
    Blob x = source(pass);
    Compiled compiled = compiled(x);
    Blob g = maps.turn(gradient, x.layout());
    Blob gx = maps.take(x.layout());
    Blob gw = maps.take(compiled.slopes);
    compiled.backward().run(maps, x, slots.get(0).value(), g, gx, gw);
    maps.freeUnless(x, pass.in(0));
    maps.free(g);
    if (pass.asks(slots.get(0))) {
      maps.copy(gw.as(slots.get(0).plain()), slots.get(0).gradientBlob());
    }
    maps.free(gw);
    if (pass.asks(0)) pass.give(0, gx);
    else maps.free(gx);
  }

  @Override
  public void close() {
    slots.forEach(Weight::close);
  }
}
