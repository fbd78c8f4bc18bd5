package sc.fiji.spyhop.network;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import sc.fiji.spyhop.SpyhopException;

/**
 * How far the pixels of an output look around in the input, and on which grid a network may be
 * shifted. It is exact but for dilated kernels, whose holes count as seen, and never too small.
 *
 * <p>A window of the input whose position and size differ from those of the whole by multiples of
 * {@link #sizeMultiple} gives the same values as the whole wherever the window's border is at least
 * {@link #halo} away (or is the border of the whole). Padding does not change this, also where it
 * depends on sizes: it is taken as it is for sizes that are multiples. The exception is a network
 * with a layer that resizes with its corners aligned ({@link Resizing}): it gives nearly the same
 * values, as which of them such a layer mixes depends on the size of the window.
 *
 * <p>All lists have one entry per spatial dimension, slowest first, in pixels of the input.
 *
 * @param everything whether some output sees all of the input (global pooling, flatten, statistics
 *     of a map): tiles would change it. The other entries then speak of the outputs that do not, or
 *     leave aside what is seen of all places alike
 * @param placed whether each position of all outputs has a place in the input
 * @param stride pixels of the input per pixel of the output: 1 where sizes are equal, 4 where the
 *     output is coarser; the largest among the outputs
 * @param halo how far an output pixel looks beyond the pixels that it covers, on the worse side
 * @param alignedHalo the same, rounded up to {@link #sizeMultiple}, where only outputs of blocks
 *     count that begin and end on multiples; may be smaller than {@link #halo}
 * @param sizeMultiple shifts and differences of size that keep all samplings on their grids; always
 *     a multiple of the stride
 */
