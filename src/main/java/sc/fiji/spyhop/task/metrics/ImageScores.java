package sc.fiji.spyhop.task.metrics;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import sc.fiji.spyhop.Progress;

/**
 * Figures of images: of all together, how sure these are, how they differ from those of another
 * model, and of each image.
 *
 * @param <I> what has to be known of an image
 */
public final class ImageScores<I> {

  /** A figure and the interval in which 95 of 100 draws of images have it. */
  public record Estimate(double value, double low, double high) {}

  private final Supplier<? extends Pooled<I>> empty;
  private final List<String> names = new ArrayList<>();
  private final List<I> images = new ArrayList<>();

  /**
   * @param empty figures of no image
   */
  public ImageScores(Supplier<? extends Pooled<I>> empty) {
    this.empty = empty;
  }

  /**
   * Adds an image.
   *
   * @param name other than those of the others
   */
  public void add(String name, I image) {
    names.add(name);
    images.add(image);
  }

  /** Number of images. */
  public int size() {
    return images.size();
  }

  /** Of all images. */
  public Pooled<I> all() {
    return pooled(IntStream.range(0, size()).toArray());
  }

  private Pooled<I> pooled(int... positions) {
    Pooled<I> pooled = empty.get();
    for (int i : positions) pooled.add(images.get(i));
    return pooled;
  }

  /**
   * The main figures by name, those without meaning left out.
   *
   * @param differences how far they are above those of another model, as far as both have them
   */
  public record Estimates(Map<String, Estimate> figures, Map<String, Estimate> differences) {}

  /**
   * The main figures with their intervals.
   *
   * @param other scores of the same images, in the same order, of another model to compare with
   * @throws java.util.concurrent.CancellationException if cancelled
   */
  public Estimates estimates(Optional<ImageScores<I>> other, Progress progress) {
    Map<String, Double> own = all().main();
    Map<String, Double> differences = new LinkedHashMap<>();
    other.ifPresent(o -> minus(own, o.all().main(), differences));
    Bootstrap.Interval[] intervals =
        Bootstrap.intervals(
            size(),
            draw -> {
              Map<String, Double> drawn = pooled(draw).main();
              Map<String, Double> apart = new LinkedHashMap<>();
              other.ifPresent(o -> minus(drawn, o.pooled(draw).main(), apart));
              return Stream.of(drawn, apart)
                  .flatMap(figures -> figures.values().stream())
                  .mapToDouble(v -> v)
                  .toArray();
            },
            progress);
    return new Estimates(
        estimates(own, intervals, 0), estimates(differences, intervals, own.size()));
  }

  private static void minus(
      Map<String, Double> own, Map<String, Double> others, Map<String, Double> differences) {
    own.forEach(
        (name, value) -> {
          if (others.containsKey(name)) differences.put(name, value - others.get(name));
        });
  }

  private static Map<String, Estimate> estimates(
      Map<String, Double> values, Bootstrap.Interval[] intervals, int from) {
    Map<String, Estimate> estimates = new LinkedHashMap<>();
    int at = from;
    for (Map.Entry<String, Double> e : values.entrySet()) {
      Bootstrap.Interval interval = intervals[at++];
      if (e.getValue().isNaN()) continue;
      estimates.put(e.getKey(), new Estimate(e.getValue(), interval.low(), interval.high()));
    }
    return estimates;
  }

  /** What there is to say of each image, the worst first; equal ones in the order they came. */
  public Map<String, Map<String, Object>> worstFirst() {
    Pooled<I> all = all();
    Map<String, Map<String, Object>> rows = new LinkedHashMap<>();
    IntStream.range(0, size())
        .boxed()
        .sorted(Comparator.comparingDouble(i -> -all.loss(images.get(i))))
        .forEach(i -> rows.put(names.get(i), all.row(images.get(i))));
    return rows;
  }
}
