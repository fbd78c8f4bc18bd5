package sc.fiji.spyhop.network;

import com.fasterxml.jackson.annotation.JsonTypeName;
import java.util.List;
import sc.fiji.spyhop.util.Strings;

/** Joins two or more along channels. */
@JsonTypeName("concat")
public record Concat(String name, List<String> inputs) implements Layer {

  /** Channels of a map: joined again and again, a few layers would fill any memory. */
  private static final int MAX_CHANNELS = 1 << 15;

  /** Refuses an empty name, and fewer than two inputs. */
  public Concat {
    Checks.name("layer", name);
    inputs = Checks.inputs(name, inputs);
  }

  @Override
  public String input() {
    return inputs.get(0);
  }

  @Override
  public Shape output(Received in) {
    long channels = in.all().stream().mapToLong(Shape::channels).sum();
    if (channels > MAX_CHANNELS && in.first().rank() > 0) {
      throw in.refused(
          Strings.format(
              "its output would have %d channels, more than %d", channels, MAX_CHANNELS));
    }
    return new Shape(in.size(channels), in.commonSizes());
  }

  @Override
  public Concat renamed(String other, List<String> sources) {
    return new Concat(other, sources);
  }

  @Override
  public String description() {
    return "concat";
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.visit(this);
  }
}
