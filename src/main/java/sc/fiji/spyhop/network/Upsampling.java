package sc.fiji.spyhop.network;

import com.fasterxml.jackson.annotation.JsonTypeName;
import java.util.List;
import java.util.OptionalInt;

/**
 * Enlarges a map.
 *
 * @param factor by how much along each dimension
 */
@JsonTypeName("upsampling")
public record Upsampling(
    String name, String input, List<Integer> factor, Interpolation interpolation) implements Layer {

  /** Refuses factors below 1, and an interpolation that is missing. */
  public Upsampling {
    Checks.names(name, input);
    factor = Checks.sizes(name, "factor", factor);
    Checks.present(name, "interpolation", interpolation);
  }

  @Override
  public Shape output(Received in) {
    Shape map = in.map(factor.size());
    return new Shape(map.channels(), in.sizes((d, size) -> (long) size * factor.get(d)));
  }

  /** A mixture of the two pixels between whose centres the position lies. */
  private record Bilinear(int positions) implements Reach {

    /** Where the centre of a position lies in the input, times twice the factor. */
    private long place(long at) {
      return 2 * at + 1 - positions;
    }

    @Override
    public long first(long at, OptionalInt size) {
      return Math.floorDiv(place(at), 2L * positions);
    }

    @Override
    public long last(long at, OptionalInt size) {
      return -Math.floorDiv(-place(at), 2L * positions);
    }
  }

  @Override
  public Reach reach(int dimension) {
    int times = factor.get(dimension);
    return interpolation == Interpolation.NEAREST ? new Reach.Enlarged(times) : new Bilinear(times);
  }

  @Override
  public Upsampling renamed(String other, List<String> sources) {
    return new Upsampling(other, sources.get(0), factor, interpolation);
  }

  @Override
  public String description() {
    return Wording.of(interpolation) + " upsampling " + Shape.sizes(factor);
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.visit(this);
  }
}
