package sc.fiji.spyhop.network;

import com.fasterxml.jackson.annotation.JsonTypeName;
import java.util.List;

/**
 * Dropout while training, the identity otherwise; kept values are scaled by 1 / (1 - rate).
 *
 * @param rate share of values set to zero, in [0, 1)
 */
@JsonTypeName("dropout")
public record Dropout(String name, String input, double rate) implements Layer {

  /** Refuses a rate outside [0, 1). */
  public Dropout {
    Checks.names(name, input);
    Checks.range(name, "rate", rate, rate >= 0 && rate < 1, "in [0, 1)");
  }

  @Override
  public Shape output(Received in) {
    return in.first();
  }

  @Override
  public Dropout renamed(String other, List<String> sources) {
    return new Dropout(other, sources.get(0), rate);
  }

  @Override
  public String description() {
    return "dropout " + rate;
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.visit(this);
  }
}
