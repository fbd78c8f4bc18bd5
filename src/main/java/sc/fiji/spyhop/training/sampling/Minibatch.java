package sc.fiji.spyhop.training.sampling;

import java.util.LinkedHashMap;
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
public record Minibatch(
    Map<String, Tensor> inputs, Map<String, Target> targets, List<String> names) {

  /**
   * Puts images together.
   *
   * @param input name of the network's input
   * @param pixels of each image, as a minibatch of one
   * @param targets of each image, by the layer of each objective; all with weights, or none
   */
  public static Minibatch of(
      String input, List<Tensor> pixels, List<Map<String, Target>> targets, List<String> names) {
    Map<String, Target> joined = new LinkedHashMap<>();
    for (String layer : targets.get(0).keySet()) {
      joined.put(layer, joined(targets.stream().map(t -> t.get(layer)).toList()));
    }
    Tensor images = Tensor.concatenate(pixels.toArray(Tensor[]::new));
    return new Minibatch(Map.of(input, images), joined, names);
  }

  private static Target joined(List<Target> parts) {
    Tensor values = Tensor.concatenate(parts.stream().map(Target::values).toArray(Tensor[]::new));
    Tensor[] weights = parts.stream().flatMap(t -> t.weights().stream()).toArray(Tensor[]::new);
    return weights.length == 0 ? Target.of(values) : Target.of(values, Tensor.concatenate(weights));
  }

  /** Makes minibatches. The same epoch and index give the same one, whichever thread asks. */
  public interface Source {
    /**
     * Makes one minibatch, the same whenever it is asked for.
     *
     * @param epoch from 1
     * @param index from 0
     */
    Minibatch make(int epoch, int index);
  }
}
