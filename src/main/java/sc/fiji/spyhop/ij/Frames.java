package sc.fiji.spyhop.ij;

import ij.ImagePlus;
import ij.ImageStack;
import ij.measure.Calibration;
import ij.process.ColorProcessor;
import ij.process.ImageProcessor;
import ij.process.IntProcessor;
import ij.process.LUT;
import ij.util.DicomTools;
import ij.util.Tools;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.converter.Converters;
import net.imglib2.img.basictypeaccess.array.ArrayDataAccess;
import net.imglib2.img.basictypeaccess.array.ByteArray;
import net.imglib2.img.basictypeaccess.array.FloatArray;
import net.imglib2.img.basictypeaccess.array.ShortArray;
import net.imglib2.img.planar.PlanarImg;
import net.imglib2.type.NativeType;
import net.imglib2.type.NativeTypeFactory;
import net.imglib2.type.numeric.RealType;
import net.imglib2.type.numeric.integer.IntType;
import net.imglib2.type.numeric.integer.UnsignedByteType;
import net.imglib2.type.numeric.integer.UnsignedShortType;
import net.imglib2.type.numeric.real.FloatType;
import net.imglib2.util.Fraction;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.image.Colors;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.PixelSize;
import sc.fiji.spyhop.util.Strings;

/**
 * The frames of an ImageJ image: one for each slice (z) and time point (t). Read when asked for, so
 * that a virtual stack is never in memory as a whole; pixel arrays are wrapped, not copied, but for
 * colours and grey made of several channels. Values are those stored: selections, display ranges
 * and density calibrations play no part (signed 16-bit values keep their sign, 32-bit whole numbers
 * are rounded to 24 bits), nor do lookup tables, inverted ones among them, but where colours are
 * expected.
 */
public final class Frames {

  private static final int SAMPLES = 3;

  private static final int SIGN_SHIFT = 1 << 15;

  private static final double[] LUMINANCE = {0.299, 0.587, 0.114};

  private final ImagePlus image;
  private final boolean grey;
  private final List<Integer> channels;
  private final boolean palette;
  private final Optional<LookArea.Of> measured;

  private Frames(ImagePlus image, boolean grey, List<Integer> channels) {
    this(image, grey, channels, false);
  }

  private Frames(ImagePlus image, boolean grey, List<Integer> channels, boolean palette) {
    this(image, grey, channels, palette, Optional.empty());
  }

  /**
   * @param palette whether channels are the colours that the lookup table gives to one plane
   * @param measured where intensities are measured that they are normalized by
   */
  private Frames(
      ImagePlus image,
      boolean grey,
      List<Integer> channels,
      boolean palette,
      Optional<LookArea.Of> measured) {
    this.image = image;
    this.measured = measured;
    this.grey = grey;
    this.channels = channels;
    this.palette = palette;
  }

  /**
   * All channels of an image, however many.
   *
   * @throws SpyhopException if the image is empty
   */
  public static Frames of(ImagePlus image) {
    requirePixels(image);
    return all(image);
  }

  /**
   * The channels a network expects. The channels of an image are the colours of an RGB image or the
   * channel dimension of a hyperstack; the slices of a plain stack are never taken for channels.
   * With {@link ChannelChoice#AUTO} and one channel expected, an RGB image whose three colours are
   * equal in every pixel counts as grey; with three channels expected, an 8-bit image with a lookup
   * table of colours is shown in these.
   *
   * @param expected channels of the network's input
   * @throws SpyhopException if the image is empty or its channels do not fit
   */
  public static Frames of(ImagePlus image, ChannelChoice choice, int expected) {
    return of(image, choice, expected, Colors.NONE);
  }

