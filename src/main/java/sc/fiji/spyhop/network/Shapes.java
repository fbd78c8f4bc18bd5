package sc.fiji.spyhop.network;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntToLongFunction;
import java.util.stream.IntStream;
import sc.fiji.spyhop.SpyhopException;

/**
 * Infers the shape of every feature map and checks that the layers of a network fit each other. An
 * open size ({@link Shape#ANY}) stays open through every layer. Works in any number of spatial
 * dimensions.
 */
public final class Shapes {

  /** Largest size tried when looking for sizes that would fit. */
  private static final int SEARCH_LIMIT = 2048;

  private Shapes() {}

  /**
   * Shapes for the sizes the network declares.
   *
   * @return by name, inputs first, then layers in order
   * @throws SpyhopException naming the layer that does not fit
   */
  public static Map<String, Shape> of(Network network) {
    Map<String, Shape> declared = new LinkedHashMap<>();
    network.inputs().forEach(i -> declared.put(i.name(), i.shape()));
    return of(network, declared);
  }

  /**
   * Shapes for given inputs.
   *
   * @param inputs one for every input of the network; channels and fixed sizes as declared
   * @return by name, inputs first, then layers in order
   * @throws SpyhopException naming the input or layer that does not fit; if sizes are the reason,
   *     it also names sizes that would do
   */
  public static Map<String, Shape> of(Network network, Map<String, Shape> inputs) {
    checkInputs(network, inputs);
    try {
      return infer(network, inputs, false);
    } catch (SizeException e) {
      throw new SpyhopException(e.getMessage() + advice(network, inputs), e);
    }
  }

  /**
   * The smallest input size along each spatial dimension that every layer can work with, at least
   * 1. Where the network declares a size, that size. All inputs are taken to be of equal size.
   *
   * @throws SpyhopException if layers do not fit each other whatever the size
   */
  public static List<Integer> smallest(Network network) {
    of(network);
    Shape first = network.inputs().get(0).shape();
    List<Integer> sizes = new ArrayList<>();
    for (int d = 0; d < first.rank(); d++) {
      int declared = first.space().get(d);
      if (declared == Shape.ANY) {
        int dimension = d;
        declared =
            firstFitting(network, d, 1, 1)
                .orElseThrow(
                    () ->
                        new SpyhopException(
                            "network: no input size up to "
                                + SEARCH_LIMIT
                                + " along dimension "
                                + dimension
                                + " fits all layers"));
      }
      sizes.add(declared);
    }
    return List.copyOf(sizes);
  }

  /**
   * Shape of one layer's output. Works on whatever arrives; checks that it is what was expected.
   */
  static Shape after(Layer layer, List<Shape> received) {
    return infer(layer, received, false);
  }

  /**
   * Shapes for the size that the network declares along a dimension, or else for one that is a
   * multiple of something and fits; other dimensions are left open. Empty if there is none.
   */
  static Optional<Map<String, Shape>> multiples(Network network, int dimension, int of) {
    List<Integer> declared = network.inputs().get(0).shape().space();
    if (dimension < declared.size() && declared.get(dimension) != Shape.ANY) {
      return Optional.of(of(network));
    }
    for (int n = of; n < SEARCH_LIMIT * (long) of; n *= 2) {
      try {
        return Optional.of(infer(network, sized(network, dimension, n), true));
      } catch (SizeException e) {
        if (n > Integer.MAX_VALUE / 2) break;
      }
    }
    return Optional.empty();
  }

