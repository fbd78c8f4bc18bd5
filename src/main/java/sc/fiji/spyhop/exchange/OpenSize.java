package sc.fiji.spyhop.exchange;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.exchange.graph.Imported;
import sc.fiji.spyhop.exchange.graph.Unsupported;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.Pooling;
import sc.fiji.spyhop.network.ReceptiveField;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.network.Shapes;
import sc.fiji.spyhop.util.Strings;

/** Networks that were stored for images of one size, for images of any. */
public final class OpenSize {

  /** Heights and widths that can be halved many times, and have little else in common. */
  private static final List<Integer> ONE_SIZE = List.of(768, 1280);

  private static final List<Integer> OTHER_SIZE = List.of(1792, 1024);

  private static final List<List<Integer>> UNEVEN_SIZES =
      List.of(List.of(1023, 769), List.of(1022, 898));

  /** Sizes up to this one are tried. */
  private static final int MAX_SIZE = 1 << 13;

  private OpenSize() {}

  /**
   * Networks that say something of each pixel, stored for one size only, are convolutions that take
   * any; with what sees all of the image they would be others, and stay as they are.
   *
   * @param notes is told if sizes are left open
   */
  public static Imported opened(Imported imported, List<String> notes) {
    Network network = imported.network();
    if (network.inputs().size() != 1) return imported;
    Shape shape = network.inputs().get(0).shape();
    Map<String, Shape> shapes = Shapes.of(network);
    boolean maps = network.outputs().stream().allMatch(o -> shapes.get(o).rank() == 2);
    if (!shape.isFixed() || shape.rank() != 2 || !maps) return imported;
    Optional<Imported> open = of(imported);
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
   * Reads a network whose operators may compute with the size of images, which is open: for two
   * sizes, if it cannot be read for any. If the layers are the same, they are those for any size.
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
      boolean mayBeWhole = open && read.cut().filter(OpenSize::isOfSize).isPresent();
      return mayBeWhole ? ofAny(reader).filter(i -> i.cut().isEmpty()).orElse(read) : read;
    } catch (SpyhopException e) {
      if (size.isPresent() || !isOfSize(e.getMessage())) throw e;
      return ofAny(reader).orElseThrow(() -> e);
    }
  }

  /** Whether a reason why a network cannot be read may be that sizes are open. */
  private static boolean isOfSize(String reason) {
    return reason.contains(Unsupported.OPEN_SIZE) || reason.contains(Unsupported.RESHAPING);
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
   * The same layers with open height and width.
   *
   * @param imported with one input of a fixed size
   * @return empty if a layer sees all of the image or is made for its size, so that other sizes
   *     would mean something else
   */
  private static Optional<Imported> of(Imported imported) {
    Network network = imported.network();
    Network.Input input = network.inputs().get(0);
    Map<String, Shape> shapes = Shapes.of(network);
    if (network.layers().stream().anyMatch(l -> isWhole(l, shapes.get(l.input())))) {
      return Optional.empty();
    }
    return open(imported).filter(i -> !ReceptiveField.of(i.network()).everything());
  }

  /** The same layers with open height and width; empty if they do not fit each other then. */
  private static Optional<Imported> open(Imported imported) {
    Network network = imported.network();
    Network.Input input = network.inputs().get(0);
    if (network.inputs().size() != 1 || input.shape().rank() != 2) return Optional.empty();
    Shape any = Shape.of(input.shape().channels(), Shape.ANY, Shape.ANY);
    try {
      Network open =
          new Network(
              List.of(new Network.Input(input.name(), any)), network.layers(), network.outputs());
      if (!takesMultiples(open, ReceptiveField.of(open))) return Optional.empty();
      return Optional.of(
          new Imported(
              open, imported.weights(), imported.notes(), imported.values(), imported.cut()));
    } catch (SpyhopException e) {
      return Optional.empty();
    }
  }

  /** Whether it takes images whose sides are multiples of what its layers divide by. */
  private static boolean takesMultiples(Network open, ReceptiveField field) {
    int step = field.sizeMultiple().stream().mapToInt(m -> m).max().orElse(1);
    return IntStream.iterate(step, side -> side <= MAX_SIZE, side -> 2 * side)
        .anyMatch(side -> takes(open, List.of(side, side)));
  }

  /** Whether one window covers all of a map. */
  private static boolean isWhole(Layer layer, Shape received) {
    return layer instanceof Pooling p
        && received.rank() == p.kernel().size()
        && p.kernel().get(0) >= received.space().get(0)
        && p.kernel().get(1) >= received.space().get(1);
  }
}
