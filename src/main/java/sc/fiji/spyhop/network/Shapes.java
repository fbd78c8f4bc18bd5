package sc.fiji.spyhop.network;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.network.Received.SizeException;

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
   * @return sizes in pixels, slowest dimension first
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
   *
   * @param received shapes of what feeds it, one for each of its inputs
   */
  public static Shape after(Layer layer, List<Shape> received) {
    return layer.output(new Received(layer, received, false));
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
      shapes.put(layer.name(), layer.output(new Received(layer, received, probing)));
    }
    return Collections.unmodifiableMap(shapes);
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
