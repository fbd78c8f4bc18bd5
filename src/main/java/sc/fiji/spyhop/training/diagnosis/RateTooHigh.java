package sc.fiji.spyhop.training.diagnosis;

import java.util.List;
import java.util.Optional;
import sc.fiji.spyhop.util.Strings;

/**
 * Loss that rises again, or jumps without falling; or weights that change by large parts of
 * themselves. A step usually changes a kernel by about a thousandth. Where answers are right, a
 * loss that rises from next to nothing is none of these.
 */
final class RateTooHigh implements Detector {

  private static final double RISE = 1.5;
  private static final double LEAP = 3;
  private static final double LOST = 0.5;
  private static final double FALL = 0.95;
  private static final double HUGE = 0.5;
  private static final double LARGE = 0.03;
  private static final double TINY = 1e-3;
  private static final double JUMP = 0.3;

  /** Skill on images trained on from which answers are right. */
  private static final double RIGHT = 0.9;

  @Override
  public Symptom symptom() {
    return Symptom.RATE_TOO_HIGH;
  }

  @Override
  public Optional<Diagnostic> look(List<Evidence> epochs) {
    Evidence last = Recent.last(epochs);
    double start = epochs.get(0).firstLoss();
    double now = last.loss();
    double lowest = epochs.stream().mapToDouble(Evidence::loss).min().orElse(now);
    double ratio = last.updateRatio();
    boolean lost = epochs.size() > 1 && now > RISE * lowest && now > LOST * start && ratio > TINY;
    boolean right = Recent.bestSkill(last.training()) > RIGHT;
    if (!right && (lost || now > LEAP * start)) {
      return found(
          Strings.format(
              "The loss rises: it was %s at first, %s at best and %s in epoch %d.",
              Recent.number(start),
              Recent.number(Math.min(start, lowest)),
              Recent.number(now),
              last.epoch()),
          last);
    }
    if (ratio > HUGE) {
      return found(
          Strings.format(
              "In one step of epoch %d weights change by %s of themselves, where about 0.1 %% is normal.",
              last.epoch(), Recent.percent(ratio)),
          last);
    }
    if (epochs.size() > 1 && now > FALL * start && ratio > LARGE && jump(last) > JUMP) {
      return found(
          Strings.format(
              "The loss jumps without falling: it was %s at first and is %s after epoch %d, and changes by %s from step to step.",
              Recent.number(start), Recent.number(now), last.epoch(), Recent.percent(jump(last))),
          last);
    }
    return Optional.empty();
  }

  private Optional<Diagnostic> found(String observation, Evidence last) {
    return Optional.of(
        new Diagnostic(
            symptom(),
            observation,
            Strings.format(
                "The learning rate is too high (now %s): start anew with a tenth of it, or with a longer warm-up.",
                Recent.number(last.learningRate()))));
  }

  /** Mean change of the loss from one step to the next, through the mean loss. */
  private static double jump(Evidence e) {
    double sum = 0;
    for (int i = 1; i < e.losses().size(); i++) {
      sum += Math.abs(e.losses().get(i) - e.losses().get(i - 1));
    }
    return sum / Math.max(1, e.losses().size() - 1) / e.loss();
  }
}
