package sc.fiji.spyhop.model;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.image.ImageTraits;
import sc.fiji.spyhop.util.Digits;
import sc.fiji.spyhop.util.Strings;

/**
 * What the images looked like that a model learned from: the range of each trait of theirs. An
 * image beyond is unlike them, and results of it are not to be trusted unseen.
 *
 * @param ranges by trait; empty: not known
 */
public record KnownImages(@JsonProperty("ranges") Map<String, Range> ranges) {

  /** Of a model that nothing is known about. */
  public static final KnownImages UNKNOWN = new KnownImages(Map.of());

  /**
   * Ranges reach beyond the percentiles 1 and 99 of the images by this share of what is between.
   */
  private static final double MARGIN = 0.5;

  private static final double LOW = 0.01;
  private static final double HIGH = 0.99;

  /** With fewer images, nothing is known. */
  private static final int MIN_IMAGES = 8;

  /** From one number to another. */
  public record Range(@JsonProperty("low") double low, @JsonProperty("high") double high) {
    /**
     * Throws a {@link SpyhopException} if low is above high, or one of them is beyond a million.
     */
    public Range {
      if (!(low <= high && Math.abs(low) <= 1e6 && Math.abs(high) <= 1e6)) {
        throw new SpyhopException(
            "Images that a model knows: expected a range, received " + low + " to " + high + ".");
      }
    }

    Range with(double value) {
      return new Range(Math.min(low, value), Math.max(high, value));
    }
  }

  /** In which respect images differ; see {@link ImageTraits}. */
  public enum Trait {
    /** How much pixels differ from each other: the logarithm of their standard deviation. */
    CONTRAST(
        ImageTraits::contrast,
        0.3,
        r -> "standard deviation " + span(Math.exp(r.low), Math.exp(r.high)),
        "hardly anything in it differs from the rest. Look whether it shows anything",
        "it has more contrast. Look whether its brightness is that of the microscope"),
    /**
     * How much pixels differ from their neighbours without showing anything; only more of it is
     * unlike.
     */
    NOISE(
        ImageTraits::noise,
        0.5,
        r ->
            Strings.format(
                "noise up to %s %% of the variance",
                Digits.six(rounded(100 * Math.min(1, Math.pow(10, r.high))))),
        "",
        "it is noisier, or shows nothing but noise. Look whether there is anything in it, or"
            + " reduce the noise"),
    /** How far pixels are from grey, from 0 to 1. */
    COLOR(
        ImageTraits::color,
        0.1,
        r -> "saturation " + span(Math.max(0, r.low), Math.min(1, r.high)),
        "it has less colour. Take a model for grey images if it is grey",
        "it has more colour. Look whether it is stained as those images are"),
    /** Whether a few pixels are much lighter (above 0) or much darker (below 0) than the rest. */
    SKEWNESS(
        ImageTraits::skewness,
        0.3,
        r -> "skewness " + span(skewness(r.low), skewness(r.high)),
        "it is darker on light, or lighter all over. If its ground is light and that of those images"
            + " dark, invert it (Edit > Invert) or take a model for such images; if both are alike,"
            + " look whether its dark spots are the objects, and not dirt",
        "it is lighter on dark, or darker all over. If its ground is dark and that of those images"
            + " light, invert it (Edit > Invert) or take a model for such images; if both are alike,"
            + " look whether its light spots are the objects, and not dirt"),
    /** Mean of the pixels, as the network is given them. */
    BRIGHTNESS(
        ImageTraits::brightness,
        0.1,
        r -> "mean " + span(r.low, r.high),
        "more of it is dark. Look whether its objects and their ground are as light, and cover as"
            + " much of it, as in those images",
        "more of it is light. Look whether its objects and their ground are as dark, and cover as"
            + " much of it, as in those images"),
    /** How coarse what is shown is: the logarithm of a length in pixels. */
    TEXTURE(
        ImageTraits::texture,
        0.3,
        r -> "structures of " + span(Math.exp(r.low), Math.exp(r.high)) + " pixels",
        "what it shows is finer in the scale in which the model sees it. Give the diameter of the"
            + " objects, or a larger scale",
        "what it shows is coarser in the scale in which the model sees it. Give the diameter of"
            + " the objects, or a smaller scale, or let the scale be found (auto)",
        "what it shows is finer in the size in which the model sees it. Select what it is about"
            + " more closely",
        "what it shows is coarser in the size in which the model sees it. Look whether it is"
            + " sharp, or select more around it");

    private final ToDoubleFunction<ImageTraits> value;
    private final double least;
    private final Function<Range, String> said;
    private final String below;
    private final String above;
    private final String belowWhole;
    private final String aboveWhole;

