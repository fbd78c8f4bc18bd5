package sc.fiji.spyhop.network;

import com.fasterxml.jackson.annotation.JsonTypeName;
import java.util.List;
import java.util.stream.IntStream;
import sc.fiji.spyhop.util.Strings;

/**
 * Some of the channels of a map or vector, in any order: a part of them, or all of them shuffled.
 *
 * @param channels which ones, from 0, in the order in which they come out
 */
@JsonTypeName("select-channels")
public record SelectChannels(String name, String input, List<Integer> channels) implements Layer {

  private static final int MAX = 1 << 15;

  /**
   * Refuses an empty list, and numbers below 0; whether they exist is for the output's shape to
   * say.
   */
  public SelectChannels {
    Checks.names(name, input);
    Checks.present(name, "channels", channels);
    channels = Checks.list("layer " + name + ": channels", channels);
    int count = channels.size();
    Checks.range(name, "channels", count, count >= 1 && count <= MAX, "in a list of 1 to " + MAX);
    for (int channel : channels) {
      Checks.range(name, "channels", channel, channel >= 0, "of at least 0");
    }
  }

  /** Whether they follow each other. */
  public boolean isRange() {
    return IntStream.range(0, channels.size())
        .allMatch(i -> channels.get(i) == channels.get(0) + i);
  }

  @Override
  public Shape output(Received in) {
    int there = in.first().channels();
    for (int channel : channels) {
      if (channel >= there) {
        throw in.refused(
            Strings.format(
                "expected at least %d channels, received %d%s", channel + 1, there, in.from(0)));
      }
    }
    return in.first().withChannels(channels.size());
  }

  @Override
  public SelectChannels renamed(String other, List<String> sources) {
    return new SelectChannels(other, sources.get(0), channels);
  }

  @Override
  public String description() {
    return isRange()
        ? Strings.format(
            "channels %d to %d", channels.get(0), channels.get(0) + channels.size() - 1)
        : Strings.format("%d channels in another order", channels.size());
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.visit(this);
  }
}
