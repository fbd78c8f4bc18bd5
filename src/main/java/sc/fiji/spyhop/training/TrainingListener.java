package sc.fiji.spyhop.training;

import sc.fiji.spyhop.training.TrainingHistory.Epoch;
import sc.fiji.spyhop.training.diagnosis.Finding;

/** Told what happens, on the thread that trains; must return quickly. */
public interface TrainingListener {

  /** Hears nothing. */
  TrainingListener NONE = new TrainingListener() {};

  /** Something worth knowing, one sentence: sizes of the sets, what was resumed, warnings. */
  default void message(String text) {}

  /**
   * Something goes wrong; told once, when it is first seen. By default a {@link #message} that
   * begins with {@code Warning:}.
   */
  default void finding(Finding finding) {
    message("Warning: " + finding.text());
  }

  /**
   * An epoch was completed.
   *
   * @param epochs how many there are to be
   */
  default void epoch(Epoch epoch, int epochs) {}
}
