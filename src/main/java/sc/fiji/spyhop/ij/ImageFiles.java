package sc.fiji.spyhop.ij;

import ij.ImagePlus;
import java.io.IOException;
import java.lang.ref.SoftReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.ImageReader;
import sc.fiji.spyhop.prediction.ImageSize;
import sc.fiji.spyhop.prediction.LabelMap;
import sc.fiji.spyhop.util.Strings;

/**
 * Opens images without a dialog: TIFF, BigTIFF, PNG, JPEG, GIF, BMP, PBM, PGM, PPM, DICOM, FITS,
 * NPY, AVI, zipped TIFF; in Fiji also what its own readers know. Photographs are turned upright as
 * their EXIF data say, once, here.
 */
public final class ImageFiles implements ImageReader {

  /** What is said of pipes and devices, after their name. */
  public static final String NO_PIPES =
      ": expected an image file, this is a pipe or a device. Write it to a file first.";

  private final Optional<Channels> channels;
  private Opened opened;
  private SoftReference<ImagePlus> image = new SoftReference<>(null);

  /** A file as it was. */
  private record Opened(Path file, FileTime time, long size) {}

  private record Channels(ChannelChoice choice, int expected) {}

  /** Reads frames with all their channels; RGB whose colours are equal everywhere has one. */
  public ImageFiles() {
    this.channels = Optional.empty();
  }

  /**
   * Reads frames for a network.
   *
   * @param expected channels of its input
   */
  public ImageFiles(ChannelChoice choice, int expected) {
    this.channels = Optional.of(new Channels(choice, expected));
  }

  /**
   * Opens an image of any dimensions. A TIFF stack that would fill more than half of the memory is
   * opened as a virtual stack.
   *
   * @throws SpyhopException if the file is missing, unreadable, no image, cut short, or without a
   *     pixel
   */
  public static ImagePlus open(Path file) {
    return open(file, Runtime.getRuntime().maxMemory());
  }

  static ImagePlus open(Path file, long memory) {
    return open(file, memory, false);
  }

  private static ImagePlus open(Path file, long memory, boolean lazily) {
    requireReadable(file);
    return new ImageOpener(file, memory, lazily, false).open();
  }

  /** Whether it is there, but neither a file nor a folder. */
  public static boolean isPipe(Path path) {
    return Files.exists(path) && !Files.isRegularFile(path) && !Files.isDirectory(path);
  }

  static void requireReadable(Path file) {
    if (!Files.exists(file)) throw new SpyhopException(file + ": there is no such file.");
    if (Files.isDirectory(file)) {
      throw new SpyhopException(file + ": expected an image file, this is a folder.");
    }
    if (isPipe(file)) throw new SpyhopException(file + NO_PIPES);
    if (!file.toFile().exists()) {
      throw new SpyhopException(
          file
              + " has a name whose letters are not of the character set of this machine."
              + " Rename the file.");
    }
    try (var in = Files.newInputStream(file)) {
      if (in.read() < 0) throw new SpyhopException(file + " is empty (0 bytes).");
    } catch (IOException e) {
      throw new SpyhopException(file + " cannot be read; is permission missing?", e);
    }
  }

  /**
   * Reads an image of one slice and one time point.
   *
   * @throws SpyhopException if the file is missing, is no image, is empty, is a stack, or has other
   *     channels than asked for
   */
  @Override
  public Frame readFrame(Path file) {
    ImagePlus plane = open(file);
    requirePlane(file, plane.getNSlices(), plane.getNFrames());
    return frame(plane, 1, 1);
  }

  @Override
  public Frame readFrame(Path file, int z, int t) {
    ImagePlus image = stack(file);
    if (z < 1 || z > image.getNSlices() || t < 1 || t > image.getNFrames()) {
      throw new SpyhopException(
          Strings.format(
              "%s: expected slice %d at time point %d, but there are %d slices and %d time points.",
              file, z, t, image.getNSlices(), image.getNFrames()));
    }
    return frame(image, z, t);
  }

  @Override
  public List<Plane> planes(Path file) {
    ImagePlus image = stack(file);
    List<Plane> planes = new ArrayList<>();
    for (int t = 1; t <= image.getNFrames(); t++) {
      for (int z = 1; z <= image.getNSlices(); z++) {
        planes.add(new Plane(z, t, label(image, image.getStackIndex(1, z, t))));
      }
    }
    return planes;
  }

  private static String label(ImagePlus image, int index) {
    String label =
        image.getStackSize() == 1
            ? (String) image.getProperty("Label")
            : image.getStack().getSliceLabel(index);
    return label == null ? "" : label.lines().findFirst().orElse("").strip();
  }

  /** A stack whose planes are asked for one by one; the one asked for last is kept open. */
  private synchronized ImagePlus stack(Path file) {
    try {
      Opened asked = new Opened(file, Files.getLastModifiedTime(file), Files.size(file));
      ImagePlus kept = asked.equals(opened) ? image.get() : null;
      if (kept != null) return kept;
      ImagePlus made = open(file, Runtime.getRuntime().maxMemory(), true);
      opened = asked;
      image = new SoftReference<>(made);
      return made;
    } catch (IOException e) {
      return open(file); // which says what is wrong
    }
  }

  private Frame frame(ImagePlus image, int z, int t) {
    Channels wanted =
        channels.orElseGet(
            () ->
                Frames.isGreyRgb(image)
                    ? new Channels(ChannelChoice.AUTO, 1)
                    : new Channels(ChannelChoice.AUTO, Frames.of(image).channels()));
    return Frames.of(image, wanted.choice, wanted.expected).get(z, t);
  }

  @Override
  public ImageSize readSize(Path file) {
    ImageSize stored = readStoredSize(file);
    return Orientation.swaps(readOrientation(file))
        ? new ImageSize(stored.height(), stored.width())
        : stored;
  }

  @Override
  public ImageSize readStoredSize(Path file) {
    requireReadable(file);
    try {
      switch (ImageOpener.kind(file)) {
        case TIFF -> {
          int[] size = TiffImages.size(file);
          return new ImageSize(size[0], size[1]);
        }
        case JPEG -> {
          JpegHeader header = JpegHeader.read(file);
          return new ImageSize(header.width(), header.height());
        }
        case PNG, BMP -> {
          return JavaImages.size(file);
        }
        default -> {}
      }
    } catch (IOException | RuntimeException e) {
      // Damaged, or unusual: opening it says what is wrong.
    }
    ImagePlus image = open(file);
    ImageSize size = new ImageSize(image.getWidth(), image.getHeight());
    return Orientation.swaps(readOrientation(file))
        ? new ImageSize(size.height(), size.width())
        : size;
  }

  @Override
  public int readOrientation(Path file) {
    requireReadable(file);
    try {
      return switch (ImageOpener.kind(file)) {
        case JPEG -> JpegHeader.read(file).orientation();
        case PNG -> Orientation.ofPng(file);
        default -> Orientation.UPRIGHT;
      };
    } catch (IOException e) {
      return Orientation.UPRIGHT; // damaged: its pixels tell
    }
  }

  private static void requirePlane(Path file, int slices, int frames) {
    if (slices == 1 && frames == 1) return;
    throw new SpyhopException(
        Strings.format(
            "%s: expected one slice and one time point, received %d and %d. Save them one by one.",
            file, slices, frames));
  }

  @Override
  public LabelMap readLabels(Path file, IntPredicate unknown) {
    LabelStack labels = LabelStack.open(file);
    requirePlane(file, labels.slices(), labels.frames());
    return labels.labels(1, 1, unknown);
  }
}
