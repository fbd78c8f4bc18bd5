package sc.fiji.spyhop.engine.graph;

import java.util.List;
import sc.fiji.spyhop.network.Layer;

/**
 * A compiled layer: how to compute it and how to take gradients back through it.
 *
 * @param <B> a feature map in the engine's memory
 */
public interface CompiledLayer<B> extends AutoCloseable {

  /** Parameters, in the order of {@link sc.fiji.spyhop.network.Parameters}. */
  default List<? extends Slot> slots() {
    return List.of();
  }

  /** Whether {@link #forward} may return the map that went in. */
  default boolean worksInPlace() {
    return false;
  }

  /** Whether {@link #backward} looks at what went in. */
  default boolean needsInput() {
    return false;
  }

  /** Whether {@link #backward} looks at what came out. */
  default boolean needsOutput() {
    return false;
  }

  /** Whether {@link #forward} can apply a function to its result in the same go. */
  default boolean absorbs(Layer.Function function, Mode mode) {
    return false;
  }

  /** Computes the layer. */
  B forward(Pass<B> pass);

  /**
   * Takes a gradient back: fills in the gradients of the slots that have one and gives the pass
   * those of the inputs that it asks for.
   *
   * @param gradient of the output; the node hands it on or frees it
   */
  void backward(Pass<B> pass, B gradient);

  /** Makes changes of a training step last that are not made by gradient descent. */
  default void commit() {}

  /** Frees what {@link #forward} kept for {@link #backward}. */
  default void release() {}

  @Override
  default void close() {}
}
