package sc.fiji.spyhop.network;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.expression.LayerFunction;

/**
 * The shapes that arrive at a layer, and the sentences that refuse those that do not fit. Open
 * sizes stay open.
 */
public final class Received {

  /** A size that does not fit, where another would. */
  static final class SizeException extends SpyhopException {
    private static final long serialVersionUID = 1L;

    SizeException(String message) {
      super(message);
    }
  }

  /** A size of the output made of one of the input. */
  interface Sizing {
    long of(int dimension, int size);
  }

  private final Layer layer;
  private final List<Shape> shapes;
  private final boolean probing;

  /**
   * @param probing whether sizes are only tried: what hangs on the number of features of a
   *     flattened map is ignored
   */
  Received(Layer layer, List<Shape> shapes, boolean probing) {
    this.layer = layer;
    this.shapes = List.copyOf(shapes);
    this.probing = probing;
  }

  /** What arrives first, whatever it is. */
  Shape first() {
    return shapes.get(0);
  }

  /** What arrives, in order. */
  List<Shape> all() {
    return shapes;
  }

  /** The only map. */
  Shape map(int rank) {
    if (first().rank() != rank) {
      throw refused(
          "expected a map with "
              + rank
              + (rank == 1 ? " spatial dimension" : " spatial dimensions")
              + ", received "
              + (first().rank() == 0 ? "a vector of " + first().channels() : first().toString())
              + from(0));
    }
    return first();
  }

  /** The only map, of any dimensions but none. */
  Shape map() {
    return map(Math.max(1, first().rank()));
  }

  /** What arrives first, which must have as many channels. */
  Shape channels(int expected) {
    if (first().channels() != expected) {
      throw refused(
          "expected "
              + expected
              + (expected == 1 ? " channel" : " channels")
              + ", received "
              + first().channels()
              + from(0));
    }
    return first();
  }

  /**
   * The only map, which must be as large as values for its places.
   *
   * @param sizes 1 where they count for all places along a dimension
   */
  Shape placed(List<Integer> sizes) {
    Shape in = map(sizes.size());
    for (int d = 0; d < sizes.size() && !probing; d++) {
      int own = in.space().get(d);
      if (sizes.get(d) == 1 || sizes.get(d) == own) continue;
      throw refused(
          "expected a map of "
              + Shape.sizes(sizes)
              + ", for which its values are, received "
              + in
              + from(0)
              + (own == Shape.ANY ? "; declare the network's input size" : ""));
    }
    return in;
  }

  /** Checks for a vector of so many features. */
  void vector(int features) {
    if (first().rank() > 0) {
      throw refused(
          "expected a vector, received "
              + first()
              + from(0)
              + "; put a flatten or global-pooling layer between");
    }
    if (!probing && first().channels() != features) {
      throw refused("expected " + features + " features, received " + first().channels() + from(0));
    }
  }

  /** What a function makes of all that arrives. */
  Shape function(LayerFunction function) {
    Shape all = broadcast();
    try {
      return all.withChannels(function.channels(shapes.stream().map(Shape::channels).toList()));
    } catch (SpyhopException e) {
      throw refused(e.getMessage() + from(0));
    }
  }

  /** Number of values of the only map. */
  int features() {
    Shape in = map();
    if (probing) return 1;
    if (!in.isFixed()) {
      throw refused(
          "expected a map of fixed size, received "
              + in
              + from(0)
              + "; declare the network's input size");
    }
    long features = in.channels();
    for (int size : in.space()) features = size(features * size);
    return (int) features;
  }

  /** The sizes that all have; an open size takes that of its partner. */
  List<Integer> commonSizes() {
    List<Integer> sizes = first().space();
    for (int i = 1; i < shapes.size(); i++) sizes = common(sizes, 0, i);
    return sizes;
  }

