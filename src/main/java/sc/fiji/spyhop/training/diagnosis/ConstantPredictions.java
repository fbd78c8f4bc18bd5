package sc.fiji.spyhop.training.diagnosis;

import java.util.List;
import java.util.Optional;
import sc.fiji.spyhop.util.Strings;

/** Answers that hardly depend on the image, though the truth does. */
final class ConstantPredictions implements Detector {

  private static final int EPOCHS = 2;
  private static final double SPREAD = 0.02;

  /** Of faint answers in the right places, as of a map that is nearly empty. */
  private static final double SKILL = 0.05;

  @Override
  public Symptom symptom() {
    return Symptom.CONSTANT_PREDICTIONS;
  }

  @Override
  public Optional<Diagnostic> look(List<Evidence> epochs) {
    Evidence last = Recent.last(epochs);
    if (last.epoch() <= EPOCHS || !Recent.all(epochs, EPOCHS, ConstantPredictions::isConstant)) {
      return Optional.empty();
    }
    return Optional.of(
        new Diagnostic(
            symptom(),
            Strings.format(
                "After epoch %d the network says nearly the same about all %s: %s.",
                last.epoch(), last.judgedOn(), described(last.judged().get(0))),
            "Try a learning rate ten times smaller, or start anew with another seed; check that"
                + " images are not empty once normalised; and if one class is far more frequent"
                + " than the others, give more examples of those or weight them."));
  }

  /** Every head whose truth varies says the same. */
  private static boolean isConstant(Evidence e) {
    List<Answers> varied = e.judged().stream().filter(a -> !Double.isNaN(a.skill())).toList();
    return !varied.isEmpty()
        && varied.stream().allMatch(a -> a.spread() < SPREAD && a.skill() <= SKILL);
  }

  private static String described(Answers answers) {
    if (!(answers instanceof ClassAnswers c)) {
      return Strings.format(
          "its values vary by %s of what the true values do", Recent.percent(answers.spread()));
    }
    int said = 0;
    long most = -1;
    for (int a = 0; a < c.confusion().length; a++) {
      long count = 0;
      for (long[] row : c.confusion()) count += row[a];
      if (count > most) {
        most = count;
        said = a;
      }
    }
    return Strings.format(
        "\"%s\" in %s of its answers, with probabilities that vary by no more than %s",
        c.classes().get(said),
        Recent.percent((double) most / c.positions()),
        Recent.number(c.spread()));
  }
}
