package sc.fiji.spyhop.network;

import com.fasterxml.jackson.annotation.JsonTypeName;
import java.util.List;

/**
 * {@code x < 0 ? slope * x : x} with a slope for each channel that is learned (He et al. 2015).
 * Parameter: {@code weight} [channels].
 */
@JsonTypeName("prelu")
public record PRelu(String name, String input, int channels) implements Layer {

  public PRelu {
    Checks.names(name, input);
    Checks.positive(name, "channels", channels);
  }

  @Override
  public Shape output(Received in) {
    return in.channels(channels);
  }

  @Override
  public boolean rectifies() {
    return true;
  }

  @Override
  public List<Parameter> parameters() {
    return List.of(Parameter.perChannel(this, "weight", Parameter.Role.SLOPE, channels));
  }

  @Override
  public PRelu renamed(String other, List<String> sources) {
    return new PRelu(other, sources.get(0), channels);
  }

  @Override
  public PRelu withChannels(int count) {
    return new PRelu(name, input, count);
  }

  @Override
  public String description() {
    return "prelu";
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.visit(this);
  }
}
