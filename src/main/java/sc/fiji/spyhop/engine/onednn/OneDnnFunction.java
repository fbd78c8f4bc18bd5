package sc.fiji.spyhop.engine.onednn;

import sc.fiji.spyhop.engine.graph.Pass;
import sc.fiji.spyhop.expression.Dimensions;
import sc.fiji.spyhop.expression.LayerFunction;

/** A function that is computed in Java, in 32 bits. */
final class OneDnnFunction extends OneDnnNode {

  private final LayerFunction function;

  OneDnnFunction(LayerFunction function, Maps maps) {
    super(maps);
    this.function = function;
  }

  /** Any order where each value counts by itself; blocks that are not full hold others, too. */
  private Layout layout(Blob x) {
    return function.isElementWise() && !x.layout().isPadded()
        ? x.layout().in(DataType.F32)
        : Layout.plain(x.shape());
  }

  @Override
  public boolean worksInPlace() {
    return function.isElementWise();
  }

  @Override
  public boolean needsInput() {
    return true;
  }

  private Layout layoutOfOutput(Pass<Blob> pass, Blob x) {
    return function.isElementWise() ? x.layout() : Layout.plain(pass.outShape());
  }

  @Override
  public Blob forward(Pass<Blob> pass) {
    Blob in = pass.in(0);
    if (pass.inPlace()) {
      Blob x = maps.turn(in, layout(in));
      function.forward(Dimensions.of(x.shape()), x.values(), x.values());
      return x;
    }
    Blob x = maps.in(in, layout(in));
    Blob y = maps.take(layoutOfOutput(pass, x));
    function.forward(Dimensions.of(x.shape()), x.values(), y.values());
    maps.freeUnless(x, in);
    return y;
  }

  @Override
  public void backward(Pass<Blob> pass, Blob gradient) {
    if (!pass.asks(0)) {
      maps.free(gradient);
      return;
    }
    Blob x = maps.in(pass.in(0), layout(pass.in(0)));
    Blob g = maps.turn(gradient, layoutOfOutput(pass, x));
    Blob back = function.isElementWise() ? g : maps.take(x.layout());
    function.backward(Dimensions.of(x.shape()), x.values(), g.values(), back.values());
    maps.freeUnless(x, pass.in(0));
    maps.freeUnless(g, back);
    pass.give(0, back);
  }
}
