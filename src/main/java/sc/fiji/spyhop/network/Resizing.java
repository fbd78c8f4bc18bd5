package sc.fiji.spyhop.network;

import com.fasterxml.jackson.annotation.JsonTypeName;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.util.Strings;

/**
 * Brings a map to another size, which is a fraction of its own: larger or smaller. Nearest takes
 * the value at {@code floor(position * divisor / factor)}; bilinear mixes the two values around,
 * and averages no more than these where it makes a map smaller.
 *
 * <p>With {@code alignCorners} the outermost values stay in their places, so that which values are
 * mixed depends on the size of the map: what a network with such a layer says of a part of an image
 * differs a little from what it says of the same part of the whole.
 *
 * @param factor by how much sizes are multiplied, one number per spatial dimension
 * @param divisor by how much they are divided; what is multiplied has to be a multiple of it
 * @param alignCorners whether the centres of the outermost values stay where they are ({@code
 *     align_corners} of PyTorch), and not the borders of the map; for bilinear only
 */
@JsonTypeName("resizing")
public record Resizing(
    String name,
    String input,
    List<Integer> factor,
    List<Integer> divisor,
    Interpolation interpolation,
    boolean alignCorners)
    implements Layer {

  private static final int MAX = 1 << 14;

  /**
   * Refuses lists of different lengths, factors that are too large, and aligned corners with
   * another interpolation than bilinear.
   */
  public Resizing {
    Checks.names(name, input);
    factor = Checks.sizes(name, "factor", factor);
    divisor = Checks.sizes(name, "divisor", divisor);
    Checks.range(
        name,
        "as many divisors as factors",
        divisor.size(),
        divisor.size() == factor.size(),
        "of " + factor.size());
    for (int d = 0; d < factor.size(); d++) {
      int larger = Math.max(factor.get(d), divisor.get(d));
      Checks.range(name, "factor and divisor", larger, larger <= MAX, "of at most " + MAX);
    }
    Checks.present(name, "interpolation", interpolation);
    if (alignCorners && interpolation != Interpolation.BILINEAR) {
      throw new SpyhopException(
          "layer " + name + ": only bilinear interpolation has corners to align");
    }
  }

  /**
   * Where along a dimension the centre of a position lies in the input.
   *
   * @param at position in the output
   * @param size of the input
   * @return a position in the input, not always a whole one; it may lie half a position outside
   */
  public double source(int dimension, int at, int size) {
    int times = factor.get(dimension);
    int by = divisor.get(dimension);
    if (interpolation == Interpolation.NEAREST) return Math.floorDiv((long) at * by, (long) times);
    if (!alignCorners) return (at + 0.5) * by / times - 0.5;
    int to = Math.toIntExact((long) size * times / by);
    return to == 1 ? 0 : (double) at * (size - 1) / (to - 1);
  }

  @Override
  public Shape output(Received in) {
    Shape map = in.map(factor.size());
    return new Shape(map.channels(), in.sizes((d, size) -> size(in, d, size)));
  }

  private long size(Received in, int d, int size) {
    long times = (long) size * factor.get(d);
    if (times % divisor.get(d) == 0) return times / divisor.get(d);
    throw in.refusedSize(
        Strings.format(
            "expected a size of which %d/%d is a whole number, received %d%s",
            factor.get(d), divisor.get(d), size, in.from(0)));
  }

  /** With aligned corners a centre lies between two places, whatever the size of the map. */
  private record Sight(int positions, int pixels, boolean nearest, boolean aligned)
      implements Reach {

    @Override
    public long first(long at, OptionalInt size) {
      if (nearest) return Math.floorDiv(at * pixels, (long) positions);
      return aligned
          ? Math.floorDiv(at * pixels + Math.min(0, pixels - positions), (long) positions)
          : Math.floorDiv((2 * at + 1) * pixels - positions, 2L * positions);
    }

    @Override
    public long last(long at, OptionalInt size) {
      if (nearest) return first(at, size);
      return aligned
          ? -Math.floorDiv(-at * pixels - Math.max(0, pixels - positions), (long) positions)
          : -Math.floorDiv(positions - (2 * at + 1) * pixels, 2L * positions);
    }
  }

  @Override
  public Reach reach(int dimension) {
    return new Sight(
        factor.get(dimension),
        divisor.get(dimension),
        interpolation == Interpolation.NEAREST,
        alignCorners);
  }

  @Override
  public Resizing renamed(String other, List<String> sources) {
    return new Resizing(other, sources.get(0), factor, divisor, interpolation, alignCorners);
  }

  @Override
  public String description() {
    String by =
        IntStream.range(0, factor.size())
            .mapToObj(d -> factor.get(d) + (divisor.get(d) == 1 ? "" : "/" + divisor.get(d)))
            .collect(Collectors.joining(" x "));
    return Wording.of(interpolation) + " resize " + by + (alignCorners ? ", corners aligned" : "");
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.visit(this);
  }
}
