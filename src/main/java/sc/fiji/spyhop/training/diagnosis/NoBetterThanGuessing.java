package sc.fiji.spyhop.training.diagnosis;

import java.util.List;
import java.util.Optional;
import sc.fiji.spyhop.util.Strings;

/** Three epochs in which no head of the network was worth more than an answer given blindly. */
final class NoBetterThanGuessing implements Detector {

  private static final int EPOCHS = 3;
  private static final double SKILL = 0.05;
  private static final double LEARNED = 0.3;

  @Override
  public Symptom symptom() {
    return Symptom.NO_BETTER_THAN_GUESSING;
  }

  @Override
  public Optional<Diagnostic> look(List<Evidence> epochs) {
    if (!Recent.all(epochs, EPOCHS, e -> Recent.bestSkill(e.judged()) <= SKILL))
      return Optional.empty();
    Evidence last = Recent.last(epochs);
    boolean memorised = Recent.bestSkill(last.training()) > LEARNED;
    return Optional.of(
        new Diagnostic(
            symptom(),
            Strings.format(
                "After epoch %d the network is no better than guessing on the %s: %s.",
                last.epoch(), last.judgedOn(), described(last.judged().get(0))),
            memorised
                ? "On the images it is trained on it is better, so it learns them by heart: check"
                    + " that labels belong to their images and that validation images are of the"
                    + " same kind, or train on more images."
                : "Check that labels belong to their images and that what tells them apart can be"
                    + " seen at the size the network is shown; then try another learning rate, or"
                    + " more epochs."));
  }

  private static String described(Answers answers) {
    if (answers instanceof ClassAnswers c) {
      return Strings.format(
          "%s of its answers are right, and always saying \"%s\" would be right in %s",
          Recent.percent(c.accuracy()),
          c.classes().get(c.mostFrequent()),
          Recent.percent(c.guess()));
    }
    ValueAnswers v = (ValueAnswers) answers;
    return Strings.format(
        "its root mean square error in %s is %s, and always saying the mean would give %s",
        v.layer(),
        Recent.number(Math.sqrt(v.squaredError())),
        Recent.number(Math.sqrt(v.variance())));
  }
}
