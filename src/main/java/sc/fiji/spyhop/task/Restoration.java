package sc.fiji.spyhop.task;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.Loss;
import sc.fiji.spyhop.engine.Target;
import sc.fiji.spyhop.engine.TrainingPlan.Objective;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.Intensity;
import sc.fiji.spyhop.image.Normalization;
import sc.fiji.spyhop.network.Head;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.prediction.ImageSize;
import sc.fiji.spyhop.task.decode.Assembler;
import sc.fiji.spyhop.task.decode.ImageAssembler;
import sc.fiji.spyhop.task.metrics.ImageSimilarity;
import sc.fiji.spyhop.task.metrics.RestorationMetrics;
import sc.fiji.spyhop.task.metrics.Score;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.util.Digits;
import sc.fiji.spyhop.util.Strings;

/**
 * An image of an image, of the same size: without noise, sharper, or as another stain would show it
 * (CARE, Weigert et al. 2018). Truth and prediction are images of one or several channels.
 *
 * @param channels names of the channels of the image that is made, at least one, all different
 * @param units what the network's values are in
 * @param errors what is minimised
 * @param blindSpots whether it is learnt from the images alone, without others that show how they
 *     should be: single pixels are hidden and told from those around (Noise2Void, Krull et al.
 *     2019)
 */