  /**
   * As above; a network of colours is also shown images of one channel, which are then grey, and
   * one channel that was chosen or made of all.
   */
  public static Frames of(ImagePlus image, ChannelChoice choice, int expected, Colors colors) {
    requirePixels(image);
    int available = count(image);
    if (choice instanceof ChannelChoice.Auto) {
      if (expected == 3 && hasPalette(image)) {
        return new Frames(image, false, List.of(0, 1, 2), true);
      }
      if (colors.fits(available, expected)) return all(image);
      if (expected == 1 && isGreyRgb(image)) return new Frames(image, false, List.of(0));
      throw mismatch(image, available, expected);
    }
    if (!colors.fits(1, expected)) {
      throw new SpyhopException(
          Strings.format(
              "%s: the network expects %d channels, so one cannot be chosen; set the setting channel to"
                  + " auto.",
              image.getTitle(), expected));
    }
    if (choice instanceof ChannelChoice.Single single) {
      if (single.number() > available) {
        throw new SpyhopException(
            Strings.format(
                "%s: channel %d was chosen, the image has %s.",
                image.getTitle(), single.number(), channels(available)));
      }
      return new Frames(image, false, List.of(single.number() - 1));
    }
    return available == 1 ? all(image) : new Frames(image, true, all(image).channels);
  }

  private static Frames all(ImagePlus image) {
    List<Integer> all = new ArrayList<>();
    for (int c = 0; c < count(image); c++) all.add(c);
    return new Frames(image, false, List.copyOf(all));
  }

  private static void requirePixels(ImagePlus image) {
    if (image.getWidth() < 1 || image.getHeight() < 1 || image.getStackSize() < 1) {
      throw new SpyhopException(
          Strings.format(
              "Expected an image, received an empty one (%d x %d pixels%s). Is its title right?",
              image.getWidth(),
              image.getHeight(),
              image.getTitle() == null || image.getTitle().isEmpty()
                  ? ""
                  : ", \"" + image.getTitle() + "\""));
    }
  }

  private static int count(ImagePlus image) {
    return isRgb(image) ? 3 * image.getNChannels() : image.getNChannels();
  }

  static boolean isRgb(ImagePlus image) {
    return image.getType() == ImagePlus.COLOR_RGB && !isWhole(image);
  }

  /** Whether pixels are 32-bit whole numbers, which ImageJ takes for colours. */
  static boolean isWhole(ImagePlus image) {
    return image.getType() == ImagePlus.COLOR_RGB && image.getProcessor() instanceof IntProcessor;
  }

  /** Whether the one channel of an image has a lookup table of colours, other than a ramp. */
  private static boolean hasPalette(ImagePlus image) {
    return image.getBitDepth() == 8
        && image.getNChannels() == 1
        && image.getProcessor().isColorLut();
  }

  private static String channels(int n) {
    return n == 1 ? "1 channel" : n + " channels";
  }

  private static SpyhopException mismatch(ImagePlus image, int available, int expected) {
    StringBuilder why =
        new StringBuilder(
            Strings.format(
                "%s: the network expects %s, the image has %s.",
                image.getTitle(),
                channels(expected),
                isRgb(image) ? channels(available) + " (RGB)" : channels(available)));
    if (expected == 1) {
      why.append(
          Strings.format(
              " Choose one with the setting channel: its number (1 to %d), or grey to combine"
                  + " them.",
              available));
    } else if (available == 1
        && (image.getNSlices() == expected || image.getNFrames() == expected)) {
      why.append(
          Strings.format(
              " If its %d %s are channels, say so with Image > Hyperstacks > Re-order Hyperstack.",
              expected, image.getNSlices() == expected ? "slices" : "frames"));
    } else {
      why.append(" Use an image of ").append(channels(expected)).append(", or another model.");
    }
    return new SpyhopException(why.toString());
  }

  /** Whether the three colours of an RGB image are equal everywhere. */
  static boolean isGreyRgb(ImagePlus image) {
    if (!isRgb(image) || image.getNChannels() > 1) return false;
    ImageStack stack = image.getStack();
    for (int i = 1; i <= stack.size(); i++) {
      for (int rgb : (int[]) stack.getProcessor(i).getPixels()) {
        int blue = rgb & 0xFF;
        if ((rgb >> 8 & 0xFF) != blue || (rgb >> 16 & 0xFF) != blue) return false;
      }
    }
    return true;
  }

  /** Slices of the image. */
  public int slices() {
    return image.getNSlices();
  }

  /** Time points of the image. */
  public int timePoints() {
    return image.getNFrames();
  }

