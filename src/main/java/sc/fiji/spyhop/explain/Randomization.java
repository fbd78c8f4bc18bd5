package sc.fiji.spyhop.explain;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import sc.fiji.spyhop.model.Model;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.network.Parameter;
import sc.fiji.spyhop.network.Weighted;
import sc.fiji.spyhop.task.Ends;
import sc.fiji.spyhop.task.Task;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.util.SplitMix64;
import sc.fiji.spyhop.weights.Initialization;
import sc.fiji.spyhop.weights.Weights;

/**
 * A model with random weights from the top down, as before any training, to see whether a map
 * depends on what the network has learnt: one that stays the same does not (Adebayo et al. 2018,
 * cascading randomization).
 *
 * @param layers how many layers with weights are random, those nearest to the answer
 * @param layer name of the lowest of them
 * @param model the model with them
 */
public record Randomization(int layers, String layer, Model model) {

  /**
   * More and more of the layers of a model that its first output depends on, which is the one that
   * is explained, down to the first.
   *
   * @param most of these; where there are more layers, some are passed over, but not the last and
   *     the first; of one, the first
   * @param seed of the weights
   */
  public static List<Randomization> cascade(Model model, int most, long seed) {
    List<Layer> weighted = new ArrayList<>();
    Task<?, ?> task = model.spec().task();
    String end = Ends.of(model.network(), task).logits().get(task.heads().get(0).logits());
    for (Layer l : Upstream.of(model.network(), end)) if (l instanceof Weighted) weighted.add(0, l);
    // with the seed itself they may be what the model was trained from, which it is still like
    long other = SplitMix64.mix(seed + SplitMix64.GOLDEN);
    Map<String, Tensor> fresh = Initialization.of(model.network(), other).tensors();
    Map<String, Tensor> tensors = new LinkedHashMap<>(model.weights().tensors());
    List<Randomization> cascade = new ArrayList<>();
    int stages = Math.min(most, weighted.size());
    for (int i = 0; i < weighted.size(); i++) {
      for (Parameter p : weighted.get(i).parameters()) tensors.put(p.name(), fresh.get(p.name()));
      if (!isStage(i, weighted.size(), stages)) continue;
      Model random = new Model(model.spec(), model.network(), new Weights(Map.copyOf(tensors)));
      cascade.add(new Randomization(i + 1, weighted.get(i).name(), random));
    }
    return cascade;
  }

  /**
   * Whether one of some numbers spread evenly over a range, its ends included; of one, the last.
   */
  private static boolean isStage(int i, int count, int stages) {
    if (stages == 1) return i == count - 1;
    for (int k = 0; k < stages; k++) {
      if (Math.round((double) k * (count - 1) / (stages - 1)) == i) return true;
    }
    return false;
  }
}
