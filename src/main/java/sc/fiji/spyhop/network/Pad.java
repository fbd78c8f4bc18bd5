package sc.fiji.spyhop.network;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonTypeName;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import sc.fiji.spyhop.util.Strings;

/**
 * Puts a border around a map, or crops it.
 *
 * @param before how many values are added in front, one number per spatial dimension; below 0: as
 *     many are cut off
 * @param after the same behind
 * @param mode what is added
 */
@JsonTypeName("pad")
public record Pad(String name, String input, List<Integer> before, List<Integer> after, Mode mode)
    implements Layer {

  /** What is added around a map. */
  public enum Mode {
    /** Zeros. */
    @JsonProperty("zeros")
    ZEROS,
    /** Values inside, mirrored at the outermost, which is not repeated. */
    @JsonProperty("reflect")
    REFLECT,
    /** The outermost values, repeated. */
    @JsonProperty("edge")
    EDGE
  }

  private static final int MAX = 65535;

  /** What {@link #source} says of zeros. */
  public static final int ZERO = -1;

  /**
   * Refuses lists of different lengths, or of other than one to three sizes, each from -65535 to
   * 65535.
   */
  public Pad {
    Checks.names(name, input);
    Checks.present(name, "mode", mode);
    before = border(name, "before", before);
    after = border(name, "after", after);
    Checks.range(
        name,
        "as many sizes after as before",
        after.size(),
        after.size() == before.size(),
        "of " + before.size());
  }

  private static List<Integer> border(String name, String what, List<Integer> sizes) {
    Checks.present(name, what, sizes);
    List<Integer> copy = Checks.list("layer " + name + ": " + what, sizes);
    int rank = copy.size();
    Checks.range(name, what, rank, rank >= 1 && rank <= 3, "with one to three sizes");
    for (int size : copy) {
      Checks.range(name, what, size, Math.abs(size) <= MAX, "of at most " + MAX + " values");
    }
    return copy;
  }

  /**
   * Where along a dimension a value comes from.
   *
   * @param at position in the output
   * @param size of the input
   * @return position in the input, or {@link #ZERO}
   */
  public int source(int dimension, int at, int size) {
    int place = at - before.get(dimension);
    if (place >= 0 && place < size) return place;
    return switch (mode) {
      case ZEROS -> ZERO;
      case EDGE -> place < 0 ? 0 : size - 1;
      case REFLECT -> place < 0 ? -place : 2 * (size - 1) - place;
    };
  }

  @Override
  public Shape output(Received in) {
    Shape map = in.map(before.size());
    return new Shape(map.channels(), in.sizes((d, size) -> size(in, d, size)));
  }

  private long size(Received in, int d, int size) {
    long to = (long) before.get(d) + size + after.get(d);
    if (to < 1) throw in.nothingLeft();
    if (mode == Mode.REFLECT && Math.max(before.get(d), after.get(d)) >= size) {
      throw in.refusedSize(
          Strings.format(
              "expected a map of more than %d along dimension %d, to be reflected, received %d%s",
              Math.max(before.get(d), after.get(d)), d, size, in.from(0)));
    }
    return to;
  }

  /** The place itself; what a border repeats lies no further away than that, on the other side. */
  private record Shifted(int by) implements Reach {
    @Override
    public long first(long at, OptionalInt size) {
      return at - by;
    }

    @Override
    public long last(long at, OptionalInt size) {
      return at - by;
    }
  }

  @Override
  public Reach reach(int dimension) {
    return new Shifted(before.get(dimension));
  }

  @Override
  public Pad renamed(String other, List<String> sources) {
    return new Pad(other, sources.get(0), before, after, mode);
  }

  @Override
  public String description() {
    boolean crops = before.stream().allMatch(b -> b <= 0) && after.stream().allMatch(a -> a <= 0);
    String what = crops ? "crop" : "pad " + Wording.of(mode);
    return Strings.format("%s %s before, %s after", what, sizes(before), sizes(after));
  }

  private static String sizes(List<Integer> border) {
    boolean crops = border.stream().allMatch(b -> b <= 0);
    return border.stream()
        .map(b -> Integer.toString(crops ? -b : b))
        .collect(Collectors.joining(" x "));
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.visit(this);
  }
}
