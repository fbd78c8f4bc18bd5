package sc.fiji.spyhop.training.diagnosis;

import java.util.List;
import java.util.Optional;

/** Looks for one thing that goes wrong. Keeps no state: everything is in what it is shown. */
public interface Detector {

  /** All there are. */
  List<Detector> ALL =
      List.of(
          new NoBetterThanGuessing(),
          new ConstantPredictions(),
          new DeadUnits(),
          new Overfitting(),
          new RateTooHigh(),
          new RateTooLow(),
          new SwappedLabels());

  /** What it looks for. */
  Symptom symptom();

  /**
   * Whether it is seen after the last epoch.
   *
   * @param epochs in order, at least one, the last one completed at the end
   */
  Optional<Diagnostic> look(List<Evidence> epochs);
}
