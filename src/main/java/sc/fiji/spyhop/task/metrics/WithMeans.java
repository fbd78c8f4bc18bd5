package sc.fiji.spyhop.task.metrics;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.util.Digits;
import sc.fiji.spyhop.util.Strings;

/**
 * Figures of images, and means of others that were taken of each.
 *
 * @param means by name
 */
record WithMeans<I>(Pooled<I> own, Map<String, Double> means) implements Pooled<I> {

  WithMeans {
    for (String name : means.keySet()) {
      if (own.main().keySet().stream().anyMatch(name::equalsIgnoreCase)) {
        throw new SpyhopException(
            Strings.format(
                "The metric %s has the name of a figure that there is already. Leave it away, or have it renamed.",
                name));
      }
    }
  }

  @Override
  public void add(I image) {
    own.add(image);
  }

  @Override
  public Map<String, Double> main() {
    Map<String, Double> main = new LinkedHashMap<>(own.main());
    means.forEach(main::putIfAbsent);
    return main;
  }

  @Override
  public Map<String, Object> row(I image) {
    return own.row(image);
  }

  @Override
  public double loss(I image) {
    return own.loss(image);
  }

  @Override
  public Optional<Confusion> confusion() {
    return own.confusion();
  }

  @Override
  public Optional<Reliability> reliability() {
    return own.reliability();
  }

  @Override
  public String table() {
    return means.entrySet().stream()
        .map(e -> e.getKey() + " " + said(e.getValue()))
        .collect(
            Collectors.joining(", ", own.table() + System.lineSeparator() + "By plugins: ", "."));
  }

  /** A figure that no image has is told in words. */
  private static String said(double value) {
    return Double.isFinite(value) ? Digits.six(value) : "none";
  }

  @Override
  public Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>(own.toMap());
    Map<String, Object> finite = new LinkedHashMap<>();
    means.forEach((name, value) -> finite.put(name, Double.isFinite(value) ? value : "none"));
    map.put("plugins", finite);
    return map;
  }
}
