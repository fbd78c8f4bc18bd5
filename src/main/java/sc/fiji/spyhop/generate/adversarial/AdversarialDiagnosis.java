package sc.fiji.spyhop.generate.adversarial;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import sc.fiji.spyhop.training.diagnosis.Diagnostic;
import sc.fiji.spyhop.training.diagnosis.Symptom;
import sc.fiji.spyhop.util.Strings;

/**
 * Says in words what goes wrong between a generator and a discriminator (Goodfellow 2016, "NIPS
 * 2016 tutorial: generative adversarial networks", section 5).
 */
final class AdversarialDiagnosis {

  /** Epochs in a row in which something has to be seen. */
  private static final int ROW = 2;

  /** Epochs in a row in which all images have to move. */
  private static final int MOVES = 3;

  /** Images are noise at first, and alike as such. */
  private static final int SETTLED = 3;

  private static final double NEVER_WRONG = 0.98;
  private static final double HOPELESS = 3;
  private static final double NARROW = 0.5;
  private static final double MANY_ALIKE = 0.25;
  private static final double FAR = 0.4;

  private AdversarialDiagnosis() {}

  /**
   * What is seen after the last epoch.
   *
   * @param rounds in order, at least one
   */
  static List<Diagnostic> of(List<Round> rounds) {
    List<Diagnostic> found = new ArrayList<>();
    tooStrong(rounds).ifPresent(found::add);
    collapse(rounds).ifPresent(found::add);
    oscillation(rounds).ifPresent(found::add);
    return found;
  }

  private static boolean lately(List<Round> rounds, int count, int after, Predicate<Round> what) {
    int n = rounds.size();
    return n >= after + count && rounds.subList(n - count, n).stream().allMatch(what);
  }

  private static Round last(List<Round> rounds) {
    return rounds.get(rounds.size() - 1);
  }

  private static Optional<Diagnostic> tooStrong(List<Round> rounds) {
    boolean seen =
        lately(
            rounds,
            ROW,
            0,
            r ->
                r.realTaken() >= NEVER_WRONG
                    && r.generatedTaken() <= 1 - NEVER_WRONG
                    && r.generatorLoss() >= HOPELESS);
    if (!seen) return Optional.empty();
    Round r = last(rounds);
    return Optional.of(
        new Diagnostic(
            Symptom.DISCRIMINATOR_TOO_STRONG,
            Strings.format(
                "The discriminator is too strong: it takes %.0f %% of the real images for real and"
                    + " %.0f %% of the generated ones, so that the generator (loss %.1f) learns"
                    + " little from it.",
                100 * r.realTaken(), 100 * r.generatedTaken(), r.generatorLoss()),
            "Try more smoothing of labels (0.2), a discriminator with fewer channels, half the"
                + " learning rate, or more images, mirrored and turned if they may be."));
  }

  private static Optional<Diagnostic> collapse(List<Round> rounds) {
    boolean seen = lately(rounds, ROW, SETTLED, r -> r.spread() < NARROW || r.alike() > MANY_ALIKE);
    if (!seen) return Optional.empty();
    Round r = last(rounds);
    return Optional.of(
        new Diagnostic(
            Symptom.MODE_COLLAPSE,
            Strings.format(
                "The generator makes few different images (mode collapse): they are %.0f %% as far"
                    + " from each other as real ones, and %.0f %% of pairs are about the same image.",
                100 * r.spread(), 100 * r.alike()),
            "Try half the learning rate, larger minibatches, or fewer epochs: a model of an earlier"
                + " epoch may be better."));
  }

  private static Optional<Diagnostic> oscillation(List<Round> rounds) {
    if (!lately(rounds, MOVES, SETTLED, r -> r.drift() > FAR)) return Optional.empty();
    return Optional.of(
        new Diagnostic(
            Symptom.OSCILLATION,
            Strings.format(
                "The training oscillates: from epoch to epoch, all generated images change together,"
                    + " by %.0f %% of the distance between real ones.",
                100 * last(rounds).drift()),
            "Try half the learning rate, and keep the moving average of weights on."));
  }
}
