package sc.fiji.spyhop.exchange;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.exchange.graph.Imported;
import sc.fiji.spyhop.exchange.graph.NoLayerException;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.Pooling;
import sc.fiji.spyhop.network.ReceptiveField;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.network.Shapes;
import sc.fiji.spyhop.util.Strings;

/** Sizes of images that networks take which say something about each pixel. */
public final class SizeOfImages {

  /** Heights and widths that can be halved many times, and have little else in common. */
  private static final List<Integer> ONE_SIZE = List.of(768, 1280);

  private static final List<Integer> OTHER_SIZE = List.of(1792, 1024);

  private static final List<List<Integer>> UNEVEN_SIZES =
      List.of(List.of(1023, 769), List.of(1022, 898));

  /** Sizes up to this one are tried. */
  private static final int MAX_SIZE = 1 << 13;

  private SizeOfImages() {}

  /**
   * Reads a network whose operators may compute with the size of images, which is open: if it
   * cannot be read for any, for two sizes. If the layers are the same, they are those for any size.
   *
   * @param reader reads it for images of some height and width
   * @param size height and width; empty: any
   * @throws SpyhopException as the reader does
   */
  static Imported read(
      Function<Optional<List<Integer>>, Imported> reader, Optional<List<Integer>> size) {
    try {
      Imported read = reader.apply(size);
      boolean open = !read.network().inputs().get(0).shape().isFixed();
      return open && read.cut().isPresent()
          ? ofAny(reader).filter(i -> i.cut().isEmpty()).orElse(read)
          : read;
    } catch (NoLayerException e) {
      if (!e.mayHangOnSize()) throw e;
      if (size.isPresent()) throw unfitting(reader, size.get(), e);
      return ofAny(reader).orElseThrow(() -> e);
    }
  }

  /** Why it cannot be read for a size: if it can for others, the size is the reason. */
  private static SpyhopException unfitting(
      Function<Optional<List<Integer>>, Imported> reader,
      List<Integer> size,
      NoLayerException why) {
    boolean takesOthers = ofAny(reader).isPresent();
    try {
      takesOthers |= reader.apply(Optional.empty()).cut().isEmpty();
    } catch (SpyhopException e) {
      // then it is not the size
    }
    return takesOthers
        ? new SpyhopException(
            Strings.format(
                "Preprocessing: a size of %s pixels (rows x columns) does not suit the network; try one that can be halved several times, such as 256 x 256.",
                Shape.sizes(size)),
            why)
        : why;
  }

  private static Optional<Imported> ofAny(Function<Optional<List<Integer>>, Imported> reader) {
    try {
      Imported one = reader.apply(Optional.of(ONE_SIZE));
      Imported other = reader.apply(Optional.of(OTHER_SIZE));
      boolean same = one.network().layers().equals(other.network().layers());
      return same ? open(one).filter(o -> isMap(o) || isForAll(o, reader)) : Optional.empty();
    } catch (SpyhopException e) {
      return Optional.empty();
    }
  }

  /** Whether it says something of each place: then images are brought to multiples. */
  private static boolean isMap(Imported imported) {
    Map<String, Shape> shapes = Shapes.of(imported.network());
    return imported.network().outputs().stream().allMatch(o -> shapes.get(o).rank() > 0);
  }

  /** Whether its layers are also those for sizes that leave remainders, as far as it takes them. */
  private static boolean isForAll(
      Imported open, Function<Optional<List<Integer>>, Imported> reader) {
    return UNEVEN_SIZES.stream()
        .filter(size -> takes(open.network(), size))
        .allMatch(
            size ->
                reader.apply(Optional.of(size)).network().layers().equals(open.network().layers()));
  }

  private static boolean takes(Network network, List<Integer> size) {
    Network.Input input = network.inputs().get(0);
    try {
      Shapes.of(network, Map.of(input.name(), new Shape(input.shape().channels(), size)));
      return true;
    } catch (SpyhopException e) {
      return false;
    }
  }

