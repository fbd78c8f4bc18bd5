package sc.fiji.spyhop.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.image.Colors;
import sc.fiji.spyhop.image.PixelSize;
import sc.fiji.spyhop.util.Digits;
import sc.fiji.spyhop.util.Strings;

/**
 * What has to be known about a network that makes images: everything in {@code generator.json} but
 * the architecture.
 *
 * @param name short, such as {@code chairs}: letters, digits, dot, hyphen and underscore
 * @param description what images it makes, a sentence or two
 * @param source what it makes them from
 * @param output what the images are
 * @param training where its weights come from
 * @param author who answers for it; may be empty
 * @param license of the weights, an SPDX identifier where there is one; may be empty
 * @param citation what to cite; may be empty
 */
public record GeneratorSpec(
    @JsonProperty("name") String name,
    @JsonProperty("description") String description,
    @JsonProperty("source") GeneratorSource source,
    @JsonProperty("output") Output output,
    @JsonProperty("training") ModelSpec.Training training,
    @JsonProperty("author") String author,
    @JsonProperty("license") String license,
    @JsonProperty("citation") String citation) {

  /**
   * What the images are that a network makes.
   *
   * @param channels of an image, 1 to {@link #MAX_CHANNELS}
   * @param colors whether these are colours: red, green and blue in 8 bits, or as they are
   * @param low pixel value that -1 of the network stands for
   * @param high pixel value that 1 of the network stands for, more than {@code low}
   * @param bits of a pixel of a channel in files: 8 or 16 (whole numbers from 0) or 32 (floats)
   * @param pixelSize of the images it learned from; unit {@code pixel} where it is not known
   * @param objects what the objects of the label image are called that the network makes with each
   *     image: its last channel, which comes on top of those of the image, is above 0 in objects
   *     and largest in their middle, and -1 far from all. Empty if it makes no label images
   */
  public record Output(
      @JsonProperty("channels") int channels,
      @JsonProperty("colors") Colors colors,
      @JsonProperty("low") double low,
      @JsonProperty("high") double high,
      @JsonProperty("bits") int bits,
      @JsonProperty("pixelSize") PixelSize pixelSize,
      @JsonProperty("objects") String objects) {

    /** Maximum number of channels of an image. */
    public static final int MAX_CHANNELS = 100;

    /**
     * Checks that the parts go together.
     *
     * @throws SpyhopException if colours are not three channels of 8 bits, or pixel values do not
     *     fit the bits
     */
    public Output {
      require(
          channels >= 1 && channels <= MAX_CHANNELS,
          "1 to " + MAX_CHANNELS + " channels",
          channels);
      require(bits == 8 || bits == 16 || bits == 32, "images of 8, 16 or 32 bits", bits);
      require(
          colors == Colors.NONE || colors == Colors.RGB && channels == 3 && bits == 8,
          "colours red, green and blue in 8 bits, or none",
          Strings.format("%s with %d channels in %d bits", colors, channels, bits));
      require(
          low < high && Double.isFinite(high - low),
          "a low pixel value and a higher one",
          low + " and " + high);
      long most = bits == 32 ? Long.MAX_VALUE : (1L << bits) - 1;
      require(
          bits == 32 || low >= 0 && high <= most,
          "pixel values from 0 to " + most,
          low + " to " + high);
      require(
          pixelSize.width() > 0
              && pixelSize.height() > 0
              && Double.isFinite(pixelSize.width())
              && Double.isFinite(pixelSize.height()),
          "pixels of a size above 0",
          pixelSize.width() + " x " + pixelSize.height());
      require(objects.length() <= RowColumn.MAX_LENGTH, "a short name of objects", objects);
    }

    /** Images without label images. */
    public Output(
        int channels, Colors colors, double low, double high, int bits, PixelSize pixelSize) {
      this(channels, colors, low, high, bits, pixelSize, "");
    }

    /** Colours in 8 bits, or grey values in 8 bits. */
    public static Output ofBytes(Colors colors) {
      return new Output(colors == Colors.NONE ? 1 : 3, colors, 0, 255, 8, PixelSize.UNCALIBRATED);
    }

    /** Whether the network makes a label image with each image. */
    public boolean isLabelled() {
      return !objects.isEmpty();
    }

    /** Channels of what the network makes: those of the image, and one more for labels. */
    public int mapChannels() {
      return channels + (isLabelled() ? 1 : 0);
    }

    /** The pixel value that a value of the network stands for; beyond -1 and 1 the outermost. */
    public double pixel(double value) {
      double within = Math.max(-1, Math.min(1, value));
      double pixel = low + (within + 1) / 2 * (high - low);
      return bits == 32 ? pixel : Math.rint(pixel);
    }

    /** The value that stands for a pixel value: from -1 to 1, and beyond where that lies beyond. */
    public double value(double pixel) {
      return 2 * (pixel - low) / (high - low) - 1;
    }

    /** In words. */
    public String description() {
      String what = colors == Colors.NONE ? Strings.count(channels, "channel") : "colours";
      return Strings.format(
          "%s in %d bits, pixel values %s to %s%s",
          what,
          bits,
          Digits.six(low),
          Digits.six(high),
          isLabelled() ? ", with label images of " + objects : "");
    }
  }

  /** Throws a {@link SpyhopException} if the name is none that a file can have. */
  public GeneratorSpec {
    require(
        ModelSpec.isName(name),
        "a name of letters, digits, dots, hyphens and underscores",
        '"' + name + '"');
  }

  private static void require(boolean condition, String expected, Object received) {
    if (!condition) {
      throw new SpyhopException(
          "Generating model: expected " + expected + ", received " + received + ".");
    }
  }
}
