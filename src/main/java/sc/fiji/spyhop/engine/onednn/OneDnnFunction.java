package sc.fiji.spyhop.engine.onednn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import sc.fiji.spyhop.engine.graph.Pass;
import sc.fiji.spyhop.expression.Dimensions;
import sc.fiji.spyhop.expression.LayerFunction;
import sc.fiji.spyhop.expression.Operand;

/** A function that is computed in Java, in 32 bits. */
final class OneDnnFunction extends OneDnnNode {

  private final LayerFunction function;
  private final boolean single;

  /**
   * @param inputs how many it has
   */
  OneDnnFunction(LayerFunction function, int inputs, Maps maps) {
    super(maps);
    this.function = function;
    single = inputs == 1;
  }

  /** Whether values may lie in any order. */
  private boolean isFree(Pass<Blob> pass) {
    for (int k = 1; k < pass.inputs(); k++) {
      if (!Arrays.equals(pass.inShape(k), pass.inShape(0))) return false;
    }
    // blocks that are not full hold others, too
    return function.isElementWise() && !pass.in(0).layout().isPadded();
  }

  /** The order of an input. */
  private Layout layout(Pass<Blob> pass, int k) {
    return isFree(pass) ? pass.in(0).layout().in(DataType.F32) : Layout.plain(pass.in(k).shape());
  }

  private Layout layoutOfOutput(Pass<Blob> pass) {
    return isFree(pass) ? layout(pass, 0) : Layout.plain(pass.outShape());
  }

  @Override
  public boolean worksInPlace() {
    return single && function.isElementWise();
  }

  @Override
  public boolean needsInput() {
    return true;
  }

  private static Operand operand(Blob map) {
    return new Operand(Dimensions.of(map.shape()), map.values());
  }

  private List<Blob> inputs(Pass<Blob> pass) {
    List<Blob> all = new ArrayList<>();
    for (int k = 0; k < pass.inputs(); k++) all.add(maps.in(pass.in(k), layout(pass, k)));
    return all;
  }

  private void free(Pass<Blob> pass, List<Blob> inputs) {
    for (int k = 0; k < inputs.size(); k++) maps.freeUnless(inputs.get(k), pass.in(k));
  }

  private static List<Operand> operands(List<Blob> maps) {
    return maps.stream().map(OneDnnFunction::operand).toList();
  }

  @Override
  public Blob forward(Pass<Blob> pass) {
    if (pass.inPlace()) {
      Blob x = maps.turn(pass.in(0), layout(pass, 0));
      function.forward(List.of(operand(x)), x.values());
      return x;
    }
    List<Blob> in = inputs(pass);
    Blob y = maps.take(layoutOfOutput(pass));
    function.forward(operands(in), y.values());
    free(pass, in);
    return y;
  }

  @Override
  public void backward(Pass<Blob> pass, Blob gradient) {
    boolean inPlace = worksInPlace() && pass.asks(0);
    List<Blob> in = inputs(pass);
    Blob g = maps.turn(gradient, layoutOfOutput(pass));
    for (int k = 0; k < pass.inputs(); k++) {
      if (!pass.asks(k)) continue;
      Blob back = inPlace ? g : maps.take(in.get(k).layout());
      function.backward(operands(in), g.values(), k, back.values());
      pass.give(k, back);
    }
    free(pass, in);
    if (!inPlace) maps.free(g);
  }
}
