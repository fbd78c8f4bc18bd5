package sc.fiji.spyhop.network;

import com.fasterxml.jackson.annotation.JsonTypeName;
import java.util.List;

/**
 * Fully connected. Parameters: {@code weight} [units, features] and {@code bias} [units].
 *
 * @param features length of the vector it expects
 */
@JsonTypeName("dense")
public record Dense(String name, String input, int features, int units, boolean bias)
    implements Weighted {

  /** Refuses fewer than one feature or unit. */
  public Dense {
    Checks.names(name, input);
    Checks.positive(name, "features", features);
    Checks.positive(name, "units", units);
  }

  @Override
  public Shape output(Received in) {
    in.vector(features);
    return Shape.of(units);
  }

  @Override
  public Reach reach(int dimension) {
    return Reach.EVERYTHING;
  }

  @Override
  public List<Parameter> parameters() {
    return Parameter.kernelAndBias(this, "OI", units, features, List.of(), units);
  }

  @Override
  public double fanIn() {
    return features;
  }

  @Override
  public double fanOut() {
    return units;
  }

  @Override
  public Dense renamed(String other, List<String> sources) {
    return new Dense(other, sources.get(0), features, units, bias);
  }

  @Override
  public Dense withChannels(int count) {
    return new Dense(name, input, count, units, bias);
  }

  @Override
  public Dense withOutputs(int count) {
    return new Dense(name, input, features, count, bias);
  }

  @Override
  public String description() {
    return "dense";
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.visit(this);
  }
}
