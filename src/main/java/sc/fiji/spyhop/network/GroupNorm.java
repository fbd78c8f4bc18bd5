package sc.fiji.spyhop.network;

import com.fasterxml.jackson.annotation.JsonTypeName;
import java.math.BigInteger;
import java.util.List;

/**
 * Group normalization (Wu and He 2018): channels are divided into groups of neighbours, and the
 * values of each group of each sample, at all places together, get mean 0 and variance 1; each
 * channel is then multiplied by a weight and shifted by a bias of its own. With as many groups as
 * channels it is instance normalization (Ulyanov et al. 2016), with one group layer normalization
 * of a whole map. It does the same in training and in prediction. Parameters: {@code weight},
 * {@code bias}, both [channels].
 *
 * <p>Each place keeps its position, but what is said of it hangs on all of the map: on part of an
 * image it gives other values than on the whole.
 *
 * @param groups divides the number of channels
 * @param epsilon added to the variance, in (0, 1)
 */
@JsonTypeName("group-norm")
public record GroupNorm(String name, String input, int channels, int groups, double epsilon)
    implements Layer {

  /** Refuses groups that do not divide the channels, and an epsilon outside (0, 1). */
  public GroupNorm {
    Checks.names(name, input);
    Checks.positive(name, "channels", channels);
    Checks.positive(name, "groups", groups);
    Checks.divides(name, groups, "channels", channels);
    Checks.range(name, "epsilon", epsilon, epsilon > 0 && epsilon < 1, "in (0, 1)");
  }

  /** Whether each channel is normalized by itself. */
  public boolean isInstanceNorm() {
    return groups == channels;
  }

  @Override
  public Shape output(Received in) {
    return in.channels(channels);
  }

  @Override
  public Reach reach(int dimension) {
    return Reach.ITSELF_AMONG_ALL;
  }

  @Override
  public List<Parameter> parameters() {
    return List.of(
        Parameter.perChannel(this, "weight", Parameter.Role.SCALE, channels),
        Parameter.perChannel(this, "bias", Parameter.Role.SHIFT, channels));
  }

  @Override
  public GroupNorm renamed(String other, List<String> sources) {
    return new GroupNorm(other, sources.get(0), channels, groups, epsilon);
  }

  /** Instance normalization stays that; else there are as many of the groups as divide both. */
  @Override
  public GroupNorm withChannels(int count) {
    int divided = BigInteger.valueOf(groups).gcd(BigInteger.valueOf(count)).intValue();
    return new GroupNorm(name, input, count, isInstanceNorm() ? count : divided, epsilon);
  }

  @Override
  public String description() {
    if (isInstanceNorm()) return "instance norm";
    return "group norm of " + groups + (groups == 1 ? " group" : " groups");
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.visit(this);
  }
}
