package sc.fiji.spyhop.dataset;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import sc.fiji.spyhop.SpyhopException;

/**
 * Named samples, read when asked for. Recently used ones are kept in memory, up to a share of the
 * heap; the sets made from it share that memory. Safe for use by several threads.
 *
 * @param <T> kind of truth
 */
public final class Dataset<T> {

  /**
   * One sample that has not been read yet.
   *
   * @param name unique within a set
   * @param read opens it; called again if it was dropped from memory
   */
  public record Entry<T>(String name, Supplier<Sample<T>> read) {}

  private final List<Entry<T>> entries;
  private final List<String> names;
  private final BoundedCache<Entry<T>, Sample<T>> cache;

  private Dataset(List<Entry<T>> entries, BoundedCache<Entry<T>, Sample<T>> cache) {
    this.entries = List.copyOf(entries);
    this.cache = cache;
    names = this.entries.stream().map(Entry::name).toList();
    Set<String> seen = new HashSet<>();
    for (String name : names) {
      if (!seen.add(name)) {
        throw new SpyhopException(
            "Two samples are called \"" + name + "\": names have to be different.");
      }
    }
  }

  /** A set that reads on demand and keeps up to an eighth of the heap. */
  public static <T> Dataset<T> of(List<Entry<T>> entries) {
    return new Dataset<>(
        entries, new BoundedCache<>(Runtime.getRuntime().maxMemory() / 8, Dataset::bytes));
  }

  /** A set of samples that are in memory already. */
  public static <T> Dataset<T> ofSamples(List<Sample<T>> samples) {
    return of(samples.stream().map(s -> new Entry<>(s.name(), () -> s)).toList());
  }

  private static long bytes(Sample<?> sample) {
    var frame = sample.frame();
    var type = frame.pixels().getAt(0, 0, 0);
    long plane = (long) frame.width() * frame.height();
    return plane * frame.channels() * ((type.getBitsPerPixel() + 7) / 8) + plane * 2 + 1024;
  }

  public int size() {
    return entries.size();
  }

  /** Names in order. */
  public List<String> names() {
    return names;
  }

  /**
   * One sample, read unless it is still in memory.
   *
   * @throws SpyhopException if it cannot be read
   */
  public Sample<T> get(int index) {
    Entry<T> entry = entries.get(index);
    return cache.get(entry, e -> e.read().get());
  }

  /** The same with each sample changed when it is read. */
  public <U> Dataset<U> map(Function<Sample<T>, Sample<U>> change) {
    return of(
        entries.stream()
            .map(e -> new Entry<>(e.name(), () -> change.apply(e.read().get())))
            .toList());
  }

  /** The samples at some positions, in that order. */
  public Dataset<T> select(List<Integer> positions) {
    return new Dataset<>(positions.stream().map(entries::get).toList(), cache);
  }

  /** The samples whose name passes, in order. */
  public Dataset<T> select(Function<String, Boolean> keep) {
    return new Dataset<>(entries.stream().filter(e -> keep.apply(e.name())).toList(), cache);
  }
}
