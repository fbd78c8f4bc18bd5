package sc.fiji.spyhop.training.diagnosis;

import java.util.List;
import java.util.OptionalDouble;

/**
 * What an epoch showed.
 *
 * @param epoch from 1
 * @param losses of its steps, in order
 * @param learningRate of its last step
 * @param updateRatio by how much of itself a kernel changed in its last step: median over kernels
 *     of the norm of the change through the norm of the kernel; NaN if nothing is trained
 * @param activities of the ReLU layers, in order, on images trained on
 * @param training answers on images trained on, one per head
 * @param validation answers on images not trained on, one per head; empty if there are none
 * @param validationLoss on these images; absent if there are none
 */
public record Evidence(
    int epoch,
    List<Double> losses,
    double learningRate,
    double updateRatio,
    List<Activity> activities,
    List<Answers> training,
    List<Answers> validation,
    OptionalDouble validationLoss) {

  /** Copies the lists. */
  public Evidence {
    losses = List.copyOf(losses);
    activities = List.copyOf(activities);
    training = List.copyOf(training);
    validation = List.copyOf(validation);
  }

  /** Mean loss of the steps. */
  public double loss() {
    return losses.stream().mapToDouble(Double::doubleValue).average().orElse(Double.NaN);
  }

  /** Mean loss of the {@link #first} steps. */
  double firstLoss() {
    return losses.stream()
        .limit(first(losses.size()))
        .mapToDouble(Double::doubleValue)
        .average()
        .orElse(Double.NaN);
  }

  /**
   * Steps at the beginning of so many that tell where the loss began: one in four, at most five.
   */
  static int first(int steps) {
    return Math.max(1, Math.min(5, steps / 4));
  }

  /** Answers to judge by: those on images not trained on, if there are any. */
  List<Answers> judged() {
    return validation.isEmpty() ? training : validation;
  }

  /** Where {@link #judged} comes from, in words. */
  String judgedOn() {
    return validation.isEmpty() ? "training images" : "validation images";
  }
}
