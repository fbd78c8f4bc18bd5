package sc.fiji.spyhop.training.diagnosis;

import java.util.List;
import java.util.Optional;
import sc.fiji.spyhop.util.Strings;

/** Validation loss that has risen for three epochs while training loss went on falling. */
final class Overfitting implements Detector {

  private static final int EPOCHS = 3;
  private static final double RISE = 1.3;
  private static final double FALL = 0.95;

  /** Where the loss has begun to fall again, it was not that. */
  private static final double STILL = 0.95;

  /** Rises below this share of the first loss are noise. */
  private static final double NOISE = 0.02;

  @Override
  public Symptom symptom() {
    return Symptom.OVERFITTING;
  }

  @Override
  public Optional<Diagnostic> look(List<Evidence> epochs) {
    List<Evidence> judged = epochs.stream().filter(e -> e.validationLoss().isPresent()).toList();
    if (judged.size() <= EPOCHS) return Optional.empty();
    int best = 0;
    for (int i = 1; i < judged.size(); i++) if (loss(judged, i) < loss(judged, best)) best = i;
    int first = judged.size() - EPOCHS;
    if (best >= first) return Optional.empty();
    double lowest = loss(judged, best);
    double now = 0;
    for (int i = first; i < judged.size(); i++) now += loss(judged, i) / EPOCHS;
    Evidence last = Recent.last(judged);
    double noise = NOISE * epochs.get(0).firstLoss();
    if (now < RISE * lowest + noise
        || loss(judged, judged.size() - 1) < STILL * loss(judged, first)
        || last.loss() > FALL * judged.get(best).loss()
        || last.loss() > now) {
      return Optional.empty();
    }
    return Optional.of(
        new Diagnostic(
            symptom(),
            Strings.format(
                    "The network begins to learn the training images by heart: since epoch %d the loss on",
                    judged.get(best).epoch())
                + Strings.format(
                    " validation images has risen from %s to %s, while that of training fell from %s to %s.",
                    Recent.number(lowest),
                    Recent.number(now),
                    Recent.number(judged.get(best).loss()),
                    Recent.number(last.loss())),
            "More images help most; then stronger augmentation, a smaller network, dropout or"
                + " weight decay. To go on is no use; the best network so far is kept, and patience"
                + " would end the training by itself."));
  }

  private static double loss(List<Evidence> judged, int i) {
    return judged.get(i).validationLoss().orElseThrow();
  }
}
