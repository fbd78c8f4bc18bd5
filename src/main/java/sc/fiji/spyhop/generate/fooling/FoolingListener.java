package sc.fiji.spyhop.generate.fooling;

import java.util.List;

/**
 * Is told how images get on that are made to fool a model. Called by the thread that makes them.
 */
@FunctionalInterface
public interface FoolingListener {

  /** Nobody listens. */
  FoolingListener NONE = (generation, best) -> {};

  /**
   * A generation, or a step, is over.
   *
   * @param generation from 0
   * @param best for each class so far, in their order
   */
  void generation(int generation, List<FoolingImage> best);
}
