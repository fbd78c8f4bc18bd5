package sc.fiji.spyhop.network;

import com.fasterxml.jackson.annotation.JsonTypeName;
import java.util.List;

/** Joins two or more along channels. */
@JsonTypeName("concat")
public record Concat(String name, List<String> inputs) implements Layer {

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
