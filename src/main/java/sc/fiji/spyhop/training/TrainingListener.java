package sc.fiji.spyhop.training;

import sc.fiji.spyhop.training.TrainingHistory.Epoch;
import sc.fiji.spyhop.training.diagnosis.Diagnostic;
import sc.fiji.spyhop.training.sampling.Example;

/** Told what happens, on the thread that trains; must return quickly. */
public interface TrainingListener {

  /** Ignores everything. */
  TrainingListener NONE = new TrainingListener() {};

  /** Something worth knowing, one sentence: sizes of the sets, what was resumed, warnings. */
  default void message(String text) {}

  /**
   * Something goes wrong; told once, when it is first seen. By default a {@link #message} that
   * begins with {@code Warning:}.
   */
  default void finding(Diagnostic finding) {
    message("Warning: " + finding.text());
  }

  /**
   * The first minibatch of an epoch is about to be learnt from.
   *
   * @param number of the epoch, from 1
   * @param epochs how many there are to be
   */
  default void begun(int number, int epochs) {}

  /** Loss on some of the validation images, told before the {@link #epoch} that it belongs to. */
  default void validationLoss(double loss) {}

  /** One of the first validation images, told at each validation, before its {@link #epoch}. */
  default void example(Example example) {}

  /**
   * An epoch was completed.
   *
   * @param epochs how many there are to be
   */
  default void epoch(Epoch epoch, int epochs) {}

  /** This and another, told in turn. */
  default TrainingListener and(TrainingListener other) {
    TrainingListener one = this;
    return new TrainingListener() {
      @Override
      public void message(String text) {
        one.message(text);
        other.message(text);
      }

      @Override
      public void finding(Diagnostic finding) {
        one.finding(finding);
        other.finding(finding);
      }

      @Override
      public void begun(int number, int epochs) {
        one.begun(number, epochs);
        other.begun(number, epochs);
      }

      @Override
      public void validationLoss(double loss) {
        one.validationLoss(loss);
        other.validationLoss(loss);
      }

      @Override
      public void example(Example example) {
        one.example(example);
        other.example(example);
      }

      @Override
      public void epoch(Epoch epoch, int epochs) {
        one.epoch(epoch, epochs);
        other.epoch(epoch, epochs);
      }
    };
  }
}