public record ReceptiveField(
    boolean everything,
    boolean placed,
    List<Double> stride,
    List<Integer> halo,
    List<Integer> alignedHalo,
    List<Integer> sizeMultiple) {

  /** Longest grid that is looked at; real networks have some dozens. */
  private static final long MAX_PERIOD = 1 << 12;

  /** Copies the lists. */
  public ReceptiveField {
    stride = List.copyOf(stride);
    halo = List.copyOf(halo);
    alignedHalo = List.copyOf(alignedHalo);
    sizeMultiple = List.copyOf(sizeMultiple);
  }

  /**
   * Whether outputs say something of each place, but by statistics of all of the input, as with
   * instance normalization or squeeze-and-excitation: then large images are shown in parts of one
   * size, and what is said of a place depends on the part, though little.
   */
  public boolean isOfParts() {
    return everything && placed;
  }

  /**
   * Of all outputs together, relative to all inputs, which are taken to be of equal size.
   *
   * @throws SpyhopException if layers do not fit each other, or strides multiply beyond 4096
   */
  public static ReceptiveField of(Network network) {
    return of(network, network.outputs());
  }

  /** Of one layer, be it an output or not. */
  public static ReceptiveField of(Network network, String layer) {
    network.layer(layer);
    return of(network, List.of(layer));
  }

  /**
   * Pixels of the input per position of every map, by name, inputs included; no entry for vectors
   * and other maps whose positions have no place in the input.
   *
   * @throws SpyhopException if layers do not fit each other, or strides multiply beyond 4096
   */
  public static Map<String, List<Double>> strides(Network network) {
    Shapes.of(network);
    Map<String, List<Double>> strides = new LinkedHashMap<>();
    int rank = network.inputs().stream().mapToInt(i -> i.shape().rank()).max().orElse(0);
    for (int d = 0; d < rank; d++) {
      Map<String, Step> steps = steps(network, d);
      steps.forEach(
          (name, step) -> {
            if (step == Step.GLOBAL) return;
            strides
                .computeIfAbsent(name, n -> new ArrayList<>())
                .add((double) step.pixels() / step.positions());
          });
    }
    return strides;
  }

  /**
   * How many pixels of the input a position of a map sees at most, along each dimension, by name,
   * inputs included; padding counts, and what is seen of all places alike ({@link #amongAll}) does
   * not. No entry for what has no place in the input.
   *
   * @throws SpyhopException if layers do not fit each other, or strides multiply beyond 4096
   */
  public static Map<String, List<Integer>> sizes(Network network) {
    Shapes.of(network);
    Map<String, List<Integer>> sizes = new LinkedHashMap<>();
    int rank = network.inputs().stream().mapToInt(i -> i.shape().rank()).max().orElse(0);
    for (int d = 0; d < rank; d++) {
      try {
        new Axis(network, d, List.of())
            .sights.forEach(
                (name, sight) ->
                    sizes.computeIfAbsent(name, n -> new ArrayList<>()).add(sight.widest()));
      } catch (ArithmeticException e) {
        throw tooCoarse(e);
      }
    }
    return sizes;
  }

  /** Layers whose positions have a place in the input, but hang on all others besides. */
  public static Set<String> amongAll(Network network) {
    Set<String> found = new LinkedHashSet<>();
    int rank = network.inputs().stream().mapToInt(i -> i.shape().rank()).max().orElse(0);
    for (int d = 0; d < rank; d++) {
      Map<String, Step> steps = steps(network, d);
      found.addAll(amongAll(network, steps, d));
      found.removeIf(name -> steps.get(name) == Step.GLOBAL);
    }
    return found;
  }

  private static Set<String> amongAll(Network network, Map<String, Step> steps, int dimension) {
    Set<String> found = new LinkedHashSet<>();
    for (Layer layer : network.layers()) {
      boolean own = layer.reach(dimension).amongAll();
      boolean given =
          layer.inputs().stream().anyMatch(i -> found.contains(i) || steps.get(i) == Step.GLOBAL);
      if (own || given) found.add(layer.name());
    }
    return found;
  }

  /**
   * Which pixels of the input the positions of a map see, along one dimension. Pixels below 0, or
   * beyond the last of an image, are padding.
   */
  public interface Positions {

    /** The first pixel that a position, from 0, sees. */
    long first(long position);

    /** The last pixel that it sees. */
    long last(long position);
  }

  /**
   * Where the positions of a map look.
   *
   * @param dimension 0 for the slowest: rows of images
   * @return empty for vectors and other maps whose positions see all of the input
   * @throws SpyhopException if there is no such layer, layers do not fit each other, or strides
   *     multiply beyond 4096
   */
  public static Optional<Positions> positions(Network network, String layer, int dimension) {
    network.layer(layer);
    Shapes.of(network);
    try {
      Axis axis = new Axis(network, dimension, List.of());
      return Optional.ofNullable(axis.sights.get(layer)).map(s -> s.every(axis.period));
    } catch (ArithmeticException e) {
      throw tooCoarse(e);
    }
  }

  private static SpyhopException tooCoarse(ArithmeticException e) {
    return new SpyhopException(
        "network: its strides multiply to more than " + MAX_PERIOD + " pixels", e);
  }

  private static ReceptiveField of(Network network, List<String> outputs) {
    Shapes.of(network);
    boolean everything = false;
    boolean placed = true;
    List<Double> stride = new ArrayList<>();
    List<Integer> halo = new ArrayList<>();
    List<Integer> aligned = new ArrayList<>();
    List<Integer> multiple = new ArrayList<>();
    int rank = network.inputs().stream().mapToInt(i -> i.shape().rank()).max().orElse(0);
    for (int d = 0; d < rank; d++) {
      try {
        Axis axis = new Axis(network, d, outputs);
        everything |= axis.everything;
        placed &= axis.placed;
        stride.add(axis.stride);
        halo.add(Math.toIntExact(axis.halo));
        aligned.add(Math.toIntExact(axis.alignedHalo));
        multiple.add(Math.toIntExact(axis.period));
      } catch (ArithmeticException e) {
        throw tooCoarse(e);
      }
    }
    return new ReceptiveField(everything, placed, stride, halo, aligned, multiple);
  }

  /**
   * Pixels of the input per position of a map, a fraction in lowest terms; {@code GLOBAL} where
   * positions have no place in the input.
   */
  private record Step(long pixels, long positions) {

    static final Step ONE = new Step(1, 1);
    static final Step GLOBAL = new Step(0, 0);

    Step by(long factor, long divisor) {
      if (this == GLOBAL) return GLOBAL;
      long p = Math.multiplyExact(pixels, factor);
      long q = Math.multiplyExact(positions, divisor);
      long common = gcd(p, q);
      if (p / common > MAX_PERIOD || q / common > MAX_PERIOD) {
        throw new ArithmeticException("step");
      }
      return new Step(p / common, q / common);
    }
  }

  /**
   * Which pixels the positions of one period of a map see, first and last; position {@code i +
   * length} sees a period further. Both never fall from one position to the next.
   */
  private record Sight(long[] first, long[] last) {

    long first(long position, long period) {
      int length = first.length;
      return Math.floorDiv(position, (long) length) * period
          + first[(int) Math.floorMod(position, (long) length)];
    }

    Positions every(long period) {
      Sight sight = this;
      return new Positions() {
        @Override
        public long first(long position) {
          return sight.first(position, period);
        }

        @Override
        public long last(long position) {
          return sight.last(position, period);
        }
      };
    }

    int widest() {
      long widest = 0;
      for (int i = 0; i < first.length; i++) widest = Math.max(widest, last[i] - first[i] + 1);
      return Math.toIntExact(widest);
    }

    long last(long position, long period) {
      int length = last.length;
      return Math.floorDiv(position, (long) length) * period
          + last[(int) Math.floorMod(position, (long) length)];
    }
  }

  private static Map<String, Step> steps(Network network, int dimension) {
    Map<String, Step> steps = new LinkedHashMap<>();
    for (Network.Input input : network.inputs()) {
      steps.put(input.name(), dimension < input.shape().rank() ? Step.ONE : Step.GLOBAL);
    }
    try {
      for (Layer layer : network.layers()) {
        steps.put(layer.name(), step(layer, dimension, steps));
      }
    } catch (ArithmeticException e) {
      throw tooCoarse(e);
    }
    return steps;
  }

  private static Step step(Layer layer, int dimension, Map<String, Step> steps) {
    Reach reach = layer.reach(dimension);
    if (reach.positions() == 0) return Step.GLOBAL;
    Step in = steps.get(placed(layer, steps));
    // one value for each channel, which counts for all places, has no place itself
    boolean spreads = layer instanceof Multiply || layer instanceof Add || layer instanceof Formula;
    boolean same =
        layer.inputs().stream()
            .map(steps::get)
            .allMatch(step -> step.equals(in) || spreads && step == Step.GLOBAL);
    return same ? in.by(reach.pixels(), reach.positions()) : Step.GLOBAL;
  }

  /** The first input whose positions have a place, or the first if none has. */
  private static String placed(Layer layer, Map<String, Step> steps) {
    return layer.inputs().stream()
        .filter(i -> steps.get(i) != Step.GLOBAL)
        .findFirst()
        .orElse(layer.input());
  }

  /** The analysis along one spatial dimension. */
  private static final class Axis {

    private final int dimension;
    private final Map<String, Step> steps;
    private final Map<String, Sight> sights = new LinkedHashMap<>();
    private final Optional<Map<String, Shape>> sizes;
    private long period = 1;
    private final Set<String> amongAll;
    private boolean everything;
    private boolean placed = true;
    private double stride;
    private long halo;
    private long alignedHalo;

    Axis(Network network, int dimension, List<String> outputs) {
      this.dimension = dimension;
      steps = steps(network, dimension);
      amongAll = amongAll(network, steps, dimension);
      for (Step step : steps.values()) {
        if (step == Step.GLOBAL) continue;
        period = Math.multiplyExact(period / gcd(period, step.pixels()), step.pixels());
        if (period > MAX_PERIOD) throw new ArithmeticException("period");
      }
      for (Layer layer : network.layers()) {
        Reach reach = layer.reach(dimension);
        Step in = steps.get(layer.input());
        boolean own = reach.grid() != reach.pixels();
        if (!own || reach.positions() == 0 || in == Step.GLOBAL) continue;
        long grid = in.by(reach.grid(), 1).pixels();
        period = Math.multiplyExact(period / gcd(period, grid), grid);
        if (period > MAX_PERIOD) throw new ArithmeticException("period");
      }
      sizes = Shapes.multiples(network, dimension, (int) period);
      for (Network.Input input : network.inputs()) {
        if (steps.get(input.name()) == Step.GLOBAL) continue;
        long[] itself = new long[(int) period];
        for (int i = 0; i < itself.length; i++) itself[i] = i;
        sights.put(input.name(), new Sight(itself, itself));
      }
      for (Layer layer : network.layers()) {
        if (steps.get(layer.name()) != Step.GLOBAL) sights.put(layer.name(), sight(layer));
      }
      for (String output : outputs) measure(output);
    }

    private void measure(String output) {
      Step step = steps.get(output);
      everything |= step == Step.GLOBAL || amongAll.contains(output);
      placed &= step != Step.GLOBAL;
      if (step == Step.GLOBAL) return;
      stride = Math.max(stride, (double) step.pixels() / step.positions());
      Sight sight = sights.get(output);
      int n = sight.first().length;
      for (int i = 0; i < n; i++) {
        long from = i * step.pixels() / step.positions();
        long to = Math.max(from, -Math.floorDiv(-(i + 1) * step.pixels(), step.positions()) - 1);
        halo = Math.max(halo, Math.max(from - sight.first()[i], sight.last()[i] - to));
      }
      long around = Math.max(-sight.first()[0], sight.last()[n - 1] - (period - 1));
      alignedHalo = Math.max(alignedHalo, -Math.floorDiv(-around, period) * period);
    }

    private Sight sight(Layer layer) {
      Step step = steps.get(layer.name());
      Reach reach = layer.reach(dimension);
      OptionalInt size = sizeOf(placed(layer, steps));
      long length = period / step.pixels() * step.positions();
      if (length > MAX_PERIOD) throw new ArithmeticException("period");
      long[] first = new long[(int) length];
      long[] last = new long[(int) length];
      for (int i = 0; i < length; i++) {
        first[i] = Long.MAX_VALUE;
        last[i] = Long.MIN_VALUE;
        long from = reach.first(i, size);
        long to = reach.last(i, size);
        for (String input : layer.inputs()) {
          Sight sight = sights.get(input);
          if (sight == null) continue;
          first[i] = Math.min(first[i], sight.first(from, period));
          last[i] = Math.max(last[i], sight.last(to, period));
        }
      }
      return new Sight(first, last);
    }

    /** Along the dimension, if it is known. */
    private OptionalInt sizeOf(String map) {
      return sizes
          .map(all -> OptionalInt.of(all.get(map).space().get(dimension)))
          .orElse(OptionalInt.empty());
    }
  }

  private static long gcd(long a, long b) {
    return b == 0 ? a : gcd(b, a % b);
  }
}