  private static void checkInputs(Network network, Map<String, Shape> inputs) {
    for (Network.Input input : network.inputs()) {
      Shape given = inputs.get(input.name());
      if (given == null) {
        throw new SpyhopException(
            "input " + input.name() + ": expected " + input.shape() + ", received nothing");
      }
      Shape declared = input.shape();
      boolean fits =
          given.channels() == declared.channels()
              && given.rank() == declared.rank()
              && IntStream.range(0, given.rank())
                  .allMatch(
                      i ->
                          declared.space().get(i) == Shape.ANY
                              || declared.space().get(i).equals(given.space().get(i)));
      if (!fits) {
        throw new SpyhopException(
            "input "
                + input.name()
                + ": expected "
                + declared
                + ", received "
                + given
                + " (channels, then sizes)");
      }
    }
    for (String name : inputs.keySet()) {
      if (network.inputs().stream().noneMatch(i -> i.name().equals(name))) {
        throw new SpyhopException("network: has no input named " + name);
      }
    }
  }

  /**
   * @param probing ignore what hangs on the number of features of a flattened map
   */
  private static Map<String, Shape> infer(
      Network network, Map<String, Shape> inputs, boolean probing) {
    Map<String, Shape> shapes = new LinkedHashMap<>();
    network.inputs().forEach(i -> shapes.put(i.name(), inputs.get(i.name())));
    for (Layer layer : network.layers()) {
      List<Shape> received = layer.inputs().stream().map(shapes::get).toList();
      shapes.put(layer.name(), infer(layer, received, probing));
    }
    return Collections.unmodifiableMap(shapes);
  }

  private static Shape infer(Layer layer, List<Shape> received, boolean probing) {
    Shape in = received.get(0);
    if (layer instanceof Layer.Convolution l) {
      checkMap(l, in, l.kernel().size());
      checkChannels(l, l.channels(), in);
      return new Shape(
          l.filters(),
          windows(l, in, d -> Windows.extent(l, d), (d, size) -> Windows.of(l, d, size)));
    } else if (layer instanceof Layer.TransposedConvolution l) {
      checkMap(l, in, l.kernel().size());
      checkChannels(l, l.channels(), in);
      return new Shape(l.filters(), enlarged(l, in));
    } else if (layer instanceof Layer.BatchNorm l) {
      checkChannels(l, l.channels(), in);
      return in;
    } else if (layer instanceof Layer.Activation
        || layer instanceof Layer.Dropout
        || layer instanceof Layer.LocalResponseNorm) {
      return in;
    } else if (layer instanceof Layer.PRelu l) {
      checkChannels(l, l.channels(), in);
      return in;
    } else if (layer instanceof Layer.Pooling l) {
      checkMap(l, in, l.kernel().size());
      return new Shape(
          in.channels(),
          windows(l, in, d -> l.kernel().get(d), (d, size) -> Windows.of(l, d, size)));
    } else if (layer instanceof Layer.GlobalPooling l) {
      checkMap(l, in, Math.max(1, in.rank()));
      return Shape.of(in.channels());
    } else if (layer instanceof Layer.Upsampling l) {
      checkMap(l, in, l.factor().size());
      List<Integer> sizes = new ArrayList<>();
      for (int i = 0; i < in.rank(); i++) {
        long size = in.space().get(i);
        sizes.add(size == Shape.ANY ? Shape.ANY : size(l, size * l.factor().get(i)));
      }
      return new Shape(in.channels(), sizes);
    } else if (layer instanceof Layer.Dense l) {
      return dense(l, in, probing);
    } else if (layer instanceof Layer.Concat l) {
      long channels = received.stream().mapToLong(Shape::channels).sum();
      return new Shape(size(l, channels), common(l, received));
    } else if (layer instanceof Layer.Add l) {
      checkEqualChannels(l, received);
      return new Shape(in.channels(), common(l, received));
    } else if (layer instanceof Layer.Multiply l) {
      checkEqualChannels(l, received);
      List<Shape> whole = received.stream().map(s -> isOneValue(s) ? in : s).toList();
      return new Shape(in.channels(), common(l, whole));
    } else if (layer instanceof Layer.Flatten l) {
      return flatten(l, in, probing);
    }
    throw new AssertionError(layer);
  }

