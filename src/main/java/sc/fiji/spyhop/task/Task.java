package sc.fiji.spyhop.task;

import java.util.List;
import java.util.Map;
import sc.fiji.spyhop.engine.Target;
import sc.fiji.spyhop.engine.TrainingPlan.Objective;

/**
 * What a network is for: turns truth into targets, and outputs into predictions. Part of a model's
 * description, so implementations are records of plain settings.
 *
 * @param <T> truth and prediction of one image
 */
public interface Task<T> {

  /** What the network has to end with. */
  List<Head> heads();

  /** What training minimises, one objective per head, on {@link Head#logits()}. */
  List<Objective> objectives();

  /**
   * Targets of one image, as a minibatch of one, by {@link Head#logits()}.
   *
   * @throws sc.fiji.spyhop.SpyhopException if the truth does not fit the task
   */
  Map<String, Target> encode(T truth);
}
