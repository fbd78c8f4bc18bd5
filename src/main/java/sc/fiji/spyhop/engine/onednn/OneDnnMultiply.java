package sc.fiji.spyhop.engine.onednn;

import sc.fiji.spyhop.engine.graph.Pass;

/** Element-wise product. */
final class OneDnnMultiply extends OneDnnSpread {

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
    for (int k = 0; k < pass.inputs(); k++) {
      if (k != but) combine(pass, result, k, maps::multiply);
    }
    return result;
  }

  @Override
  public void backward(Pass<Blob> pass, Blob gradient) {
    for (int k = 0; k < pass.inputs(); k++) {
      if (!pass.asks(k)) continue;
      pass.give(k, sum(pass, product(pass, gradient, gradient.layout(), k), k));
    }
    maps.free(gradient);
  }
}