  private static Shape dense(Layer.Dense l, Shape in, boolean probing) {
    if (in.rank() > 0) {
      throw new SpyhopException(
          at(l)
              + "expected a vector, received "
              + in
              + from(l, 0)
              + "; put a flatten or global-pooling layer between");
    }
    if (!probing && in.channels() != l.features()) {
      throw new SpyhopException(
          at(l) + "expected " + l.features() + " features, received " + in.channels() + from(l, 0));
    }
    return Shape.of(l.units());
  }

  private static Shape flatten(Layer.Flatten l, Shape in, boolean probing) {
    checkMap(l, in, Math.max(1, in.rank()));
    if (probing) return Shape.of(1);
    if (!in.isFixed()) {
      throw new SpyhopException(
          at(l)
              + "expected a map of fixed size, received "
              + in
              + from(l, 0)
              + "; declare the network's input size");
    }
    long features = in.channels();
    for (int size : in.space()) features = size(l, features * size);
    return Shape.of((int) features);
  }

  /** Whether each channel has a single value. */
  private static boolean isOneValue(Shape shape) {
    return shape.space().stream().allMatch(size -> size == 1);
  }

  private interface Placing {
    Windows of(int dimension, int size);
  }

  private static List<Integer> windows(
      Layer layer, Shape in, IntToLongFunction extent, Placing placing) {
    List<Integer> sizes = new ArrayList<>();
    for (int d = 0; d < in.rank(); d++) {
      int size = in.space().get(d);
      if (size == Shape.ANY) {
        sizes.add(Shape.ANY);
        continue;
      }
      if (extent.applyAsLong(d) > Integer.MAX_VALUE) size(layer, extent.applyAsLong(d));
      Windows windows = placing.of(d, size);
      if (windows.count() < 1) {
        throw new SizeException(
            at(layer)
                + "expected a map of at least "
                + (extent.applyAsLong(d) - windows.before() - windows.after())
                + " along dimension "
                + d
                + ", received "
                + Shape.sizes(in.space())
                + from(layer, 0));
      }
      sizes.add(windows.count());
    }
    return sizes;
  }

  private static List<Integer> enlarged(Layer.TransposedConvolution l, Shape in) {
    List<Integer> sizes = new ArrayList<>();
    for (int i = 0; i < in.rank(); i++) {
      long size = in.space().get(i);
      long s = l.stride().get(i);
      long out = (size - 1) * s + l.kernel().get(i);
      if (l.padding() == Layer.Padding.SAME) out = size * s;
      if (l.padding() instanceof Layer.Padding.Explicit e) {
        out -= e.before().get(i) + e.after().get(i);
      }
      if (size != Shape.ANY && out < 1) {
        throw new SizeException(
            at(l) + "its padding leaves nothing of " + Shape.sizes(in.space()) + from(l, 0));
      }
      sizes.add(size == Shape.ANY ? Shape.ANY : size(l, out));
    }
    return sizes;
  }

  /** The sizes all share; an open size takes that of its partner. */
  private static List<Integer> common(Layer layer, List<Shape> received) {
    List<Integer> common = new ArrayList<>(received.get(0).space());
    for (int i = 1; i < received.size(); i++) {
      List<Integer> other = received.get(i).space();
      if (other.size() != common.size()) {
        throw new SpyhopException(
            at(layer)
                + "expected equal numbers of dimensions, received "
                + received.get(0)
                + from(layer, 0)
                + " and "
                + received.get(i)
                + from(layer, i));
      }
      for (int d = 0; d < common.size(); d++) {
        int a = common.get(d);
        int b = other.get(d);
        if (a == Shape.ANY) {
          common.set(d, b);
        } else if (b != Shape.ANY && a != b) {
          throw new SizeException(
              at(layer)
                  + "expected equal sizes, received "
                  + Shape.sizes(received.get(0).space())
                  + from(layer, 0)
                  + " and "
                  + Shape.sizes(other)
                  + from(layer, i));
        }
      }
    }
    return common;
  }

