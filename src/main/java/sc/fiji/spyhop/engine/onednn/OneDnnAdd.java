package sc.fiji.spyhop.engine.onednn;

import sc.fiji.spyhop.engine.graph.Pass;

/** Element-wise sum. */
final class OneDnnAdd extends OneDnnSpread {

  OneDnnAdd(Maps maps) {
    super(maps);
  }

  @Override
  public Blob forward(Pass<Blob> pass) {
    Layout layout = pass.in(0).layout();
    Blob sum = maps.take(pass.isExact() ? layout.in(DataType.F32) : layout);
    maps.copy(pass.in(0), sum);
    for (int k = 1; k < pass.inputs(); k++) combine(pass, sum, k, maps::add);
    return sum;
  }

  @Override
  public void backward(Pass<Blob> pass, Blob gradient) {
    for (int k = 0; k < pass.inputs(); k++) {
      if (!pass.asks(k)) continue;
      Blob copy = maps.take(gradient.layout());
      maps.copy(gradient, copy);
      pass.give(k, sum(pass, copy, k));
    }
    maps.free(gradient);
  }
}