    Trait(
        ToDoubleFunction<ImageTraits> value,
        double least,
        Function<Range, String> said,
        String below,
        String above) {
      this(value, least, said, below, above, below, above);
    }

    /**
     * @param least by how much ranges reach beyond the images at least
     * @param said a range in words
     * @param belowWhole what is said instead of images that are shown in one size
     * @param aboveWhole what is said instead of images that are shown in one size
     */
    Trait(
        ToDoubleFunction<ImageTraits> value,
        double least,
        Function<Range, String> said,
        String below,
        String above,
        String belowWhole,
        String aboveWhole) {
      this.value = value;
      this.least = least;
      this.said = said;
      this.below = below;
      this.above = above;
      this.belowWhole = belowWhole;
      this.aboveWhole = aboveWhole;
    }

    private static double skewness(double trait) {
      return Math.copySign(Math.expm1(Math.abs(trait)), trait);
    }

    private static String span(double low, double high) {
      return Digits.six(rounded(low)) + " to " + Digits.six(rounded(high));
    }

    /** Two digits. */
    private static double rounded(double value) {
      if (value == 0) return 0;
      double unit = Math.pow(10, Math.floor(Math.log10(Math.abs(value))) - 1);
      return Math.rint(value / unit) * unit;
    }

    /** Of noise there is never too little. */
    private boolean isOneSided() {
      return below.isEmpty();
    }

    String text() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Trait parse(String text) {
      for (Trait t : values()) if (t.text().equals(text)) return t;
      throw new SpyhopException("Images that a model knows: unknown trait " + text + ".");
    }
  }

  /**
   * Copies the map.
   *
   * @throws SpyhopException if a trait is none of {@link Trait}
   */
  public KnownImages {
    ranges = Collections.unmodifiableMap(new TreeMap<>(ranges));
    ranges.keySet().forEach(Trait::parse);
  }

  /** Whether there is a range of any trait, so that an image can be unlike them. */
  @JsonIgnore
  public boolean isKnown() {
    return !ranges.isEmpty();
  }

  /**
   * Learns what images look like; unknown if there are fewer than 8.
   *
   * @param trained images that were trained on
   * @param others such as are known to be of the same kind
   */
  public static KnownImages of(List<ImageTraits> trained, List<ImageTraits> others) {
    if (trained.size() < MIN_IMAGES) return UNKNOWN;
    Map<String, Range> ranges = new TreeMap<>();
    for (Trait trait : Trait.values()) {
      double[] values = trained.stream().mapToDouble(trait.value).sorted().toArray();
      double low = quantile(values, LOW);
      double high = quantile(values, HIGH);
      double margin = Math.max(trait.least, MARGIN * (high - low));
      ranges.put(trait.text(), new Range(low - margin, high + margin));
    }
    return new KnownImages(ranges).with(others);
  }

  /** Linear between neighbours. */
  private static double quantile(double[] sorted, double share) {
    double at = share * (sorted.length - 1);
    int i = (int) Math.floor(at);
    int j = Math.min(sorted.length - 1, i + 1);
    return sorted[i] + (at - i) * (sorted[j] - sorted[i]);
  }

  /** The same with images that are beyond. */
  public KnownImages with(List<ImageTraits> others) {
    Map<String, Range> wider = new TreeMap<>(ranges);
    for (ImageTraits t : others) {
      wider.replaceAll((trait, range) -> range.with(Trait.parse(trait).value.applyAsDouble(t)));
    }
    return new KnownImages(wider);
  }

  /** The ranges in plain words, for users; the normalised intensities are those that are meant. */
  public String description() {
    if (!isKnown()) return "not known, so that there is no warning of others";
    List<String> said = new ArrayList<>();
    for (Trait trait : Trait.values()) {
      Range range = ranges.get(trait.text());
      if (range != null) said.add(trait.said.apply(range));
    }
    return String.join("; ", said);
  }

  /**
   * In which respects an image is unlike, in words, each with what to try, without a full stop;
   * none if it is like them. Where noise or an even plane says it all, nothing else is said.
   *
   * @param whole whether the model is shown images in one size, so that no scale can be given
   */
  public List<String> differences(ImageTraits image, boolean whole) {
    List<String> said = new ArrayList<>();
    for (Trait trait : Trait.values()) {
      Range range = ranges.get(trait.text());
      if (range == null) continue;
      double value = trait.value.applyAsDouble(image);
      if (value > range.high) said.add(whole ? trait.aboveWhole : trait.above);
      if (value < range.low && !trait.isOneSided()) {
        said.add(whole ? trait.belowWhole : trait.below);
      }
      if (!said.isEmpty() && trait.ordinal() <= Trait.NOISE.ordinal()) break;
    }
    return said;
  }
}