  private static void checkMap(Layer layer, Shape in, int rank) {
    if (in.rank() != rank) {
      throw new SpyhopException(
          at(layer)
              + "expected a map with "
              + rank
              + (rank == 1 ? " spatial dimension" : " spatial dimensions")
              + ", received "
              + (in.rank() == 0 ? "a vector of " + in.channels() : in.toString())
              + from(layer, 0));
    }
  }

  private static void checkEqualChannels(Layer l, List<Shape> received) {
    Shape in = received.get(0);
    for (int i = 1; i < received.size(); i++) {
      if (received.get(i).channels() != in.channels()) {
        throw new SpyhopException(
            at(l)
                + "expected equal channels, received "
                + in.channels()
                + from(l, 0)
                + " and "
                + received.get(i).channels()
                + from(l, i));
      }
    }
  }

  private static void checkChannels(Layer layer, int expected, Shape in) {
    if (in.channels() != expected) {
      throw new SpyhopException(
          at(layer)
              + "expected "
              + expected
              + (expected == 1 ? " channel" : " channels")
              + ", received "
              + in.channels()
              + from(layer, 0));
    }
  }

  private static int size(Layer layer, long size) {
    if (size > Integer.MAX_VALUE) {
      throw new SpyhopException(
          at(layer) + "its output would have a size of " + size + ", more than 2147483647");
    }
    return (int) size;
  }

  private static String at(Layer layer) {
    return "layer " + layer.name() + ": ";
  }

  private static String from(Layer layer, int i) {
    return " from " + layer.inputs().get(i);
  }

  /** A size that does not fit, where another would. */
  private static final class SizeException extends SpyhopException {
    private static final long serialVersionUID = 1L;

    SizeException(String message) {
      super(message);
    }
  }

  private static String advice(Network network, Map<String, Shape> inputs) {
    List<Integer> given = inputs.get(network.inputs().get(0).name()).space();
    List<Integer> smallest = new ArrayList<>();
    List<String> fitting = new ArrayList<>();
    boolean tooSmall = false;
    for (int d = 0; d < given.size(); d++) {
      Optional<Integer> least = firstFitting(network, d, 1, 1);
      if (least.isEmpty()) return "; no input size up to " + SEARCH_LIMIT + " fits this network";
      smallest.add(least.get());
      int size = given.get(d);
      if (size == Shape.ANY) {
        fitting.add("any");
        continue;
      }
      tooSmall |= size < least.get();
      String below = firstFitting(network, d, size, -1).map(s -> s + " or ").orElse("");
      String above = firstFitting(network, d, size + 1, 1).map(Object::toString).orElse("smaller");
      fitting.add(firstFitting(network, d, size, 0).map(Object::toString).orElse(below + above));
    }
    return tooSmall
        ? "; the smallest input is " + Shape.sizes(smallest)
        : "; input sizes that fit: " + String.join(" x ", fitting);
  }

  /** First size along a dimension that fits all layers, the other dimensions left open. */
  private static Optional<Integer> firstFitting(Network network, int dimension, int from, int by) {
    for (int n = from; n > 0 && Math.abs((long) n - from) < SEARCH_LIMIT; n += by) {
      try {
        infer(network, sized(network, dimension, n), true);
        return Optional.of(n);
      } catch (SizeException e) {
        if (by == 0) break;
      }
    }
    return Optional.empty();
  }

  private static Map<String, Shape> sized(Network network, int dimension, int size) {
    Map<String, Shape> sized = new LinkedHashMap<>();
    for (Network.Input input : network.inputs()) {
      List<Integer> sizes = new ArrayList<>(Collections.nCopies(input.shape().rank(), Shape.ANY));
      if (dimension < sizes.size()) sizes.set(dimension, size);
      sized.put(input.name(), new Shape(input.shape().channels(), sizes));
    }
    return sized;
  }
}
