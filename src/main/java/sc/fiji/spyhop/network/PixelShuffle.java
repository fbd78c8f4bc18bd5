package sc.fiji.spyhop.network;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonTypeName;
import java.util.List;
import java.util.OptionalInt;
import sc.fiji.spyhop.util.Strings;

/**
 * Makes pixels of channels (Shi et al. 2016), or channels of pixels, in the order of PyTorch's
 * {@code PixelShuffle} and {@code PixelUnshuffle}: channel {@code (c * block + row) * block +
 * column} of the one is the pixel in that row and column of each block of channel {@code c} of the
 * other.
 *
 * @param block side of the blocks, in every dimension
 * @param direction which is made of which
 */
@JsonTypeName("pixel-shuffle")
public record PixelShuffle(String name, String input, int block, Direction direction)
    implements Layer {

  /** What is made. */
  public enum Direction {
    /** A larger map of fewer channels. */
    @JsonProperty("to-space")
    TO_SPACE,
    /** A smaller map of more channels. */
    @JsonProperty("to-channels")
    TO_CHANNELS
  }

  private static final int MAX = 64;

  /** Refuses a block that is too small or too large, and a direction that is missing. */
  public PixelShuffle {
    Checks.names(name, input);
    Checks.range(name, "block", block, block >= 1 && block <= MAX, "of 1 to " + MAX);
    Checks.present(name, "direction", direction);
  }

  /** Pixels of a block. */
  private int pixels(Shape map) {
    int pixels = 1;
    for (int d = 0; d < map.rank(); d++) pixels *= block;
    return pixels;
  }

  @Override
  public Shape output(Received in) {
    Shape map = in.map();
    int pixels = pixels(map);
    if (direction == Direction.TO_CHANNELS) {
      List<Integer> sizes = in.sizes((d, size) -> divided(in, d, size));
      return new Shape(in.size((long) map.channels() * pixels), sizes);
    }
    if (map.channels() % pixels != 0) {
      throw in.refused(
          Strings.format(
              "expected channels that are a multiple of %d, received %d%s",
              pixels, map.channels(), in.from(0)));
    }
    return new Shape(map.channels() / pixels, in.sizes((d, size) -> (long) size * block));
  }

  private long divided(Received in, int d, int size) {
    if (size % block == 0) return size / block;
    throw in.refusedSize(
        Strings.format(
            "expected a size that is a multiple of %d along dimension %d, received %d%s",
            block, d, size, in.from(0)));
  }

  private record Blocks(int pixels) implements Reach {
    @Override
    public long first(long at, OptionalInt size) {
      return at * pixels;
    }

    @Override
    public long last(long at, OptionalInt size) {
      return at * pixels + pixels - 1;
    }
  }

  @Override
  public Reach reach(int dimension) {
    return direction == Direction.TO_SPACE ? new Reach.Enlarged(block) : new Blocks(block);
  }

  @Override
  public PixelShuffle renamed(String other, List<String> sources) {
    return new PixelShuffle(other, sources.get(0), block, direction);
  }

  @Override
  public String description() {
    return direction == Direction.TO_SPACE
        ? Strings.format("blocks of %d x %d pixels out of channels", block, block)
        : Strings.format("channels out of blocks of %d x %d pixels", block, block);
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.visit(this);
  }
}
