package sc.fiji.spyhop.engine.onednn;

import sc.fiji.spyhop.engine.graph.Pass;

/** Space becomes channels. */
final class OneDnnFlatten extends OneDnnNode {

  OneDnnFlatten(Maps maps) {
    super(maps);
  }

  @Override
  public Blob forward(Pass<Blob> pass) {
    DataType type = pass.isExact() ? DataType.F32 : pass.in(0).layout().type();
    Blob y = maps.take(Layout.plain(type, pass.inShape(0)));
    maps.copy(pass.in(0), y);
    return y.as(Layout.plain(type, pass.outShape()));
  }

  @Override
  public void backward(Pass<Blob> pass, Blob gradient) {
    DataType type = gradient.layout().type();
    Blob g = maps.turn(gradient, Layout.plain(type, pass.outShape()));
    pass.give(0, g.as(Layout.plain(type, pass.inShape(0))));
  }
}
