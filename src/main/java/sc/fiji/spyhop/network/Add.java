package sc.fiji.spyhop.network;

import com.fasterxml.jackson.annotation.JsonTypeName;
import java.util.List;

/** Element-wise sum of two or more of equal shape. */
@JsonTypeName("add")
public record Add(String name, List<String> inputs) implements Layer {

  public Add {
    Checks.name("layer", name);
    inputs = Checks.inputs(name, inputs);
  }

  @Override
  public String input() {
    return inputs.get(0);
  }

  @Override
  public Shape output(Received in) {
    return new Shape(in.commonChannels(), in.commonSizes());
  }

  @Override
  public Add renamed(String other, List<String> sources) {
    return new Add(other, sources);
  }

  @Override
  public String description() {
    return "add";
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.visit(this);
  }
}
