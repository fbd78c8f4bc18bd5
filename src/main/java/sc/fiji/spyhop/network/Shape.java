package sc.fiji.spyhop.network;

import static java.util.stream.Collectors.joining;

import java.util.List;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.expression.Dimensions;

/**
 * Shape of one feature map without its batch axis.
 *
 * @param channels number of channels, or of features if there is no space
 * @param space sizes of the spatial dimensions, slowest first; empty for vectors; {@link #ANY}
 *     where a network accepts every size
 */
public record Shape(int channels, List<Integer> space) {

  /** A spatial size that is left open. */
  public static final int ANY = -1;

  /**
   * Copies the sizes.
   *
   * @throws SpyhopException if there is no channel, or a size is below 1 and not {@link #ANY}
   */
  public Shape {
    if (channels < 1) {
      throw new SpyhopException("shape: expected at least 1 channel, received " + channels);
    }
    space = Checks.list("shape: the list of sizes", space);
    for (int size : space) {
      if (size < 1 && size != ANY) {
        throw new SpyhopException("shape: expected positive sizes, received " + space);
      }
    }
  }

  /** A map, or a vector if no sizes are given; slowest first, such as rows, columns. */
  public static Shape of(int channels, Integer... space) {
    return new Shape(channels, List.of(space));
  }

  /** Number of spatial dimensions; 0 for vectors. */
  public int rank() {
    return space.size();
  }

  /** Whether no size is left open. */
  public boolean isFixed() {
    return !space.contains(ANY);
  }

  /** How many values there are, for one sample; as many places as can be where a size is open. */
  public Dimensions dimensions() {
    long places = 1;
    for (int size : space) {
      places = Math.min(Integer.MAX_VALUE, size == ANY ? Integer.MAX_VALUE : places * size);
    }
    return new Dimensions(1, channels, (int) places);
  }

  /** The same sizes with another number of channels. */
  Shape withChannels(int count) {
    return new Shape(count, space);
  }

  /** As messages and tables show it: {@code "16 x 256 x 256"}, {@code "1 x any x any"}. */
  @Override
  public String toString() {
    return channels + (space.isEmpty() ? "" : " x ") + sizes(space);
  }

  /** As messages say them, such as {@code 64 x 96}. */
  public static String sizes(List<Integer> space) {
    return space.stream().map(s -> s == ANY ? "any" : s.toString()).collect(joining(" x "));
  }
}
