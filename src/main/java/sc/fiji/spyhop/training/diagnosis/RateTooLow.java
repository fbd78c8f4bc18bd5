package sc.fiji.spyhop.training.diagnosis;

import java.util.List;
import java.util.Optional;
import sc.fiji.spyhop.util.Strings;

/** Three epochs of tiny steps in which the loss hardly fell from where it began. */
final class RateTooLow implements Detector {

  private static final int EPOCHS = 3;
  private static final double RATIO = 1e-4;
  private static final double FALL = 0.97;
  private static final double LEARNED = 0.9;
  private static final double DEAD = 0.9;

  @Override
  public Symptom symptom() {
    return Symptom.RATE_TOO_LOW;
  }

  @Override
  public Optional<Diagnostic> look(List<Evidence> epochs) {
    Evidence last = Recent.last(epochs);
    double start = epochs.get(0).firstLoss();
    if (!Recent.all(epochs, EPOCHS, RateTooLow::hardlyMoves)
        || last.loss() < FALL * start
        || Recent.bestSkill(last.training()) > LEARNED) {
      return Optional.empty();
    }
    return Optional.of(
        new Diagnostic(
            symptom(),
            Strings.format(
                "The loss hardly falls: it was %s at first and is %s after epoch %d, and a step changes weights by only %s of themselves, where 0.1 %% is normal.",
                Recent.number(start),
                Recent.number(last.loss()),
                last.epoch(),
                Recent.number(last.updateRatio())),
            Strings.format(
                "The learning rate is too low (now %s): try ten times as much, or leave it at its default.",
                Recent.number(last.learningRate()))));
  }

  /** Where units are dead there is no gradient, and a higher rate would not help. */
  private static boolean hardlyMoves(Evidence e) {
    return e.updateRatio() < RATIO && e.activities().stream().noneMatch(a -> a.share() > DEAD);
  }
}
