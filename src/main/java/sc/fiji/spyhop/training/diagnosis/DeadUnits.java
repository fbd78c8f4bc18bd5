package sc.fiji.spyhop.training.diagnosis;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import sc.fiji.spyhop.util.Strings;

/**
 * Layers three quarters of whose ReLU channels never let anything through. Half is usual in dense
 * layers of networks that are well, when there are few classes.
 */
final class DeadUnits implements Detector {

  private static final int EPOCHS = 2;
  private static final double SHARE = 0.75;
  private static final int LISTED = 3;

  @Override
  public Symptom symptom() {
    return Symptom.DEAD_UNITS;
  }

  @Override
  public Optional<Diagnostic> look(List<Evidence> epochs) {
    if (!Recent.all(epochs, EPOCHS, e -> !dead(e).isEmpty())) return Optional.empty();
    Evidence last = Recent.last(epochs);
    List<Activity> dead = dead(last);
    return Optional.of(
        new Diagnostic(
            symptom(),
            Strings.format(
                "After epoch %d, channels are zero for every image looked at in %s%s.",
                last.epoch(),
                dead.stream()
                    .limit(LISTED)
                    .map(a -> Strings.format("%s (%d of %d)", a.layer(), a.dead(), a.units()))
                    .collect(Collectors.joining(", ")),
                dead.size() > LISTED ? " and " + (dead.size() - LISTED) + " more layers" : ""),
            "Such units learn nothing any more. Start anew with a learning rate ten times smaller"
                + " or a longer warm-up; batch normalisation before the ReLU, or a leaky ReLU,"
                + " avoids it."));
  }

  /** Layers with too many, the worst one first. */
  private static List<Activity> dead(Evidence e) {
    return e.activities().stream()
        .filter(a -> a.share() >= SHARE)
        .sorted(Comparator.comparingDouble(Activity::share).reversed())
        .toList();
  }
}
