package sc.fiji.spyhop.engine.benchmark;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

/**
 * Times of the same cases by two programs, taken in turn. Only ratios within a round are compared,
 * since what else the machine does changes from minute to minute.
 *
 * @param name of the case
 * @param ms of the first program, median over the rounds, milliseconds
 * @param againstMs of the second
 * @param ratio first to second, median over the rounds; below 1 the first is faster
 * @param lowest ratio of any round
 * @param highest ratio of any round
 * @param rounds in which both had the case
 */
public record Comparison(
    String name,
    double ms,
    double againstMs,
    double ratio,
    double lowest,
    double highest,
    int rounds) {

  /**
   * Figures of one round.
   *
   * @param ours milliseconds by name
   * @param theirs milliseconds by name, which may have a variant after it, such as {@code "lenet
   *     infer b128 channels_last"}; the fastest variant counts
   */
  public record Round(Map<String, Double> ours, Map<String, Double> theirs) {

    private OptionalDouble against(String name) {
      return theirs.entrySet().stream()
          .filter(e -> e.getKey().equals(name) || e.getKey().startsWith(name + " "))
          .mapToDouble(Map.Entry::getValue)
          .min();
    }
  }

  /** The cases that both programs have, in the order of the first. */
  public static List<Comparison> of(List<Round> rounds) {
    Map<String, Optional<Comparison>> cases = new LinkedHashMap<>();
    for (Round round : rounds) {
      for (String name : round.ours.keySet()) cases.computeIfAbsent(name, n -> of(n, rounds));
    }
    return cases.values().stream().flatMap(Optional::stream).toList();
  }

  private static Optional<Comparison> of(String name, List<Round> rounds) {
    List<double[]> pairs = new ArrayList<>();
    for (Round round : rounds) {
      Double ours = round.ours.get(name);
      OptionalDouble theirs = round.against(name);
      if (ours != null && theirs.isPresent()) {
        pairs.add(new double[] {ours, theirs.getAsDouble()});
      }
    }
    if (pairs.isEmpty()) return Optional.empty();
    double[] ratios = sorted(pairs, p -> p[0] / p[1]);
    return Optional.of(
        new Comparison(
            name,
            median(sorted(pairs, p -> p[0])),
            median(sorted(pairs, p -> p[1])),
            median(ratios),
            ratios[0],
            ratios[ratios.length - 1],
            ratios.length));
  }

  private static double[] sorted(List<double[]> pairs, ToDoubleFunction<double[]> value) {
    return pairs.stream().mapToDouble(value).sorted().toArray();
  }

  private static double median(double[] sorted) {
    return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
  }
}