  /** Channels of every frame. */
  public int channels() {
    return grey ? 1 : channels.size();
  }

  /** The image itself. */
  public ImagePlus image() {
    return image;
  }

  /**
   * Reads one frame: columns, rows, channels.
   *
   * @param z slice, from 1
   * @param t time point, from 1
   * @throws SpyhopException if a virtual stack cannot read it
   */
  public Frame get(int z, int t) {
    List<Object> planes = new ArrayList<>();
    if (palette) planes.addAll(colors(z, t));
    else for (int channel : channels) planes.add(plane(channel, z, t));
    String name = image.getTitle();
    if (image.getNSlices() > 1) name += ", slice " + z;
    if (image.getNFrames() > 1) name += ", frame " + t;
    List<Object> shown = grey ? List.of(combine(planes)) : planes;
    Frame frame = new Frame(name, wrap(shown), pixelSize(image));
    return measured
        .flatMap(m -> m.plane(z, t))
        .map(clipping -> frame.measuredOver(clipping.inside()))
        .orElse(frame);
  }

  /** The same, normalized over a part of the image. */
  public Frames measuredWithin(LookArea.Of part) {
    return new Frames(image, grey, channels, palette, Optional.of(part));
  }

  /**
   * A few frames that stand for all: spread over slices, in the middle of time. Each is read when
   * it is asked for.
   */
  public List<Frame> samples() {
    int t = (timePoints() + 1) / 2;
    int[] planes =
        IntStream.range(0, SAMPLES)
            .map(i -> 1 + (2 * i + 1) * slices() / (2 * SAMPLES))
            .map(z -> Math.min(z, slices()))
            .distinct()
            .toArray();
    return new AbstractList<>() {
      @Override
      public Frame get(int index) {
        return Frames.this.get(planes[index], t);
      }

      @Override
      public int size() {
        return planes.length;
      }
    };
  }

  /** Red, green and blue by the lookup table. */
  private List<byte[]> colors(int z, int t) {
    byte[] indices = (byte[]) plane(0, z, t);
    LUT table = image.getProcessor().getLut();
    byte[][] rgb = new byte[3][256];
    table.getReds(rgb[0]);
    table.getGreens(rgb[1]);
    table.getBlues(rgb[2]);
    List<byte[]> planes = new ArrayList<>();
    for (byte[] colour : rgb) {
      byte[] plane = new byte[indices.length];
      for (int i = 0; i < plane.length; i++) plane[i] = colour[indices[i] & 0xFF];
      planes.add(plane);
    }
    return planes;
  }

  private static float[] floats(int[] whole) {
    float[] floats = new float[whole.length];
    for (int i = 0; i < floats.length; i++) floats[i] = whole[i];
    return floats;
  }

  /**
   * Pixels of one channel as they are stored, row by row: a {@code byte[]}, {@code short[]} or
   * {@code float[]}, which may be that of the image.
   *
   * @param channel from 0
   * @param z slice, from 1
   * @param t time point, from 1
   * @throws SpyhopException if a virtual stack cannot read it
   */
  public Object pixels(int channel, int z, int t) {
    return plane(channels.get(channel), z, t);
  }

  private Object plane(int channel, int z, int t) {
    int colours = isRgb(image) ? 3 : 1;
    int index = image.getStackIndex(channel / colours + 1, z, t);
    ImageStack stack = image.getStack();
    if (index > stack.size()) {
      throw new SpyhopException(
          image.getTitle()
              + " was closed while it was looked at. Leave it open until the result is there.");
    }
    ImageProcessor plane = stack.getProcessor(index);
    if (plane == null || plane.getPixels() == null) {
      throw new SpyhopException(
          Strings.format(
              "%s: plane %d of %d cannot be read. Is the file still there?",
              image.getTitle(), index, image.getStackSize()));
    }
    if (isWhole(image)) return floats((int[]) plane.getPixels());
    return plane instanceof ColorProcessor colour
        ? colour.getChannel(channel % 3 + 1)
        : plane.getPixels();
  }

