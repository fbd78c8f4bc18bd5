package sc.fiji.spyhop.engine.dl4j;

import java.util.Arrays;
import java.util.List;
import sc.fiji.spyhop.network.Parameter;

/** A compiled layer: how to compute it and how to take gradients back through it. */
abstract class Node {

  /** A layer's parameter in native memory; {@code gradient} only where it is trained. */
  static final class Slot implements AutoCloseable {
    final Parameter parameter;
    final Block value;
    Block gradient;

    Slot(Parameter parameter, Block value) {
      this.parameter = parameter;
      this.value = value;
    }

    boolean isTrained() {
      return gradient != null;
    }

    @Override
    public void close() {
      value.close();
      if (gradient != null) gradient.close();
    }
  }

  /** What a run is for. */
  record Mode(boolean training, long dropoutSeed) {
    static final Mode PREDICT = new Mode(false, 0);
  }

  /** Feature maps that go in. */
  int[] inputs;

  List<Slot> slots = List.of();

  /** Whether {@link #forward} may be given the same block as input and output. */
  boolean worksInPlace() {
    return false;
  }

  /** Whether {@link #backward} looks at the values that went in. */
  boolean needsInput() {
    return false;
  }

  /** Whether {@link #backward} looks at the values that came out. */
  boolean needsOutput() {
    return false;
  }

  /**
   * Computes the layer.
   *
   * @param out to be filled; undefined before
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

  /** Makes changes of a training step last that are not made by gradient descent. */
  void commit() {}

  boolean isTrained() {
    return slots.stream().anyMatch(Slot::isTrained);
  }

  static int[] ints(List<Integer> list) {
    return list.stream().mapToInt(Integer::intValue).toArray();
  }

  static int[] concat(int[] a, int... b) {
    int[] joined = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, joined, a.length, b.length);
    return joined;
  }
}
