package sc.fiji.spyhop.network;

import com.fasterxml.jackson.annotation.JsonTypeName;
import java.util.List;

/** A function of each value, or of all channels of a position. */
@JsonTypeName("activation")
public record Activation(String name, String input, Function function) implements Layer {

  /** Refuses an empty name or input, and a function that is missing. */
  public Activation {
    Checks.names(name, input);
    Checks.present(name, "function", function);
  }

  @Override
  public boolean rectifies() {
    return function.isRectifier();
  }

  @Override
  public Shape output(Received in) {
    return in.first();
  }

  @Override
  public Activation renamed(String other, List<String> sources) {
    return new Activation(other, sources.get(0), function);
  }

  @Override
  public String description() {
    return Wording.of(function);
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.visit(this);
  }
}
