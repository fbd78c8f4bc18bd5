package sc.fiji.spyhop.network;

import com.fasterxml.jackson.annotation.JsonTypeName;
import java.util.List;

/**
 * Element-wise sum of two or more. Each after the first has the shape of the first; or one value
 * for each channel (a vector, or a map of size 1), which is added to the whole channel; or one
 * channel, which is added to all.
 */
@JsonTypeName("add")
public record Add(String name, List<String> inputs) implements Layer {

  /** Refuses an empty name, and fewer than two inputs. */
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
    return in.broadcastToFirst();
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
