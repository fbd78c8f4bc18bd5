package sc.fiji.spyhop.network;

import com.fasterxml.jackson.annotation.JsonTypeName;
import java.util.List;

/**
 * Element-wise product of two or more. Each after the first has the shape of the first; or one
 * value for each channel (a vector, or a map of size 1), by which the whole channel is multiplied,
 * as in squeeze-and-excitation (Hu et al. 2018); or one channel, by which all are multiplied place
 * by place, as in attention gates (Oktay et al. 2018).
 */
@JsonTypeName("multiply")
public record Multiply(String name, List<String> inputs) implements Layer {

  /** Refuses an empty name, and fewer than two inputs. */
  public Multiply {
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
  public Multiply renamed(String other, List<String> sources) {
    return new Multiply(other, sources);
  }

  @Override
  public String description() {
    return "multiply";
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.visit(this);
  }
}
