package sc.fiji.spyhop.dataset;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.type.numeric.RealType;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.util.Strings;

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

  /**
   * Images that are in memory, with what is known of each. They are called "image 1" and so on.
   *
   * @param images columns and rows, or columns, rows and channels; see {@link Frame#of}. Views may
   *     begin anywhere: boxes and points are in the coordinates of the view, label maps begin at
   *     its first pixel
   * @param truths as many, in the same order
   * @throws SpyhopException if they are not as many, an image has other dimensions, or a label map
   *     another size than its image
   */
  public static <T> Dataset<T> ofImages(
      List<? extends RandomAccessibleInterval<? extends RealType<?>>> images, List<T> truths) {
    List<Frame> frames = new ArrayList<>();
    for (int i = 0; i < images.size(); i++) {
      frames.add(Frame.of(images.get(i)).withName("image " + (i + 1)));
    }
    return ofFrames(frames, truths);
  }

  private static <T> Dataset<T> ofFrames(List<Frame> frames, List<T> truths) {
    if (frames.size() != truths.size()) {
      throw new SpyhopException(
          Strings.format(
              "Data set: expected something known of each of %d images, received %d.",
              frames.size(), truths.size()));
    }
    return ofSamples(
        IntStream.range(0, truths.size())
            .mapToObj(i -> Sample.of(frames.get(i), truths.get(i)))
            .toList());
  }

  /**
   * Images that lie in one array.
   *
   * @param images NCHW
   * @param truths one for each, in the same order
   * @throws SpyhopException if they are not as many, or the axes are others
   */
  public static <T> Dataset<T> of(Tensor images, List<T> truths) {
    return ofFrames(Frame.ofEach(images), truths);
  }

  /**
   * Two parts, drawn image by image. Images that show one thing, such as slices of a stack, are
   * better drawn together: see {@link Splitter}.
   *
   * @param validation share of the images in the second part, in [0, 1); rounded
   * @throws SpyhopException if it is another
   */
  public Split<T> split(double validation, long seed) {
    if (!(validation >= 0 && validation < 1)) {
      throw new SpyhopException(
          "Data set: expected a share for validation from 0 to below 1, received "
              + validation
              + ".");
    }
    List<Integer> order = new ArrayList<>(IntStream.range(0, size()).boxed().toList());
    Collections.shuffle(order, new Random(seed));
    int first = (int) Math.round(validation * size());
    return new Split<>(
        select(order.subList(first, size()).stream().sorted().toList()),
        select(order.subList(0, first).stream().sorted().toList()));
  }

  private static long bytes(Sample<?> sample) {
    Frame frame = sample.frame();
    long plane = (long) frame.width() * frame.height();
    long truth = sample.truth() instanceof Frame target ? bytes(target) : plane * 2;
    return bytes(frame) + truth + 1024;
  }

  private static long bytes(Frame frame) {
    long plane = (long) frame.width() * frame.height();
    int bits = frame.pixels().getAt(0, 0, 0).getBitsPerPixel();
    return plane * frame.channels() * ((bits + 7) / 8);
  }

  /** Number of samples. */
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
