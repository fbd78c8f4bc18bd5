package sc.fiji.spyhop.network;

import com.fasterxml.jackson.annotation.JsonTypeName;
import java.util.List;

/**
 * Batch normalisation per channel (Ioffe and Szegedy 2015). Parameters: {@code weight}, {@code
 * bias}, {@code running_mean}, {@code running_var}, all [channels].
 *
 * @param momentum share of the running statistics kept at each training step, in [0, 1); the biased
 *     batch variance is averaged
 */
@JsonTypeName("batch-norm")
public record BatchNorm(String name, String input, int channels, double epsilon, double momentum)
    implements Layer {

  /** Refuses fewer than one channel, an epsilon outside (0, 1) and a momentum outside [0, 1). */
  public BatchNorm {
    Checks.names(name, input);
    Checks.positive(name, "channels", channels);
    Checks.range(name, "epsilon", epsilon, epsilon > 0 && epsilon < 1, "in (0, 1)");
    Checks.range(name, "momentum", momentum, momentum >= 0 && momentum < 1, "in [0, 1)");
  }

  @Override
  public Shape output(Received in) {
    return in.channels(channels);
  }

  @Override
  public List<Parameter> parameters() {
    return List.of(
        Parameter.perChannel(this, "weight", Parameter.Role.SCALE, channels),
        Parameter.perChannel(this, "bias", Parameter.Role.SHIFT, channels),
        Parameter.perChannel(this, "running_mean", Parameter.Role.RUNNING_MEAN, channels),
        Parameter.perChannel(this, "running_var", Parameter.Role.RUNNING_VARIANCE, channels));
  }

  @Override
  public BatchNorm renamed(String other, List<String> sources) {
    return new BatchNorm(other, sources.get(0), channels, epsilon, momentum);
  }

  @Override
  public BatchNorm withChannels(int count) {
    return new BatchNorm(name, input, count, epsilon, momentum);
  }

  @Override
  public String description() {
    return "batch norm";
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.visit(this);
  }
}