  private float[] combine(List<Object> planes) {
    float[] combined = new float[image.getWidth() * image.getHeight()];
    for (int c = 0; c < planes.size(); c++) {
      float weight =
          (float) (isRgb(image) && planes.size() == 3 ? LUMINANCE[c] : 1.0 / planes.size());
      Object plane = planes.get(c);
      int shift = signShift(image);
      for (int i = 0; i < combined.length; i++) {
        float value =
            plane instanceof byte[] bytes
                ? bytes[i] & 0xFF
                : plane instanceof short[] shorts
                    ? (shorts[i] & 0xFFFF) - shift
                    : ((float[]) plane)[i];
        combined[i] += weight * value;
      }
    }
    return combined;
  }

  /** What ImageJ adds to signed 16-bit values to store them as unsigned. */
  static int signShift(ImagePlus image) {
    Calibration calibration = image.getLocalCalibration();
    return calibration.isSigned16Bit() || isSignedDicom(image, calibration) ? SIGN_SHIFT : 0;
  }

  /** Where ImageJ opens a DICOM, its rescale intercept hides the sign of the numbers stored. */
  private static boolean isSignedDicom(ImagePlus image, Calibration calibration) {
    if (image.getBitDepth() != 16 || calibration.getFunction() != Calibration.STRAIGHT_LINE) {
      return false;
    }
    double[] line = calibration.getCoefficients();
    double intercept = Tools.parseDouble(DicomTools.getTag(image, "0028,1052"), 0);
    return Tools.parseDouble(DicomTools.getTag(image, "0028,0103"), 0) == 1
        && line[0] == intercept - line[1] * SIGN_SHIFT;
  }

  private RandomAccessibleInterval<? extends RealType<?>> wrap(List<Object> planes) {
    long[] size = {image.getWidth(), image.getHeight(), planes.size()};
    Object first = planes.get(0);
    if (first instanceof byte[]) {
      return planar(
          planes.stream().map(p -> new ByteArray((byte[]) p)).toList(),
          size,
          new UnsignedByteType());
    }
    if (first instanceof float[]) {
      return planar(
          planes.stream().map(p -> new FloatArray((float[]) p)).toList(), size, new FloatType());
    }
    RandomAccessibleInterval<UnsignedShortType> shorts =
        planar(
            planes.stream().map(p -> new ShortArray((short[]) p)).toList(),
            size,
            new UnsignedShortType());
    int shift = grey ? 0 : signShift(image);
    if (shift == 0) return shorts;
    return Converters.convert(
        shorts, (stored, value) -> value.set(stored.get() - shift), new IntType());
  }

  private static <T extends NativeType<T>, A extends ArrayDataAccess<A>>
      RandomAccessibleInterval<T> planar(List<A> planes, long[] size, T type) {
    PlanarImg<T, A> img = new PlanarImg<>(planes, size, new Fraction());
    @SuppressWarnings("unchecked")
    var factory = (NativeTypeFactory<T, ? super A>) type.getNativeTypeFactory();
    img.setLinkedType(factory.createLinkedType(img));
    return img;
  }

  /** What areas and places of an image are in, such as {@code µm} or {@code pixel}. */
  public static String unit(ImagePlus image) {
    PixelSize size = pixelSize(image);
    String unit = image.getCalibration().getUnit();
    if (size.isCalibrated()) return size.unit();
    return unit == null || unit.isBlank() ? PixelSize.UNCALIBRATED.unit() : unit;
  }

  /**
   * Physical size of a pixel of an image; {@link PixelSize#UNCALIBRATED} where its calibration
   * names no unit or makes no sense.
   */
  public static PixelSize pixelSize(ImagePlus image) {
    Calibration c = image.getCalibration();
    String unit = c.getUnit() == null ? "" : c.getUnit().strip();
    boolean usable =
        c.scaled()
            && !unit.isEmpty()
            && !unit.equals("pixel")
            && !unit.equals("pixels")
            && Double.isFinite(c.pixelWidth)
            && Double.isFinite(c.pixelHeight)
            && c.pixelWidth > 0
            && c.pixelHeight > 0;
    if (!usable) return PixelSize.UNCALIBRATED;
    return new PixelSize(c.pixelWidth, c.pixelHeight, unit.equals("micron") ? "µm" : unit);
  }
}
