package sc.fiji.spyhop.engine.onednn;

import sc.fiji.spyhop.engine.graph.DropoutMask;
import sc.fiji.spyhop.engine.graph.Mode;
import sc.fiji.spyhop.engine.graph.Pass;
import sc.fiji.spyhop.network.Dropout;

/** Dropout, in 32 bits; which values go depends on the seed and their place in memory only. */
final class OneDnnDropout extends OneDnnNode {

  private final double rate;
  private final int number;
  private Layout latest;

  OneDnnDropout(Dropout layer, int number, Maps maps) {
    super(maps);
    rate = layer.rate();
    this.number = number;
  }

  @Override
  public boolean worksInPlace() {
    return true;
  }

  @Override
  public Blob forward(Pass<Blob> pass) {
    Blob x = pass.in(0);
    latest = x.layout().in(DataType.F32);
    if (pass.inPlace()) {
      x = maps.turn(x, latest);
      apply(x, pass.mode());
      return x;
    }
    Blob y = maps.take(latest);
    maps.copy(x, y);
    apply(y, pass.mode());
    return y;
  }

  @Override
  public void backward(Pass<Blob> pass, Blob gradient) {
    Blob g = maps.turn(gradient, latest);
    apply(g, pass.mode());
    pass.give(0, g);
  }

  private void apply(Blob blob, Mode mode) {
    if (!mode.training() || rate == 0) return;
    new DropoutMask(rate, mode.dropoutSeed(), number).apply(blob.values());
  }
}
