package sc.fiji.spyhop.task.metrics;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.plugin.Plugins;
import sc.fiji.spyhop.plugin.Use;
import sc.fiji.spyhop.util.Strings;

/**
 * Figures that plugins bring, in the order in which a user asked for them. In JSON, what the user
 * wrote.
 *
 * @param uses by the name of the figure
 */
public record PluginMetrics(Map<String, Use<? extends MetricPlugin<?>>> uses) {

  /** No figures. */
  public static final PluginMetrics NONE = new PluginMetrics(Map.of());

  /** Figures keep the order in which they were asked for. */
  public PluginMetrics {
    uses = Collections.unmodifiableMap(new LinkedHashMap<>(uses));
  }

  /**
   * Reads plugins with commas between them, such as {@code coverage, distance(limit=5)}.
   *
   * @throws SpyhopException if one is not there, or has no such settings
   */
  @JsonCreator
  @SuppressWarnings("unchecked") // the plugins of a type that has a parameter
  public static PluginMetrics parse(String text) {
    Map<String, Use<? extends MetricPlugin<?>>> uses = new LinkedHashMap<>();
    for (Use<MetricPlugin> use : Use.parseAll(MetricPlugin.class, text)) {
      boolean plain = use.settings().equals(use.plugin().settings());
      uses.put(plain ? use.name() : use.text(), (Use<? extends MetricPlugin<?>>) (Use<?>) use);
    }
    return uses.isEmpty() ? NONE : new PluginMetrics(uses);
  }

  /** As {@link #parse} reads it. */
  @JsonValue
  public String text() {
    return uses.values().stream().map(Use::text).collect(Collectors.joining(", "));
  }

  /** Whether no figure is asked for. */
  public boolean isEmpty() {
    return uses.isEmpty();
  }

  /**
   * Refuses metrics of something else.
   *
   * @param type what predictions are
   * @param kind of task, for the message
   * @throws SpyhopException if one compares something else
   */
  public void requireOf(Class<?> type, String kind) {
    for (Use<? extends MetricPlugin<?>> use : uses.values()) {
      Class<?> of = Plugins.call(use.plugin(), use.plugin()::of);
      if (of == type) continue;
      if (of == null) {
        throw new SpyhopException(
            Strings.format(
                "The metric %s does not say what it compares. That is for its author to mend.",
                Plugins.describe(use.plugin())));
      }
      throw new SpyhopException(
          Strings.format(
              "The metric %s compares %s, but %s gives %s. Leave it away.",
              Plugins.describe(use.plugin()), of.getSimpleName(), kind, type.getSimpleName()));
    }
  }

  /** The figures of an image, by name; NaN where one has no meaning. */
  public <T> Map<String, Double> of(T predicted, T truth) {
    Map<String, Double> figures = new LinkedHashMap<>();
    uses.forEach((name, use) -> figures.put(name, measured(use, predicted, truth)));
    return figures;
  }

  /** What it compares was asked for before. */
  @SuppressWarnings("unchecked")
  private static <T> double measured(Use<?> use, T predicted, T truth) {
    MetricPlugin<T> plugin = (MetricPlugin<T>) use.plugin();
    return Plugins.call(plugin, () -> plugin.measure(predicted, truth, use.settings()));
  }

  /**
   * A score with these figures besides; what training raises stays the same.
   *
   * @param truth as many as are predicted, in the same order
   */
  public <T> Score added(Score score, List<T> predicted, List<T> truth) {
    if (isEmpty()) return score;
    List<Map<String, Double>> images = new ArrayList<>();
    for (int i = 0; i < truth.size(); i++) images.add(of(predicted.get(i), truth.get(i)));
    requireOther(score.figures().keySet());
    Map<String, Double> figures = new LinkedHashMap<>(score.figures());
    figures.putAll(means(images));
    return new Score(score.value(), figures);
  }

  /**
   * Refuses names of figures that there are already, in capital letters or small ones.
   *
   * @throws SpyhopException if one is taken; names its jar
   */
  private void requireOther(Collection<String> own) {
    uses.forEach(
        (name, use) -> {
          if (own.stream().noneMatch(name::equalsIgnoreCase)) return;
          throw new SpyhopException(
              Strings.format(
                  "The metric %s has the name of a figure that there is already. Leave it away, or have it renamed.",
                  Plugins.describe(use.plugin())));
        });
  }

  /** Means over images, by name; NaN where no image has a figure. */
  static Map<String, Double> means(List<Map<String, Double>> images) {
    return images.stream()
        .flatMap(i -> i.entrySet().stream())
        .collect(
            Collectors.groupingBy(
                Map.Entry::getKey,
                LinkedHashMap::new,
                Collectors.collectingAndThen(
                    Collectors.mapping(Map.Entry::getValue, Collectors.toList()),
                    PluginMetrics::mean)));
  }

  private static double mean(List<Double> values) {
    return values.stream()
        .filter(Double::isFinite)
        .mapToDouble(v -> v)
        .average()
        .orElse(Double.NaN);
  }
}
