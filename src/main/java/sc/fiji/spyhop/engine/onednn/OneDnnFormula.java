package sc.fiji.spyhop.engine.onednn;

import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.Map;
import sc.fiji.spyhop.engine.graph.Pass;
import sc.fiji.spyhop.expression.Dimensions;
import sc.fiji.spyhop.expression.LayerFormula;
import sc.fiji.spyhop.expression.Program;
import sc.fiji.spyhop.network.Formula;

/** A formula, computed in Java and in 32 bits. */
final class OneDnnFormula extends OneDnnNode {

  private final Program forward;
  private final Program backward;

  OneDnnFormula(Formula layer, Maps maps) {
    super(maps);
    LayerFormula formula = layer.read();
    forward = formula.forward();
    backward = formula.backward();
  }

  /**
   * Values in any order where each counts by itself; blocks that are not full have none of ours.
   */
  private Layout layout(Blob x) {
    boolean anyOrder = forward.isElementWise() && backward.isElementWise();
    return anyOrder && !x.layout().isPadded()
        ? x.layout().in(DataType.F32)
        : Layout.plain(x.shape());
  }

  @Override
  public boolean needsInput() {
    return true;
  }

  @Override
  public Blob forward(Pass<Blob> pass) {
    Blob x = maps.in(pass.in(0), layout(pass.in(0)));
    Blob y = maps.take(forward.isElementWise() ? x.layout() : Layout.plain(pass.outShape()));
    forward.run(Dimensions.of(x.shape()), Map.of(LayerFormula.INPUT, x.values()), y.values());
    maps.freeUnless(x, pass.in(0));
    return y;
  }

  @Override
  public void backward(Pass<Blob> pass, Blob gradient) {
    if (!pass.asks(0)) {
      maps.free(gradient);
      return;
    }
    Blob x = maps.in(pass.in(0), layout(pass.in(0)));
    Layout ofOutput = backward.isElementWise() ? x.layout() : Layout.plain(pass.outShape());
    Blob g = maps.turn(gradient, ofOutput);
    Blob gx = maps.take(x.layout());
    Map<String, FloatBuffer> in = new HashMap<>();
    in.put(LayerFormula.INPUT, x.values());
    in.put(LayerFormula.GRADIENT, g.values());
    backward.run(Dimensions.of(x.shape()), in, gx.values());
    maps.freeUnless(x, pass.in(0));
    maps.free(g);
    pass.give(0, gx);
  }
}
