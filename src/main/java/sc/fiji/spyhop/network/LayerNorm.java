package sc.fiji.spyhop.network;

import com.fasterxml.jackson.annotation.JsonTypeName;
import java.util.List;

/**
 * Layer normalization (Ba et al. 2016) over the channels of each place, as in ConvNeXt: at each
 * place of each sample, or in each vector, channels get mean 0 and variance 1; each channel is then
 * multiplied by a weight and shifted by a bias of its own. It does the same in training and in
 * prediction. Parameters: {@code weight}, {@code bias}, both [channels].
 *
 * @param epsilon added to the variance, in (0, 1)
 */
@JsonTypeName("layer-norm")
public record LayerNorm(String name, String input, int channels, double epsilon) implements Layer {

  /** Refuses fewer than one channel, and an epsilon outside (0, 1). */
  public LayerNorm {
    Checks.names(name, input);
    Checks.positive(name, "channels", channels);
    Checks.range(name, "epsilon", epsilon, epsilon > 0 && epsilon < 1, "in (0, 1)");
  }

  @Override
  public Shape output(Received in) {
    return in.channels(channels);
  }

  @Override
  public List<Parameter> parameters() {
    return List.of(
        Parameter.perChannel(this, "weight", Parameter.Role.SCALE, channels),
        Parameter.perChannel(this, "bias", Parameter.Role.SHIFT, channels));
  }

  @Override
  public LayerNorm renamed(String other, List<String> sources) {
    return new LayerNorm(other, sources.get(0), channels, epsilon);
  }

  @Override
  public LayerNorm withChannels(int count) {
    return new LayerNorm(name, input, count, epsilon);
  }

  @Override
  public String description() {
    return "layer norm";
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.visit(this);
  }
}