public record Restoration(
    @JsonProperty("channels") List<String> channels,
    @JsonProperty("units") Units units,
    @JsonProperty("errors") Errors errors,
    @JsonProperty("blindSpots") boolean blindSpots)
    implements Task<Frame, Frame> {

  /** Name of the output layer. */
  public static final String HEAD = "restored";

  /**
   * What the network's values are in: {@code (pixel value - offset) * scale}, for each channel.
   *
   * @param offset one for each channel; none for what the image that is restored was normalized
   *     with, so that the result has its pixel values
   * @param scale one for each channel, other than 0; none for the same
   */
  public record Units(
      @JsonProperty("offset") List<Double> offset, @JsonProperty("scale") List<Double> scale) {

    /** Those of the image that is restored. */
    public static final Units OF_IMAGE = new Units(List.of(), List.of());

    /** Throws a {@link SpyhopException} if there are not as many, or they are of no use. */
    public Units {
      offset = List.copyOf(offset);
      scale = List.copyOf(scale);
      if (offset.size() != scale.size()
          || !offset.stream().allMatch(Double::isFinite)
          || !scale.stream().allMatch(s -> s != 0 && Double.isFinite(s))) {
        throw new SpyhopException(
            Strings.format(
                "Restoration: expected as many offsets as scales, which are not 0, received %s and %s.",
                offset, scale));
      }
    }

    /** Pixel values are what the network tells, of so many channels. */
    public static Units asTold(int channels) {
      return new Units(Collections.nCopies(channels, 0.0), Collections.nCopies(channels, 1.0));
    }

    /** The same for all images, as a normalization has them. */
    public static Units of(Normalization.Fixed fixed) {
      return new Units(fixed.offset(), fixed.scale());
    }

    /** Whether they are those of the image that is restored. */
    public boolean ofImage() {
      return offset.isEmpty();
    }
  }

  /**
   * What is minimised: a weighted sum of errors in normalized values.
   *
   * @param l2 weight of the mean squared error
   * @param l1 weight of the mean absolute error
   * @param ssim weight of 1 - structural similarity, see {@link Loss.StructuralSimilarity}
   */
  public record Errors(
      @JsonProperty("l2") double l2,
      @JsonProperty("l1") double l1,
      @JsonProperty("ssim") double ssim) {

    /** The mean squared error, which PSNR is made of. */
    public static final Errors L2 = new Errors(1, 0, 0);

    /** The mean absolute error, which keeps edges sharper. */
    public static final Errors L1 = new Errors(0, 1, 0);

    /** Structural similarity alone. */
    public static final Errors SSIM = new Errors(0, 0, 1);

    /** Throws a {@link SpyhopException} if a weight is below 0, or none is above. */
    public Errors {
      if (!(l2 >= 0 && l1 >= 0 && ssim >= 0 && l2 + l1 + ssim > 0)
          || Double.isInfinite(l2 + l1 + ssim)) {
        throw new SpyhopException(
            Strings.format(
                "Restoration: expected weights of errors of 0 or more, one above 0, received l2 %s,"
                    + " l1 %s and ssim %s.",
                l2, l1, ssim));
      }
    }

    /**
     * Reads names with commas, each perhaps with its weight: {@code l2}, or {@code
     * l1:0.2,ssim:0.8}.
     *
     * @throws SpyhopException for anything else
     */
    public static Errors parse(String text) {
      Map<String, Double> weights = new LinkedHashMap<>();
      for (String part : text.split(",")) {
        String[] both = part.strip().split(":", 2);
        String name = both[0].strip();
        double weight = both.length == 1 ? 1 : number(both[1], text);
        if (!List.of("l1", "l2", "ssim").contains(name) || weights.put(name, weight) != null) {
          throw wrong(text);
        }
      }
      return new Errors(
          weights.getOrDefault("l2", 0.0),
          weights.getOrDefault("l1", 0.0),
          weights.getOrDefault("ssim", 0.0));
    }

    /** As {@link #parse} reads it. */
    public String text() {
      return Stream.of(part("l2", l2), part("l1", l1), part("ssim", ssim))
          .filter(part -> !part.isEmpty())
          .collect(Collectors.joining(","));
    }

    private static String part(String name, double weight) {
      return weight == 0 ? "" : weight == 1 ? name : name + ":" + Digits.six(weight);
    }

    private static double number(String digits, String text) {
      try {
        return Double.parseDouble(digits.strip());
      } catch (NumberFormatException e) {
        throw wrong(text);
      }
    }

    private static SpyhopException wrong(String text) {
      return new SpyhopException(
          "expected l1, l2 or ssim, or several with commas and their weights, such as"
              + " l1:0.2,ssim:0.8, received \""
              + text
              + "\".");
    }

    private List<Objective> objectives(String layer) {
      List<Objective> all = new ArrayList<>();
      if (l2 > 0) all.add(new Objective(layer, new Loss.SquaredError(), l2));
      if (l1 > 0) all.add(new Objective(layer, new Loss.AbsoluteError(), l1));
      if (ssim > 0) all.add(new Objective(layer, new Loss.StructuralSimilarity(), ssim));
      return all;
    }
  }

  /**
   * Throws a {@link SpyhopException} if there is no channel, two have one name, units are of other
   * channels, or structural similarity is to be learnt from single pixels.
   */
  public Restoration {
    channels = List.copyOf(channels);
    if (channels.isEmpty() || channels.stream().distinct().count() != channels.size()) {
      throw new SpyhopException(
          "Restoration: expected names of channels, all different, received " + channels + ".");
    }
    if (!units.ofImage() && units.offset().size() != channels.size()) {
      throw new SpyhopException(
          Strings.format(
              "Restoration: expected units of %d channels, received those of %d.",
              channels.size(), units.offset().size()));
    }
    if (blindSpots && !units.ofImage()) {
      throw new SpyhopException(
          "Restoration: what is learnt from blind spots has the units of the image, received others.");
    }
    if (blindSpots && errors.ssim() > 0) {
      throw new SpyhopException(
          "Restoration: structural similarity is about pixels and those around, and blind spots are"
              + " single pixels: expected l1 or l2.");
    }
  }

  /**
   * In the units of the image, by the mean squared error.
   *
   * @param count of channels that are made, at least 1
   */
  public static Restoration of(int count) {
    List<String> names =
        count == 1
            ? List.of("restored")
            : IntStream.rangeClosed(1, count).mapToObj(c -> "channel " + c).toList();
    return new Restoration(names, Units.OF_IMAGE, Errors.L2, false);
  }

  /** The same with other names of its channels, as many. */
  public Restoration withChannels(List<String> names) {
    return new Restoration(names, units, errors, blindSpots);
  }

  /** The same in other units. */
  public Restoration withUnits(Units other) {
    return new Restoration(channels, other, errors, blindSpots);
  }

  /** The same by other errors. */
  public Restoration withErrors(Errors other) {
    return new Restoration(channels, units, other, blindSpots);
  }

  /** The same learnt from images alone. */
  public Restoration withBlindSpots() {
    return new Restoration(channels, units, errors, true);
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.restoration(this);
  }

  @Override
  public String kind() {
    return "restoration";
  }

  @Override
  public List<String> names() {
    return channels;
  }

  @Override
  public List<Head> heads() {
    return List.of(new Head(HEAD, channels.size(), Layer.Function.IDENTITY));
  }

  @Override
  public Grid grid() {
    return Grid.PIXELS;
  }

  /** Values of pixels are made: shown in another scale, they would be blurred. */
  @Override
  public boolean scales() {
    return false;
  }

  @Override
  public boolean tellsValues() {
    return true;
  }

  @Override
  public List<Objective> objectives() {
    return errors.objectives(HEAD);
  }

  /**
   * @param truth in the values that the network is to tell, see {@link #target}
   */
  @Override
  public Map<String, Target> encode(Frame truth) {
    int[] shape = {1, truth.channels(), truth.height(), truth.width()};
    return Map.of(HEAD, Target.of(new Tensor(Axes.NCHW, shape, truth.values())));
  }

  /**
   * A true image in the values that the network is to tell.
   *
   * @param intensity what the values of the image that it belongs to become
   * @return [1, channels, height, width]
   * @throws SpyhopException if it has other channels
   */
  public Tensor target(Frame truth, Intensity intensity) {
    if (truth.channels() != channels.size()) {
      throw new SpyhopException(
          Strings.format(
              "%s: expected a target of %s, received one of %d.",
              truth.name(), Strings.count(channels.size(), "channel"), truth.channels()));
    }
    float[] values = truth.values();
    intensity(intensity).apply(values, channels.size());
    return new Tensor(
        Axes.NCHW, new int[] {1, channels.size(), truth.height(), truth.width()}, values);
  }

  /** What there is to say of it, by name. */
  public Map<String, String> told() {
    Map<String, String> told = new LinkedHashMap<>();
    told.put("values", units.ofImage() ? "those of the image" : "those of the targets");
    told.put("learnt from", blindSpots ? "noisy images alone (blind spots)" : "pairs of images");
    told.put("minimises", errors.text());
    return told;
  }

  /** From pixel values of the answer to those that the network tells. */
  private Intensity intensity(Intensity ofImage) {
    if (!units.ofImage()) return new Intensity(units.offset(), units.scale());
    if (!ofImage.isLinear()) {
      throw new SpyhopException(
          "Restoration: values that were changed by curves or colours cannot be brought back to those"
              + " of the image. Choose another normalization, or units of the target.");
    }
    if (ofImage.channels() == channels.size()) {
      return new Intensity(ofImage.offset(), ofImage.scale());
    }
    if (ofImage.channels() == 1) {
      return new Intensity(
          Collections.nCopies(channels.size(), ofImage.offset().get(0)),
          Collections.nCopies(channels.size(), ofImage.scale().get(0)));
    }
    throw new SpyhopException(
        Strings.format(
            "Restoration: an image of %s made of one of %d has no values of its own channels."
                + " Choose units of the target.",
            Strings.count(channels.size(), "channel"), ofImage.channels()));
  }

  /** In the values that the network tells. */
  @Override
  public Assembler<Frame> assembler(ImageSize shown) {
    Intensity none =
        new Intensity(
            Collections.nCopies(channels.size(), 0.0), Collections.nCopies(channels.size(), 1.0));
    Frame like = Frame.ofPlanes(List.of(new float[1]), 1, 1);
    return new ImageAssembler(shown, heads().get(0), like, none);
  }

  /** In pixel values. */
  @Override
  public Assembler<Frame> assembler(ImageSize shown, Frame image, Intensity intensity) {
    return new ImageAssembler(shown, heads().get(0), image, intensity(intensity));
  }

  @Override
  public Frame shifted(Frame prediction, int dx, int dy) {
    return new Frame(
        prediction.name(),
        prediction.pixels(),
        prediction.pixelSize(),
        Optional.empty(),
        new Frame.Origin(dx, dy));
  }

  /** Value: mean PSNR over images, each in the range of its true one. */
  @Override
  public Score score(List<Frame> predicted, List<Frame> truth) {
    RestorationMetrics metrics = new RestorationMetrics();
    for (int i = 0; i < truth.size(); i++) {
      metrics.add(
          new RestorationMetrics.Outcome(
              similarity(predicted.get(i), truth.get(i), Double.NaN), Optional.empty()));
    }
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put("PSNR", metrics.psnr());
    figures.put("SSIM", metrics.ssim());
    figures.put("NRMSE", metrics.nrmse());
    return new Score(Double.isNaN(metrics.psnr()) ? 0 : metrics.psnr(), figures);
  }

  /**
   * How like a true image another is.
   *
   * @param image of the same size and channels
   * @param range see {@link ImageSimilarity#of}
   */
  public static ImageSimilarity similarity(Frame image, Frame truth, double range) {
    return ImageSimilarity.of(
        truth.values(), image.values(), truth.channels(), truth.width(), range);
  }
}
