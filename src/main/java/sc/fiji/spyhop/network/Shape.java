package sc.fiji.spyhop.network;

import java.util.List;

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

  public Shape {
    space = List.copyOf(space);
  }

  public static Shape of(int channels, Integer... space) {
    return new Shape(channels, List.of(space));
  }
}
