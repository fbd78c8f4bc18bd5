package sc.fiji.spyhop.network;

import com.fasterxml.jackson.annotation.JsonTypeName;
import java.util.List;

/** (N, C, space...) to (N, C * space), channel slowest. */
@JsonTypeName("flatten")
public record Flatten(String name, String input) implements Layer {

  /** Refuses an empty name or input. */
  public Flatten {
    Checks.names(name, input);
  }

  @Override
  public Shape output(Received in) {
    return Shape.of(in.features());
  }

  @Override
  public Reach reach(int dimension) {
    return Reach.EVERYTHING;
  }

  @Override
  public Flatten renamed(String other, List<String> sources) {
    return new Flatten(other, sources.get(0));
  }

  @Override
  public String description() {
    return "flatten";
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.visit(this);
  }
}
