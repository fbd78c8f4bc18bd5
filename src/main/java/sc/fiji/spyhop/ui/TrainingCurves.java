package sc.fiji.spyhop.ui;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import sc.fiji.spyhop.training.TrainingHistory.Epoch;
import sc.fiji.spyhop.util.Strings;

/** What there is to tell of a training, as numbers and words. For use by one thread. */
final class TrainingCurves {

  /** Figures that have a unit and are best at 0; the others are shares. */
  private static final Pattern ERROR = Pattern.compile(".*error.*|MAE.*|RMSE.*");

  private static final String LOSS = "loss";

  /** One value per epoch that has one. */
  record Curve(String name, double[] epochs, double[] values) {}

  private final List<Epoch> epochs = new ArrayList<>();
  private final Map<Integer, Double> validationLosses = new TreeMap<>();
  private OptionalDouble told = OptionalDouble.empty();
  private int wanted;

  /** Of the epoch that is told next. */
  void validationLoss(double loss) {
    told = OptionalDouble.of(loss);
  }

  /** A number that is not above the last begins another training, such as a second phase. */
  void epoch(Epoch epoch, int wanted) {
    if (!epochs.isEmpty() && epoch.number() <= last().number()) {
      epochs.clear();
      validationLosses.clear();
    }
    epochs.add(epoch);
    this.wanted = wanted;
    told.ifPresent(loss -> validationLosses.put(epoch.number(), loss));
    told = OptionalDouble.empty();
  }

  private Epoch last() {
    return epochs.get(epochs.size() - 1);
  }

  boolean isEmpty() {
    return epochs.isEmpty();
  }

  /** Largest number of an epoch so far. */
  int reached() {
    return isEmpty() ? 0 : last().number();
  }

  /** Loss of training, then those of validation. */
  List<Curve> losses() {
    List<Curve> curves = new ArrayList<>();
    curves.add(curve("training", epochs, Epoch::loss));
    curves.add(
        new Curve(
            "validation",
            validationLosses.keySet().stream().mapToDouble(n -> n).toArray(),
            validationLosses.values().stream().mapToDouble(v -> v).toArray()));
    validated(name -> name.endsWith(LOSS)).forEach(curves::add);
    return curves.stream().filter(c -> c.epochs.length > 0).toList();
  }

  /** How good the network is on the validation images, in the order of the figures. */
  List<Curve> metrics() {
    return validated(name -> !name.endsWith(LOSS) && !ERROR.matcher(name).matches()).toList();
  }

  /** How far off it is. */
  List<Curve> errors() {
    return validated(name -> ERROR.matcher(name).matches()).toList();
  }

  private Stream<Curve> validated(Predicate<String> which) {
    Map<String, List<Epoch>> scored = new LinkedHashMap<>();
    for (Epoch e : epochs) {
      for (String name : e.metrics().keySet()) {
        if (which.test(name)) scored.computeIfAbsent(name, n -> new ArrayList<>()).add(e);
      }
    }
    return scored.entrySet().stream()
        .map(s -> curve(s.getKey(), s.getValue(), e -> e.metrics().get(s.getKey())));
  }

  private static Curve curve(String name, List<Epoch> of, ToDoubleFunction<Epoch> value) {
    return new Curve(
        name,
        of.stream().mapToDouble(Epoch::number).toArray(),
        of.stream().mapToDouble(value).toArray());
  }

  /** Where it is, the best so far and the learning rate, in one line. */
  String headline() {
    if (isEmpty()) return "No epoch is completed yet.";
    List<String> parts = new ArrayList<>();
    parts.add(Strings.format("Epoch %d of %d", last().number(), wanted));
    epochs.stream()
        .filter(Epoch::best)
        .reduce((a, b) -> b)
        .ifPresent(e -> parts.add("best: epoch " + e.number() + score(e)));
    parts.add(Strings.format("learning rate %.2e", last().learningRate()));
    return String.join("  ·  ", parts);
  }

  private static String score(Epoch epoch) {
    return epoch.metrics().entrySet().stream()
        .findFirst()
        .map(m -> Strings.format(" (%s %.3f)", m.getKey(), m.getValue()))
        .orElse("");
  }
}
