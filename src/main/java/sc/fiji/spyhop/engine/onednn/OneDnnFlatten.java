package sc.fiji.spyhop.engine.onednn;

import sc.fiji.spyhop.engine.graph.Pass;

/** Space becomes channels. */
final class OneDnnFlatten extends OneDnnNode {

  OneDnnFlatten(Maps maps) {
    super(maps);
  }

  @Override
  public Blob forward(Pass<Blob> pass) {
    Blob y = maps.take(Layout.plain(pass.inShape(0)));
    maps.copy(pass.in(0), y);
    return y.as(Layout.plain(pass.outShape()));
  }

  @Override
  public void backward(Pass<Blob> pass, Blob gradient) {
    Blob g = maps.turn(gradient, Layout.plain(pass.outShape()));
    pass.give(0, g.as(Layout.plain(pass.inShape(0))));
  }
}
