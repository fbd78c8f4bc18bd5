package sc.fiji.spyhop.engine.graph;

import java.util.List;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.tensor.Tensor;

/**
 * How an engine computes: makes nodes of layers and moves feature maps. Not thread safe.
 *
 * @param <B> a feature map in the engine's memory; whoever holds one hands it on or frees it
 */
public interface Backend<B> extends AutoCloseable {

  /**
   * Compiles a layer.
   *
   * @param number the layer's place in the network
   * @param values its parameters, in the order of {@link sc.fiji.spyhop.network.Parameters}
   * @param trains whether the network will be trained
   * @param frozen whether this layer stays as it is
   * @throws sc.fiji.spyhop.SpyhopException if the engine does not know such a layer
   */
  CompiledLayer<B> node(
      Layer layer, int number, List<Tensor> values, boolean trains, boolean frozen);

  /** A copy in the engine's memory. */
  B copy(Tensor tensor);

  /** A copy on the heap, NCHW or NC. */
  Tensor read(B map);

  /** The sum of two maps of equal shape, which are used up. */
  B add(B a, B b);

  /** What is positive of a map, 0 elsewhere; uses the map up. */
  B positive(B map);

  /** Takes a map back. */
  void free(B map);

  /** Told that other sizes follow than before: what is idle may go. */
  default void sizesChange() {}

  /** Told that all maps of a run are given back, but for those that a failure has lost. */
  default void runEnds() {}

  @Override
  void close();
}