  /**
   * Of what was stored for one size only, convolutions take any. With layers that see all of the
   * image they would be others: they keep their size, and images are shown to them in parts of it.
   *
   * @param asked height and width of these parts; empty: any, if that is possible
   * @param notes is told if sizes are left open
   * @throws SpyhopException if layers are made for another size than is asked for
   */
  public static Imported fitting(
      Imported imported, Optional<List<Integer>> asked, List<String> notes) {
    Network network = imported.network();
    if (network.inputs().size() != 1) return imported;
    Shape shape = network.inputs().get(0).shape();
    Map<String, Shape> shapes = Shapes.of(network);
    boolean maps = network.outputs().stream().allMatch(o -> shapes.get(o).rank() == 2);
    if (shape.rank() != 2 || !maps) return imported;
    if (asked.isPresent()) return of(imported, shape, asked.get());
    if (!shape.isFixed()) return imported;
    Optional<Imported> open = opened(imported);
    if (open.isPresent()) {
      notes.add(
          Strings.format(
              "The weights are for images of %d x %d pixels (rows x columns); their layers take any"
                  + " size, and are shown images of any size.",
              shape.space().get(0), shape.space().get(1)));
    }
    return open.orElse(imported);
  }

  /**
   * The same layers with open height and width.
   *
   * @param imported with one input of a fixed size
   * @return empty if a layer sees all of the image or is made for its size, so that other sizes
   *     would mean something else
   */
  private static Optional<Imported> opened(Imported imported) {
    Network network = imported.network();
    Map<String, Shape> shapes = Shapes.of(network);
    if (network.layers().stream().anyMatch(l -> isWhole(l, shapes.get(l.input())))) {
      return Optional.empty();
    }
    return open(imported).filter(i -> !ReceptiveField.of(i.network()).everything());
  }

  /** The same layers with open height and width; empty if they do not fit each other then. */
  private static Optional<Imported> open(Imported imported) {
    Network network = imported.network();
    if (network.inputs().size() != 1 || network.inputs().get(0).shape().rank() != 2) {
      return Optional.empty();
    }
    try {
      Imported open = of(imported, List.of(Shape.ANY, Shape.ANY));
      return takesMultiples(open.network()) ? Optional.of(open) : Optional.empty();
    } catch (SpyhopException e) {
      return Optional.empty();
    }
  }

  /** Whether it takes images whose sides are multiples of what its layers divide by. */
  private static boolean takesMultiples(Network open) {
    int step = Collections.max(ReceptiveField.of(open).sizeMultiple());
    return IntStream.iterate(step, side -> side <= MAX_SIZE, side -> 2 * side)
        .anyMatch(side -> takes(open, List.of(side, side)));
  }

  private static Imported of(Imported imported, Shape shape, List<Integer> asked) {
    if (shape.space().equals(asked)) return imported;
    try {
      Imported sized = of(imported, asked);
      Shapes.of(sized.network());
      return sized;
    } catch (SpyhopException e) {
      throw new SpyhopException(
          Strings.format(
              "Preprocessing: a size of %s pixels (rows x columns) does not suit the network, which takes %s: %s.",
              Shape.sizes(asked), Shape.sizes(shape.space()), e.getMessage()),
          e);
    }
  }

  /** The same layers for images of another size. */
  private static Imported of(Imported imported, List<Integer> space) {
    Network network = imported.network();
    Network.Input input = network.inputs().get(0);
    Shape shape = new Shape(input.shape().channels(), space);
    Network sized =
        new Network(
            List.of(new Network.Input(input.name(), shape)), network.layers(), network.outputs());
    return new Imported(
        sized, imported.weights(), imported.notes(), imported.values(), imported.cut());
  }

  /** Whether one window covers all of a map. */
  private static boolean isWhole(Layer layer, Shape received) {
    return layer instanceof Pooling p
        && received.rank() == p.kernel().size()
        && p.kernel().get(0) >= received.space().get(0)
        && p.kernel().get(1) >= received.space().get(1);
  }
}
