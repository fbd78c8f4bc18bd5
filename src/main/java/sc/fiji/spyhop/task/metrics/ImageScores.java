package sc.fiji.spyhop.task.metrics;

import java.util.ArrayList;
import java.util.Arrays;
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

  /** Of each image, figures that plugins bring. */
  private final List<Map<String, Double>> more = new ArrayList<>();

  /** Positions of those that are drawn together. */
  private final Map<String, List<Integer>> drawn = new LinkedHashMap<>();

  /**
   * Of no images yet.
   *
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
    add(name, name, image);
  }

  /**
   * Adds a plane of a stack. Planes of one stack are alike, so that they are drawn together, unless
   * there is no other.
   *
   * @param name other than those of the others
   * @param stack name of the stack
   */
  public void add(String name, String stack, I plane) {
    add(name, stack, plane, Map.of());
  }

  /**
   * The same with other figures of the plane.
   *
   * @param figures the same ones for each plane, of which the mean counts; NaN where one has no
   *     meaning
   */
  public void add(String name, String stack, I plane, Map<String, Double> figures) {
    drawn.computeIfAbsent(stack, s -> new ArrayList<>(1)).add(names.size());
    names.add(name);
    images.add(plane);
    more.add(figures);
  }

  /** Number of images, or planes. */
  public int size() {
    return images.size();
  }

  /** Of all images. */
  public Pooled<I> all() {
    return pooled(IntStream.range(0, size()));
  }

  private Pooled<I> pooled(IntStream positions) {
    Pooled<I> pooled = empty.get();
    List<Map<String, Double>> figures = new ArrayList<>();
    positions.forEach(
        i -> {
          pooled.add(images.get(i));
          figures.add(more.get(i));
        });
    Map<String, Double> means = PluginMetrics.means(figures);
    return means.isEmpty() ? pooled : new WithMeans<>(pooled, means);
  }

  /** What is drawn: positions of one image, or of all planes of a stack. */
  private List<List<Integer>> units() {
    return drawn.size() > 1
        ? List.copyOf(drawn.values())
        : IntStream.range(0, size()).mapToObj(List::of).toList();
  }

  private Pooled<I> pooled(int[] draw, List<List<Integer>> units) {
    return pooled(
        Arrays.stream(draw).flatMap(u -> units.get(u).stream().mapToInt(Integer::intValue)));
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
    List<List<Integer>> units = units();
    Bootstrap.Interval[] intervals =
        Bootstrap.intervals(
            units.size(),
            draw -> {
              Map<String, Double> mine = pooled(draw, units).main();
              Map<String, Double> apart = new LinkedHashMap<>();
              other.ifPresent(o -> minus(mine, o.pooled(draw, units).main(), apart));
              return Stream.of(mine, apart)
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
        .forEach(
            i -> {
              Map<String, Object> row = new LinkedHashMap<>(all.row(images.get(i)));
              more.get(i).forEach(row::putIfAbsent);
              rows.put(names.get(i), row);
            });
    return rows;
  }
}
