package sc.fiji.spyhop.exchange;

import java.util.List;
import java.util.Map;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.network.Shapes;

/** Sizes of small images that a network of open size takes. */
final class ExampleSize {

  /** Side of an image, in pixels, from which on sizes are tried. */
  static final int SIDE = 64;

  private static final int STEP = 32;
  private static final int MAX = 1024;

  private ExampleSize() {}

  /** Side of a square of at least {@link #SIDE}, or of the smallest that it takes. */
  static int side(Network network) {
    for (int side = SIDE; side <= MAX; side += STEP) {
      if (takes(network, side, side)) return side;
    }
    return Math.max(1, Shapes.smallest(network).stream().mapToInt(s -> s).max().orElse(1));
  }

  /** Height and width, which differ if the network takes such images. */
  static List<Integer> of(Network network) {
    int side = side(network);
    for (int width = side + STEP; width <= 2 * side; width += STEP) {
      if (takes(network, side, width)) return List.of(side, width);
    }
    return List.of(side, side);
  }

  private static boolean takes(Network network, int height, int width) {
    Network.Input input = network.inputs().get(0);
    try {
      Shapes.of(network, Map.of(input.name(), Shape.of(input.shape().channels(), height, width)));
      return true;
    } catch (SpyhopException e) {
      return false;
    }
  }
}
