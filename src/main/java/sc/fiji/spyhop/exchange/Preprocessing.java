package sc.fiji.spyhop.exchange;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.image.Colors;
import sc.fiji.spyhop.image.Interpolation;
import sc.fiji.spyhop.image.Normalization;
import sc.fiji.spyhop.image.Resize;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.util.Strings;

/**
 * How a network wants its images, in a line such as {@code "rgb/127.5-1"}, {@code
 * "bgr-104,117,123"}, {@code "rgb/255-0.485,0.456,0.406/0.229,0.224,0.225 resize 256 crop 224"} or
 * the name of a family, {@code "torchvision"}. The grammar is in docs/import.md.
 *
 * @param colors whether channels are colours
 * @param channels how many are needed, if that is told
 * @param normalization constants, in the order in which the network reads channels
 * @param size to which images are brought, if that is told
 */
public record Preprocessing(
    Colors colors,
    Optional<Integer> channels,
    Normalization.Fixed normalization,
    Optional<Size> size) {

  /** How pixels are mixed unless something else is asked for. */
  static final Interpolation DEFAULTS = Interpolation.ANTIALIASED_ROUNDED;

  private static final Map<String, String> FAMILIES =
      new TreeMap<>(
          Map.of(
              "torchvision", "rgb/255-0.485,0.456,0.406/0.229,0.224,0.225 resize 114.2857% crop",
              "caffe", "bgr-104,117,123",
              "tf", "rgb/127.5-1",
              "mobilenet", "rgb/127.5-1",
              "keras-vgg", "bgr-103.939,116.779,123.68",
              "keras-resnet", "bgr-103.939,116.779,123.68",
              "yolo", "rgb/255 letterbox fill 114"));

  /** Names that stand for a whole line, with that line. */
  public static Map<String, String> families() {
    return FAMILIES;
  }

  /**
   * The size that images are brought to. Where a width and height are not told they are the
   * network's.
   */
  public sealed interface Size {

    /** How pixels are read between those of the image. */
    Interpolation interpolation();

    /** Width and height, if told. */
    Optional<List<Integer>> sides();

    /** See {@link Resize.AnySize}. */
    record Any() implements Size {
      @Override
      public Interpolation interpolation() {
        return DEFAULTS;
      }

      @Override
      public Optional<List<Integer>> sides() {
        return Optional.empty();
      }
    }

    /** See {@link Resize.Stretch}. */
    record Stretch(Optional<List<Integer>> sides, Interpolation interpolation) implements Size {}

    /** See {@link Resize.Cover}. */
    record Cover(Optional<List<Integer>> sides, Interpolation interpolation) implements Size {}

    /** See {@link Resize.Letterbox}. */
    record Letterbox(Optional<List<Integer>> sides, double fill, Interpolation interpolation)
        implements Size {}

    /**
     * See {@link Resize.CenterCrop}.
     *
     * @param shorter side of the image before the crop, in pixels, or in percent of the crop's
     * @param percent whether it is in percent
     */
    record Crop(
        double shorter, boolean percent, Optional<List<Integer>> sides, Interpolation interpolation)
        implements Size {}
  }

  /**
   * Reads a line.
   *
   * @throws SpyhopException that says at which character what was expected
   */
  public static Preprocessing parse(String text) {
    String family = text.strip().split("\\s+", 2)[0].toLowerCase(Locale.ROOT);
    if (!FAMILIES.containsKey(family)) return new PreprocessingParser(text).parse();
    String rest = text.strip().substring(family.length());
    String whole = FAMILIES.get(family);
    if (!rest.isBlank()) whole = whole.split(" ")[0] + rest;
    return new PreprocessingParser(whole).parse();
  }

  /** Height and width that a network with open sizes will be given; empty if any. */
  Optional<List<Integer>> heightAndWidth() {
    return size.flatMap(Size::sides).map(s -> List.of(s.get(1), s.get(0)));
  }

  /**
   * Refuses to bring images to a size, for networks that say something about each pixel.
   *
   * @throws SpyhopException if that is told
   */
  void requireNoResizing() {
    boolean resizes =
        size.isPresent()
            && size.get().sides().isPresent()
            && !(size.get() instanceof Size.Cover)
            && !(size.get() instanceof Size.Any);
    if (!resizes) return;
    throw new SpyhopException(
        "Preprocessing: images are not resized for a network that says something about each pixel."
            + " Say the size of the parts that it is shown, such as \"crop 512\", or leave the size"
            + " out.");
  }

  /**
   * How an image is brought to the size a network reads.
   *
   * @param input of the network
   * @throws SpyhopException if the size told is not the network's
   */
  Resize fit(Shape input) {
    boolean fixed = input.isFixed() && input.rank() == 2;
    Optional<List<Integer>> own =
        fixed ? Optional.of(List.of(input.space().get(1), input.space().get(0))) : Optional.empty();
    if (size.isEmpty()) {
      return own.<Resize>map(s -> new Resize.Cover(s.get(0), s.get(1), DEFAULTS))
          .orElse(new Resize.AnySize());
    }
    Size s = size.get();
    if (s instanceof Size.Any) {
      if (fixed) throw mismatch("any size", own.get());
      return new Resize.AnySize();
    }
    if (s.sides().isPresent() && own.isPresent() && !s.sides().equals(own)) {
      throw mismatch(s.sides().get().get(0) + "x" + s.sides().get().get(1), own.get());
    }
    List<Integer> sides =
        own.or(s::sides)
            .orElseThrow(
                () ->
                    new SpyhopException(
                        "Preprocessing: the network takes any size; say which, such as \"crop 224\"."));
    int w = sides.get(0);
    int h = sides.get(1);
    if (s instanceof Size.Stretch) return new Resize.Stretch(w, h, s.interpolation());
    if (s instanceof Size.Letterbox l)
      return new Resize.Letterbox(w, h, l.fill(), s.interpolation());
    if (s instanceof Size.Crop c) {
      double side = c.percent() ? c.shorter() * Math.max(w, h) / 100 : c.shorter();
      return new Resize.CenterCrop((int) Math.round(side), w, h, s.interpolation());
    }
    return new Resize.Cover(w, h, s.interpolation());
  }

  private static SpyhopException mismatch(String told, List<Integer> own) {
    return new SpyhopException(
        Strings.format(
            "Preprocessing: images would be brought to %s, but the network reads %s pixels.",
            told, own.stream().map(String::valueOf).collect(Collectors.joining("x"))));
  }
}
