package sc.fiji.spyhop.network;

import com.fasterxml.jackson.annotation.JsonTypeName;
import java.util.List;

/** Reduces each channel to one number: (N, C, space...) to (N, C). */
@JsonTypeName("global-pooling")
public record GlobalPooling(String name, String input, PoolingKind kind) implements Layer {

  /** Refuses an empty name or input, and a kind that is missing. */
  public GlobalPooling {
    Checks.names(name, input);
    Checks.present(name, "kind", kind);
  }

  @Override
  public Shape output(Received in) {
    return Shape.of(in.map().channels());
  }

  @Override
  public Reach reach(int dimension) {
    return Reach.EVERYTHING;
  }

  @Override
  public GlobalPooling renamed(String other, List<String> sources) {
    return new GlobalPooling(other, sources.get(0), kind);
  }

  @Override
  public String description() {
    return "global " + Wording.of(kind) + " pooling";
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.visit(this);
  }
}
