package sc.fiji.spyhop.training;

import sc.fiji.spyhop.training.TrainingHistory.Epoch;

/** Told what happens, on the thread that trains; must return quickly. */
public interface TrainingListener {

  /** Hears nothing. */
  TrainingListener NONE = new TrainingListener() {};

  /** Something worth knowing, one sentence: sizes of the sets, what was resumed, warnings. */
  default void message(String text) {}

  /**
   * An epoch was completed.
   *
   * @param epochs how many there are to be
   */
  default void epoch(Epoch epoch, int epochs) {}
}
