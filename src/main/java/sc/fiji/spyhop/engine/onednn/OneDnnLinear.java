package sc.fiji.spyhop.engine.onednn;

import sc.fiji.spyhop.engine.graph.LinearMap;
import sc.fiji.spyhop.engine.graph.Pass;

/** What moves or mixes values in Java, in 32 bits. */
final class OneDnnLinear extends OneDnnNode {

  private final LinearMap map;

  OneDnnLinear(LinearMap map, Maps maps) {
    super(maps);
    this.map = map;
  }

  @Override
  public Blob forward(Pass<Blob> pass) {
    Blob x = maps.in(pass.in(0), Layout.plain(pass.inShape(0)));
    Blob y = maps.take(Layout.plain(pass.outShape()));
    map.forward(pass.inShape(0), x.values(), pass.outShape(), y.values());
    maps.freeUnless(x, pass.in(0));
    return y;
  }

  @Override
  public void backward(Pass<Blob> pass, Blob gradient) {
    if (!pass.asks(0)) {
      maps.free(gradient);
      return;
    }
    Blob g = maps.turn(gradient, Layout.plain(pass.outShape()));
    Blob back = maps.take(Layout.plain(pass.inShape(0)));
    map.backward(pass.inShape(0), back.values(), pass.outShape(), g.values());
    maps.free(g);
    pass.give(0, back);
  }
}
