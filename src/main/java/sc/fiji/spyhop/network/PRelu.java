package sc.fiji.spyhop.network;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonTypeName;
import java.util.ArrayList;
import java.util.List;
import sc.fiji.spyhop.tensor.Axes;

/**
 * {@code x < 0 ? slope * x : x} with slopes that are learned (He et al. 2015). Parameter: {@code
 * weight} [channels, space...].
 *
 * @param space how many slopes each channel has along each dimension: 1 or, for maps of one size,
 *     as many as there are places; empty for one slope for each channel, whatever the dimensions
 */
@JsonTypeName("prelu")
public record PRelu(
    String name, String input, int channels, @JsonProperty(defaultValue = "[]") List<Integer> space)
    implements Layer {

  /** Refuses fewer than one channel, and sizes below 1. */
  public PRelu {
    Checks.names(name, input);
    Checks.positive(name, "channels", channels);
    Checks.present(name, "space", space);
    space = space.isEmpty() ? List.of() : Checks.sizes(name, "space", space);
  }

  /** With one slope for each channel. */
  public PRelu(String name, String input, int channels) {
    this(name, input, channels, List.of());
  }

  @Override
  public Shape output(Received in) {
    Shape map = in.channels(channels);
    return space.isEmpty() ? map : in.placed(space);
  }

  /** What comes out of a place hangs on where it lies, if each has a slope of its own. */
  @Override
  public Reach reach(int dimension) {
    return space.isEmpty() || space.get(dimension) == 1 ? Reach.ITSELF : Reach.EVERYTHING;
  }

  @Override
  public boolean rectifies() {
    return true;
  }

  @Override
  public List<Parameter> parameters() {
    if (space.isEmpty()) {
      return List.of(Parameter.perChannel(this, "weight", Parameter.Role.SLOPE, channels));
    }
    List<Integer> shape = new ArrayList<>(List.of(channels));
    shape.addAll(space);
    Axes axes = new Axes("C" + "DHW".substring(3 - space.size()));
    return List.of(new Parameter(name + ".weight", name, Parameter.Role.SLOPE, axes, shape));
  }

  @Override
  public PRelu renamed(String other, List<String> sources) {
    return new PRelu(other, sources.get(0), channels, space);
  }

  @Override
  public PRelu withChannels(int count) {
    return new PRelu(name, input, count, space);
  }

  @Override
  public String description() {
    return space.isEmpty() ? "prelu" : "prelu with " + Shape.sizes(space) + " slopes";
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.visit(this);
  }
}
