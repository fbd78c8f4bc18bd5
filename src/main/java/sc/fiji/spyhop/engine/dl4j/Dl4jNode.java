package sc.fiji.spyhop.engine.dl4j;

import java.util.List;
import sc.fiji.spyhop.engine.graph.CompiledLayer;
import sc.fiji.spyhop.engine.graph.Mode;
import sc.fiji.spyhop.engine.graph.Pass;

/** A layer that fills in blocks it is given. */
abstract class Dl4jNode implements CompiledLayer<Block> {

  private BlockPool pool;

  /** Parameters. */
  List<Dl4jValue> slots = List.of();

  final void attach(BlockPool blocks, List<Dl4jValue> values) {
    pool = blocks;
    slots = values;
  }

  /**
   * Computes the layer.
   *
   * @param out to be filled; undefined before; the first of {@code in} if worked in place
   */
  abstract void forward(Block[] in, Block out, Mode mode, BlockPool pool);

  /**
   * Takes a gradient back; fills in the gradients of the slots that have one.
   *
   * @param in present if {@link #needsInput}
   * @param out present if {@link #needsOutput}
   * @param gradient of the output; may be destroyed
   * @param inGradients to be filled; null where none is asked; {@code gradient} itself in the first
   *     place if {@link #worksInPlace}
   */
  abstract void backward(
      Block[] in, Block out, Block gradient, Block[] inGradients, Mode mode, BlockPool pool);

  @Override
  public List<Dl4jValue> slots() {
    return slots;
  }

  final boolean isTrained() {
    return slots.stream().anyMatch(Dl4jValue::isTrained);
  }

  private static Block[] in(Pass<Block> pass) {
    Block[] in = new Block[pass.inputs()];
    for (int k = 0; k < in.length; k++) in[k] = pass.in(k);
    return in;
  }

  @Override
  public final Block forward(Pass<Block> pass) {
    // the optimiser may have changed them
    if (pass.mode().training()) slots.forEach(s -> s.value.fromHost());
    Block[] in = in(pass);
    Block out = pass.inPlace() ? in[0] : pool.take(pass.outShape());
    forward(in, out, pass.mode(), pool);
    return out;
  }

  @Override
  public final void backward(Pass<Block> pass, Block gradient) {
    Block[] asked = new Block[pass.inputs()];
    for (int k = 0; k < asked.length; k++) {
      if (pass.asks(k)) asked[k] = worksInPlace() ? gradient : pool.take(pass.inShape(k));
    }
    backward(in(pass), pass.out(), gradient, asked, pass.mode(), pool);
    for (Dl4jValue slot : slots) if (slot.isTrained()) slot.gradient.toHost();
    boolean handedOn = false;
    for (int k = 0; k < asked.length; k++) {
      if (asked[k] == null) continue;
      handedOn |= asked[k] == gradient;
      pass.give(k, asked[k]);
    }
    if (!handedOn) pool.give(gradient);
  }

  @Override
  public void close() {
    slots.forEach(Dl4jValue::close);
  }

  static int[] ints(List<Integer> list) {
    return list.stream().mapToInt(Integer::intValue).toArray();
  }
}
