package sc.fiji.spyhop.engine.graph;

import sc.fiji.spyhop.network.Layer;

/**
 * What a node sees of a run: the maps around it, their shapes, and what is asked of it.
 *
 * @param <B> a feature map in the engine's memory
 */
public interface Pass<B> {

  /** What kind of run it is: to predict or to train, with or without a way back. */
  Mode mode();

  /** Number of maps that go in. */
  int inputs();

  /** A map that went in; in a backward pass only if the node needs it. */
  B in(int k);

  /** What came out; only in a backward pass, if the node needs it. */
  B out();

  /** Shape of a map that goes in: samples, channels, space. */
  int[] inShape(int k);

  /** Shape of what comes out. */
  int[] outShape();

  /** Whether what goes in is to be overwritten; only if the node works in place. */
  boolean inPlace();

  /**
   * Whether what comes out is an answer, or becomes one by functions alone: then it is in 32 bits,
   * whatever is kept of other maps.
   */
  boolean isExact();

  /** What is to be applied to the result as well; only what the node absorbs. */
  Layer.Function function();

  /** Whether the gradient of an input is wanted. */
  boolean asks(int k);

  /** Whether the gradient of a parameter is wanted. */
  boolean asks(Slot parameter);

  /** Hands over the gradient of an input. */
  void give(int k, B gradient);
}