  /**
   * The shape of all together, where one channel counts for all channels of the others, and one
   * value for each channel (a vector, or a map of size 1) for all places.
   */
  Shape broadcast() {
    int channels = 0;
    int largest = 0;
    for (int i = 1; i < shapes.size(); i++) {
      if (shapes.get(i).channels() > shapes.get(channels).channels()) channels = i;
      boolean larger = isOneValue(largest) && shapes.get(i).rank() >= shapes.get(largest).rank();
      if (larger) largest = i;
    }
    for (int i = 0; i < shapes.size(); i++) {
      int own = shapes.get(i).channels();
      if (own != 1 && own != shapes.get(channels).channels()) {
        int before = Math.min(i, channels);
        int after = Math.max(i, channels);
        throw refused(
            "expected equal channels, or one, received "
                + shapes.get(before).channels()
                + from(before)
                + " and "
                + shapes.get(after).channels()
                + from(after));
      }
    }
    List<Integer> sizes = shapes.get(largest).space();
    for (int i = 0; i < shapes.size(); i++) {
      if (!isOneValue(i)) sizes = common(sizes, largest, i);
    }
    return new Shape(shapes.get(channels).channels(), sizes);
  }

  /** The same, which has to be that of the first. */
  Shape broadcastToFirst() {
    Shape all = broadcast();
    for (int i = 1; i < shapes.size(); i++) {
      boolean more = first().channels() < shapes.get(i).channels();
      if (more || isOneValue(0) && !isOneValue(i) || first().rank() < all.rank()) {
        throw refused(
            "expected nothing larger than what it receives first, received "
                + first()
                + from(0)
                + " and "
                + shapes.get(i)
                + from(i));
      }
    }
    return all;
  }

  private boolean isOneValue(int i) {
    return shapes.get(i).space().stream().allMatch(size -> size == 1);
  }

  /** The sizes that two have. */
  private List<Integer> common(List<Integer> sizes, int of, int i) {
    List<Integer> other = shapes.get(i).space();
    if (other.size() != sizes.size()) {
      throw refused(
          "expected equal numbers of dimensions, received "
              + shapes.get(of)
              + from(of)
              + " and "
              + shapes.get(i)
              + from(i));
    }
    List<Integer> common = new ArrayList<>(sizes);
    for (int d = 0; d < common.size(); d++) {
      int a = common.get(d);
      int b = other.get(d);
      if (a == Shape.ANY) {
        common.set(d, b);
      } else if (b != Shape.ANY && a != b) {
        throw refusedSize(
            "expected equal sizes, received "
                + Shape.sizes(shapes.get(of).space())
                + from(of)
                + " and "
                + Shape.sizes(other)
                + from(i));
      }
    }
    return common;
  }

  /** Each size of the first map turned into another. */
  List<Integer> sizes(Sizing sizing) {
    List<Integer> sizes = new ArrayList<>();
    for (int d = 0; d < first().rank(); d++) {
      int size = first().space().get(d);
      sizes.add(size == Shape.ANY ? Shape.ANY : size(sizing.of(d, size)));
    }
    return sizes;
  }

  /** Numbers of windows in the first map. */
  List<Integer> sizes(IntFunction<Windows> windows) {
    return sizes(
        (d, size) -> {
          Windows w = windows.apply(d);
          size(w.extent());
          int count = w.over(size).count();
          if (count > 0) return count;
          throw refusedSize(
              "expected a map of at least "
                  + (w.extent() - w.before() - w.after())
                  + " along dimension "
                  + d
                  + ", received "
                  + Shape.sizes(first().space())
                  + from(0));
        });
  }

  /** A size of the output, if it is not too large. */
  int size(long size) {
    if (size > Integer.MAX_VALUE) {
      throw refused("its output would have a size of " + size + ", more than 2147483647");
    }
    return (int) size;
  }

  /** To be thrown where the padding of an enlarged map cuts all of it off. */
  SizeException nothingLeft() {
    return refusedSize("its padding leaves nothing of " + Shape.sizes(first().space()) + from(0));
  }

  /** To be thrown with a sentence about what arrives. */
  SpyhopException refused(String why) {
    return new SpyhopException("layer " + layer.name() + ": " + why);
  }

  /** To be thrown where another size would do. */
  SizeException refusedSize(String why) {
    return new SizeException("layer " + layer.name() + ": " + why);
  }

  /** Where an input comes from, for the end of a sentence. */
  String from(int i) {
    return " from " + layer.inputs().get(i);
  }
}
