package sc.fiji.spyhop.engine;

import java.util.List;
import java.util.Set;

/**
 * What a {@link Trainer} needs to know besides network and data.
 *
 * @param objectives what to minimise: the weighted sum of these
 * @param l2 factor of {@code sum(w^2) / 2} over kernels, added to the loss; 0 for none
 * @param clipNorm the gradient is scaled down to this Euclidean norm if longer; infinity for none
 * @param frozenLayers layers whose parameters, running statistics included, stay as they are
 * @param seed of dropout
 */
public record TrainingPlan(
    List<Objective> objectives,
    Optimizer optimizer,
    double l2,
    double clipNorm,
    Set<String> frozenLayers,
    long seed) {

  /**
   * @param layer whose activations the loss looks at; layers after it (a final softmax) are not run
   * @param weight positive
   */
  public record Objective(String layer, Loss loss, double weight) {}

  public TrainingPlan {
    objectives = List.copyOf(objectives);
    frozenLayers = Set.copyOf(frozenLayers);
  }

  public TrainingPlan(List<Objective> objectives, Optimizer optimizer, long seed) {
    this(objectives, optimizer, 0, Double.POSITIVE_INFINITY, Set.of(), seed);
  }
}
