package sc.fiji.spyhop.image;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.image.stain.ColorMap;
import sc.fiji.spyhop.image.stain.StainLook;
import sc.fiji.spyhop.plugin.Plugins;
import sc.fiji.spyhop.plugin.Use;
import sc.fiji.spyhop.util.Digits;
import sc.fiji.spyhop.util.Strings;

/**
 * How the intensities of an image are brought to the range a network was trained on. Measured over
 * the whole frame, channel by channel, so that every tile of an image is treated alike.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Normalization.Percentile.class, name = "percentile"),
  @JsonSubTypes.Type(value = Normalization.MinMax.class, name = "min-max"),
  @JsonSubTypes.Type(value = Normalization.Fixed.class, name = "fixed"),
  @JsonSubTypes.Type(value = Normalization.ZScore.class, name = "z-score"),
  @JsonSubTypes.Type(value = Normalization.WithEpsilon.class, name = "with-epsilon"),
  @JsonSubTypes.Type(value = Normalization.Stained.class, name = "stained"),
  @JsonSubTypes.Type(value = Normalization.Plugged.class, name = "plugin"),
})
public sealed interface Normalization {

  /**
   * Measures a frame. Reads it once or twice from end to end, a block at a time, whatever its type.
   *
   * @throws sc.fiji.spyhop.SpyhopException if the frame is empty, holds a pixel that is not a
   *     finite number, or has another number of channels than this normalisation is made for
   */
  Intensity fit(Frame frame);

  /** In words, such as {@code percentiles 1 and 99.8 of each image become 0 and 1}. */
  String description();

  /**
   * A normalisation that is measured on each image.
   *
   * @param name {@code percentile} (1 to 99.8), {@code min_max} or {@code z_score}, or a plugin
   *     with its settings, such as {@code logarithm(floor=5)}; for others it is absent
   * @throws SpyhopException if the plugin has no such settings
   */
  static Optional<Normalization> ofEachImage(String name) {
    return switch (name) {
      case "percentile" -> Optional.of(new Percentile(1, 99.8));
      case "min_max" -> Optional.of(new MinMax());
      case "z_score" -> Optional.of(new ZScore());
      default ->
          Plugins.all(NormalizationPlugin.class).stream()
              .filter(p -> name.equals(p.name()) || name.startsWith(p.name() + "("))
              .findFirst()
              .map(p -> Plugged.of(Use.parse(NormalizationPlugin.class, name)));
    };
  }

  /** From the values, per channel, that become 0 and 1. */
  private static Intensity each(
      Frame frame, ChannelStatistics statistics, IntFunction<double[]> zeroAndOne) {
    List<Double> offset = new ArrayList<>();
    List<Double> scale = new ArrayList<>();
    for (int c = 0; c < frame.channels(); c++) {
      double[] z = zeroAndOne.apply(c);
      offset.add(z[0]);
      scale.add(z[1] > z[0] ? 1 / (z[1] - z[0]) : 0);
      statistics.requireReach(c, offset.get(c), scale.get(c));
    }
    return new Intensity(offset, scale);
  }

  /**
   * The low percentile becomes 0 and the high one 1; values beyond are not clipped. Where both are
   * equal, the minimum and maximum take their place; a constant channel becomes 0.
   *
   * @param low in [0, 100)
   * @param high in (low, 100]
   */
  record Percentile(double low, double high) implements Normalization {
    /** Throws a {@link SpyhopException} if they are not in order from 0 to 100. */
    public Percentile {
      if (!(low >= 0 && low < high && high <= 100)) {
        throw new SpyhopException(
            Strings.format(
                "Normalization: expected percentiles in order from 0 to 100, received %s and %s.",
                low, high));
      }
    }

    @Override
    public String description() {
      return Strings.format(
          "percentiles %s and %s of each image become 0 and 1", Digits.six(low), Digits.six(high));
    }

    @Override
    public Intensity fit(Frame frame) {
      ChannelStatistics statistics = new ChannelStatistics(frame);
      return Normalization.each(
          frame,
          statistics,
          c -> {
            double[] p = statistics.percentiles(c, low, high);
            if (p[0] == p[1]) {
              ChannelStatistics.Range range = statistics.range(c);
              p = new double[] {range.min(), range.max()};
            }
            return p;
          });
    }
  }

  /** The minimum becomes 0, the maximum 1; a constant channel becomes 0. */
  record MinMax() implements Normalization {
    @Override
    public String description() {
      return "minimum and maximum of each image become 0 and 1";
    }

    @Override
    public Intensity fit(Frame frame) {
      ChannelStatistics statistics = new ChannelStatistics(frame);
      return Normalization.each(
          frame,
          statistics,
          c -> {
            ChannelStatistics.Range range = statistics.range(c);
            return new double[] {range.min(), range.max()};
          });
    }
  }

  /**
   * The same for every image: {@code (value - offset) * scale}.
   *
   * @param offset one finite number per channel, or one for all
   * @param scale one finite number per channel, or one for all
   */
  record Fixed(List<Double> offset, List<Double> scale) implements Normalization {
    /**
     * Copies the lists.
     *
     * @throws IllegalArgumentException if there are not as many offsets as scales, at least one, or
     *     one is not finite
     */
    public Fixed {
      offset = List.copyOf(offset);
      scale = List.copyOf(scale);
      if (offset.isEmpty() || offset.size() != scale.size()) {
        throw new IllegalArgumentException(
            "fixed normalisation: expected as many offsets as scales, at least one, received "
                + offset.size()
                + " and "
                + scale.size());
      }
      if (!Stream.concat(offset.stream(), scale.stream()).allMatch(Double::isFinite)) {
        throw new SpyhopException(
            Strings.format(
                "Fixed normalisation: expected finite offsets and scales, received %s and %s.",
                offset, scale));
      }
    }

    @Override
    public String description() {
      return "the same factor and summand for all images";
    }

    @Override
    public Intensity fit(Frame frame) {
      int channels = frame.channels();
      if (offset.size() > 1 && offset.size() != channels) {
        throw new SpyhopException(
            Strings.format(
                "%s: the network's intensities are set for %d channels, the image has %d.",
                frame.name(), offset.size(), channels));
      }
      ChannelStatistics statistics = new ChannelStatistics(frame);
      statistics.requireFinite();
      for (int c = 0; c < channels; c++) {
        int i = offset.size() == 1 ? 0 : c;
        statistics.requireReach(c, offset.get(i), scale.get(i));
      }
      if (offset.size() == channels) return new Intensity(offset, scale);
      return new Intensity(
          Collections.nCopies(channels, offset.get(0)),
          Collections.nCopies(channels, scale.get(0)));
    }
  }

  /** The mean becomes 0, the (population) standard deviation 1; a constant channel becomes 0. */
  record ZScore() implements Normalization {
    @Override
    public String description() {
      return "each image gets mean 0 and deviation 1";
    }

    @Override
    public Intensity fit(Frame frame) {
      ChannelStatistics statistics = new ChannelStatistics(frame);
      return Normalization.each(
          frame,
          statistics,
          c -> {
            ChannelStatistics.Moments moments = statistics.moments(c);
            return new double[] {moments.mean(), moments.mean() + moments.deviation()};
          });
    }
  }

  /**
   * Percentiles or a z-score as many programs in Python calculate them: {@code (value - zero) /
   * (spread + epsilon)}, zero and spread being the mean and the deviation, or the low percentile
   * and the distance to the high one. Where the spread is 0 the epsilon alone is left, and values
   * that differ become very large; a constant channel becomes 0.
   *
   * @param of percentiles or a z-score
   * @param epsilon greater than 0
   * @param together whether all channels are measured as one
   */
  record WithEpsilon(Normalization of, double epsilon, boolean together) implements Normalization {
    /**
     * Throws an {@link IllegalArgumentException} if it is of another normalisation than percentile
     * or z-score, or epsilon is not above 0.
     */
    public WithEpsilon {
      if (!(of instanceof Percentile || of instanceof ZScore)) {
        throw new IllegalArgumentException(
            "normalisation with epsilon: expected percentile or z-score, received " + of);
      }
      if (!(epsilon > 0) || Double.isInfinite(epsilon)) {
        throw new IllegalArgumentException(
            "normalisation with epsilon: expected an epsilon above 0, received " + epsilon);
      }
    }

    @Override
    public String description() {
      return Strings.format(
          "%s, with %s added to what is divided by%s",
          of.description(), Digits.six(epsilon), together ? ", all channels as one" : "");
    }

    @Override
    public Intensity fit(Frame frame) {
      if (!together || frame.channels() == 1) return measured(frame);
      Intensity all = measured(frame.stacked());
      return new Intensity(
          Collections.nCopies(frame.channels(), all.offset().get(0)),
          Collections.nCopies(frame.channels(), all.scale().get(0)));
    }

    private Intensity measured(Frame frame) {
      ChannelStatistics statistics = new ChannelStatistics(frame);
      List<Double> offset = new ArrayList<>();
      List<Double> scale = new ArrayList<>();
      for (int c = 0; c < frame.channels(); c++) {
        double[] zeroAndSpread = zeroAndSpread(statistics, c);
        boolean constant = zeroAndSpread[1] == 0 && statistics.range(c).isOneValue();
        offset.add(zeroAndSpread[0]);
        scale.add(constant ? 0 : 1 / (zeroAndSpread[1] + epsilon));
        statistics.requireReach(c, offset.get(c), scale.get(c));
      }
      return new Intensity(offset, scale);
    }

    private double[] zeroAndSpread(ChannelStatistics statistics, int channel) {
      if (of instanceof Percentile p) {
        double[] found = statistics.percentiles(channel, p.low(), p.high());
        return new double[] {found[0], found[1] - found[0]};
      }
      ChannelStatistics.Moments moments = statistics.moments(channel);
      return new double[] {moments.mean(), moments.deviation()};
    }
  }

  /**
   * Of stained tissue, red, green and blue from 0 to 255: its colours are brought to those of a
   * reference, then its intensities are normalised. Measured over the whole frame; one that shows
   * hardly any tissue keeps its colours.
   *
   * @param reference how tissue looked that was learnt from
   * @param then what is done with the intensities that come of it
   */
  record Stained(StainLook reference, Normalization then) implements Normalization {
    /** Throws an {@link IllegalArgumentException} if colours would be normalised twice. */
    public Stained {
      if (then instanceof Stained) {
        throw new IllegalArgumentException("stained: colours are normalised once, not twice");
      }
    }

    @Override
    public String description() {
      return "stains of each image become those learnt from ("
          + reference.method().word()
          + ": "
          + reference.text()
          + "), then "
          + then.description();
    }

    @Override
    public Intensity fit(Frame frame) {
      ColorMap colors = StainSample.map(frame, reference);
      Intensity fitted = then.fit(StainSample.mapped(frame, colors));
      return fitted.withColors(colors);
    }
  }

  /**
   * What a plugin makes of intensities.
   *
   * @param plugin its name
   * @param settings numbers by name; those that are not there are the plugin's own
   * @param jar name of the file that it came from; empty if that is not known
   */
  record Plugged(String plugin, Map<String, Double> settings, String jar) implements Normalization {

    /**
     * Looks for the plugin.
     *
     * @throws SpyhopException if the plugin is not there, or has no such settings
     */
    public Plugged {
      if (plugin == null || settings == null || settings.containsValue(null) || jar == null) {
        throw new SpyhopException(
            "normalisation by a plugin: expected its name, settings and jar, one is missing");
      }
      settings = Map.copyOf(settings);
      Use.of(NormalizationPlugin.class, plugin, settings, jar);
    }

    static Plugged of(Use<NormalizationPlugin> use) {
      return new Plugged(use.name(), use.settings(), use.jar());
    }

    private Use<NormalizationPlugin> use() {
      return Use.of(NormalizationPlugin.class, plugin, settings, jar);
    }

    @Override
    public String description() {
      return "the plugin "
          + use().text()
          + (jar.isEmpty() ? "" : " of " + jar)
          + " changes intensities of each image";
    }

    @Override
    public Intensity fit(Frame frame) {
      Use<NormalizationPlugin> use = use();
      List<DoubleUnaryOperator> found =
          Plugins.ask(use.plugin(), () -> use.plugin().fit(frame, use.settings()));
      if (found.size() != frame.channels()) {
        throw new SpyhopException(
            Strings.format(
                "%s: expected the plugin %s to normalise %d channels, received %d.",
                frame.name(), use.text(), frame.channels(), found.size()));
      }
      return new Intensity(
          Collections.nCopies(frame.channels(), 0.0),
          Collections.nCopies(frame.channels(), 1.0),
          ColorMap.NONE,
          found.stream().map(f -> curve(frame.name(), use, f)).toList());
    }

    private static Curve curve(
        String image, Use<NormalizationPlugin> use, DoubleUnaryOperator function) {
      return (values, from, to) ->
          Plugins.ask(
              use.plugin(),
              () -> {
                for (int i = from; i < to; i++) {
                  float value = (float) function.applyAsDouble(values[i]);
                  if (!Float.isFinite(value)) {
                    throw new SpyhopException(
                        Strings.format(
                            "%s: the plugin %s makes %s of the intensity %s, which is no finite"
                                + " number.",
                            image, use.text(), value, values[i]));
                  }
                  values[i] = value;
                }
                return use;
              });
    }
  }
}
