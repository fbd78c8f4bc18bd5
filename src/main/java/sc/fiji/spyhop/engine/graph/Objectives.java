package sc.fiji.spyhop.engine.graph;

import java.util.List;
import java.util.Map;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.Losses;
import sc.fiji.spyhop.engine.Target;
import sc.fiji.spyhop.engine.TrainingPlan;
import sc.fiji.spyhop.tensor.Tensor;

/** What a plan wants minimised, and where gradients start. */
public final class Objectives {

  private Objectives() {}

  /** The layers that losses look at, each once. */
  public static List<String> layers(TrainingPlan plan) {
    return plan.objectives().stream().map(TrainingPlan.Objective::layer).distinct().toList();
  }

  /**
   * The weighted sum of all losses.
   *
   * @param activations of {@link #layers}
   * @param targets by the same names
   * @param gradients to be filled by the same names: those of the sum
   * @throws SpyhopException if a target is missing or does not fit
   */
  public static double evaluate(
      TrainingPlan plan,
      Map<String, Tensor> activations,
      Map<String, Target> targets,
      Map<String, Tensor> gradients) {
    double loss = 0;
    for (TrainingPlan.Objective objective : plan.objectives()) {
      Tensor y = activations.get(objective.layer());
      Tensor gradient = Tensor.zeros(y.axes(), y.shape());
      loss += objective.weight() * evaluate(objective, y, targets, gradient);
      Tensor sum =
          gradients.computeIfAbsent(objective.layer(), k -> Tensor.zeros(y.axes(), y.shape()));
      float factor = (float) objective.weight();
      for (int i = 0; i < sum.length(); i++) sum.data()[i] += factor * gradient.data()[i];
    }
    return loss;
  }

  private static double evaluate(
      TrainingPlan.Objective objective,
      Tensor activations,
      Map<String, Target> targets,
      Tensor gradient) {
    Target target = targets.get(objective.layer());
    if (target == null) {
      throw new SpyhopException(
          "objective "
              + objective.layer()
              + ": expected a target, received only those of "
              + targets.keySet());
    }
    try {
      return Losses.evaluate(objective.loss(), activations, target, gradient.data());
    } catch (SpyhopException e) {
      throw new SpyhopException("objective " + objective.layer() + ": " + e.getMessage(), e);
    }
  }
}
