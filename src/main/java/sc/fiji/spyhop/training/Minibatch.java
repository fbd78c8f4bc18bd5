package sc.fiji.spyhop.training;

import java.util.List;
import java.util.Map;
import sc.fiji.spyhop.engine.Target;
import sc.fiji.spyhop.tensor.Tensor;

/**
 * What one step learns from.
 *
 * @param inputs by input name, NCHW or NC
 * @param targets by the layer of each objective
 * @param names of the images it was made of, for messages
 */
record Minibatch(Map<String, Tensor> inputs, Map<String, Target> targets, List<String> names) {

  /** Makes minibatches. The same epoch and index give the same one, whichever thread asks. */
  interface Source {
    /**
     * @param epoch from 1
     * @param index from 0
     */
    Minibatch make(int epoch, int index);
  }
}
