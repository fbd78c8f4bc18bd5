package sc.fiji.spyhop.generate.fooling;

import java.util.OptionalInt;
import net.imglib2.img.array.ArrayImgs;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.image.Colors;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.Normalization;
import sc.fiji.spyhop.image.PixelSize;
import sc.fiji.spyhop.image.Resize;
import sc.fiji.spyhop.model.Model;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.network.ReceptiveField;
import sc.fiji.spyhop.util.Strings;

/**
 * The images that a model is shown: their size, their channels and the values that their pixels can
 * have. Pictures on it are pixel values, channel by channel, row by row, red before green before
 * blue where channels are colours.
 *
 * @param width columns
 * @param height rows
 * @param channels of the images
 * @param isColor whether channels are red, green and blue
 * @param white largest value of a pixel; the smallest is 0
 * @param pixelSize of the images
 */
public record Canvas(
    int width, int height, int channels, boolean isColor, double white, PixelSize pixelSize) {

  private static final double WHITE_8 = 255;
  private static final double WHITE_16 = 65_535;

  /** Of a network that takes images of any size and of which no example is known. */
  private static final int SIDE = 64;

  private static final int MAX_SIDE = 4096;

  /** A factor by which 8 bits would be as good as black. */
  private static final double FAINT = 0.05;

  /** Throws a {@link SpyhopException} if white is not above 0, or the size is out of range. */
  public Canvas {
    if (!(white > 0) || Double.isInfinite(white)) {
      throw new SpyhopException("White: expected a pixel value above 0, received " + white + ".");
    }
    if (width < 1 || height < 1 || width > MAX_SIDE || height > MAX_SIDE) {
      throw new SpyhopException(
          Strings.format(
              "Size: expected images of 1 to %d pixels, received %d x %d.",
              MAX_SIDE, width, height));
    }
  }

  /**
   * The images of a model.
   *
   * @param size width and height, of models that take images of any size; absent: that of the
   *     model's example
   * @param white largest value of a pixel; 0 for 255, or 65535 where the model's normalization is
   *     made for 16 bits
   * @throws SpyhopException if a size is given, and it is not one that the model is shown
   */
  static Canvas of(Model model, OptionalInt size, double white) {
    ModelSpec.Input in = model.spec().input();
    int[] sides = sides(model, size);
    return new Canvas(
        sides[0],
        sides[1],
        in.channels(),
        in.colors() != Colors.NONE,
        white > 0 ? white : usual(in.normalization()),
        in.pixelSize());
  }

  private static double usual(Normalization normalization) {
    if (!(normalization instanceof Normalization.Fixed f)) return WHITE_8;
    double strongest = f.scale().stream().mapToDouble(Math::abs).max().orElse(1);
    return strongest * WHITE_8 < FAINT ? WHITE_16 : WHITE_8;
  }

  /** Such that the model is shown pixel for pixel. */
  private static int[] sides(Model model, OptionalInt size) {
    Resize fit = model.spec().input().fit();
    int[] sides;
    if (fit instanceof Resize.CenterCrop crop) {
      sides = new int[] {crop.side(), crop.side()};
    } else if (fit instanceof Resize.OfBox box) {
      sides = new int[] {box.width(), box.height()};
    } else if (fit.isFixed()) {
      Resize.View view = fit.view(1, 1);
      sides = new int[] {view.width(), view.height()};
    } else {
      return open(model, size);
    }
    if (size.isPresent() && (size.getAsInt() != sides[0] || size.getAsInt() != sides[1])) {
      throw new SpyhopException(
          Strings.format(
              "Size: model %s is shown images of %d x %d pixels, received %d. Leave the size out.",
              model.spec().name(), sides[0], sides[1], size.getAsInt()));
    }
    return sides;
  }

  private static int[] open(Model model, OptionalInt size) {
    if (size.isEmpty() && model.example().isPresent()) {
      var example = model.example().get().input();
      return new int[] {example.size('W'), example.size('H')};
    }
    int multiple =
        ReceptiveField.of(model.network()).sizeMultiple().stream().max(Integer::compare).orElse(1);
    int side = size.orElse((SIDE + multiple - 1) / multiple * multiple);
    if (side % multiple != 0) {
      throw new SpyhopException(
          Strings.format(
              "Size: model %s takes images whose sides are multiples of %d, received %d.",
              model.spec().name(), multiple, side));
    }
    return new int[] {side, side};
  }

  /** Values of a picture. */
  public int length() {
    return channels * width * height;
  }

  /** From one value that a pixel can have to the next. */
  double step() {
    return white >= WHITE_8 ? 1 : white / WHITE_8;
  }

  /** Brings values to those that pixels can have, in place. */
  float[] rounded(float... picture) {
    double step = step();
    for (int i = 0; i < picture.length; i++) {
      double inside = Math.max(0, Math.min(white, picture[i]));
      picture[i] = (float) Math.min(Math.rint(inside / step) * step, white);
    }
    return picture;
  }

  /** Whether pixels have 8 bits. */
  public boolean isEightBit() {
    return step() == 1 && white <= WHITE_8;
  }

  /**
   * An image that can be saved as it is: 8 or 16 bits unsigned, or 32-bit floats where white is
   * less than 255 or more than 65535.
   *
   * @param picture rounded
   */
  public Frame frame(String name, float... picture) {
    if (step() != 1 || white > WHITE_16) {
      return new Frame(name, ArrayImgs.floats(picture.clone(), width, height, channels), pixelSize);
    }
    if (isEightBit()) {
      byte[] bytes = new byte[picture.length];
      for (int i = 0; i < bytes.length; i++) bytes[i] = (byte) Math.round(picture[i]);
      return new Frame(name, ArrayImgs.unsignedBytes(bytes, width, height, channels), pixelSize);
    }
    short[] shorts = new short[picture.length];
    for (int i = 0; i < shorts.length; i++) shorts[i] = (short) Math.round(picture[i]);
    return new Frame(name, ArrayImgs.unsignedShorts(shorts, width, height, channels), pixelSize);
  }
}
