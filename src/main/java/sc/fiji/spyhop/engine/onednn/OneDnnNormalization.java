package sc.fiji.spyhop.engine.onednn;

import java.util.List;
import sc.fiji.spyhop.engine.graph.Pass;
import sc.fiji.spyhop.engine.normalization.MapNormalization;
import sc.fiji.spyhop.engine.normalization.MapNormalization.ParameterGradients;
import sc.fiji.spyhop.engine.normalization.ValueOrder;

/** Normalization by statistics of the map itself, computed in Java, in 32 bits. */
final class OneDnnNormalization extends OneDnnNode {

  private static final int SCALE = 0;
  private static final int SHIFT = 1;

  private final MapNormalization normalization;
  private final List<Weight> slots;

  OneDnnNormalization(MapNormalization normalization, Maps maps, List<Weight> slots) {
    super(maps);
    this.normalization = normalization;
    this.slots = slots;
  }

  @Override
  public List<Weight> slots() {
    return slots;
  }

  @Override
  public boolean worksInPlace() {
    return true;
  }

  @Override
  public boolean needsInput() {
    return true;
  }

  /** As it lies, if channels can be told there; else row by row. */
  private static Layout layout(Blob x) {
    Layout single = x.layout().in(DataType.F32);
    return single.channelBlock() > 0 ? single : Layout.plain(x.shape());
  }

  private static ValueOrder order(Blob x) {
    return ValueOrder.blocks(x.layout().channelBlock(), x.shape());
  }

  private float[] values(int slot) {
    float[] values = new float[slots.get(slot).values().capacity()];
    slots.get(slot).values().get(0, values);
    return values;
  }

  @Override
  public Blob forward(Pass<Blob> pass) {
    Blob in = pass.in(0);
    Blob x = pass.inPlace() ? maps.turn(in, layout(in)) : maps.in(in, layout(in));
    Blob y = pass.inPlace() ? x : maps.take(x.layout());
    normalization.forward(order(x), x.values(), values(SCALE), values(SHIFT), y.values());
    if (!pass.inPlace()) maps.freeUnless(x, in);
    return y;
  }

  @Override
  public void backward(Pass<Blob> pass, Blob gradient) {
    Blob x = maps.in(pass.in(0), layout(pass.in(0)));
    Blob g = maps.turn(gradient, x.layout());
    ParameterGradients found =
        normalization.backward(order(x), x.values(), g.values(), values(SCALE), g.values());
    maps.freeUnless(x, pass.in(0));
    if (pass.asks(slots.get(SCALE))) {
      slots.get(SCALE).gradient().put(0, found.weight());
      slots.get(SHIFT).gradient().put(0, found.bias());
    }
    if (pass.asks(0)) pass.give(0, g);
    else maps.free(g);
  }

  @Override
  public void close() {
    slots.forEach(Weight::close);
  }
}
