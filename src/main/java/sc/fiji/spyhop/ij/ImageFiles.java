package sc.fiji.spyhop.ij;

import ij.IJ;
import ij.ImagePlus;
import ij.io.FileInfo;
import ij.io.Opener;
import ij.io.TiffDecoder;
import ij.plugin.AVI_Reader;
import ij.plugin.FileInfoVirtualStack;
import ij.process.ByteProcessor;
import ij.process.ImageProcessor;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.ref.SoftReference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.imageio.ImageIO;
import javax.imageio.stream.ImageInputStream;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.dataset.format.LabelImageFormat;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.ImageReader;
import sc.fiji.spyhop.prediction.ImageSize;
import sc.fiji.spyhop.prediction.LabelMap;
import sc.fiji.spyhop.util.Strings;

/**
 * Opens whatever ImageJ opens, without a dialog: TIFF, PNG, JPEG, GIF, BMP, DICOM, FITS, PGM, AVI,
 * zipped TIFF; in Fiji also what its own readers know.
 */
public final class ImageFiles implements ImageReader {

  private static final Set<Integer> IMAGES =
      Set.of(
          Opener.TIFF,
          Opener.DICOM,
          Opener.TIFF_AND_DICOM,
          Opener.FITS,
          Opener.PGM,
          Opener.JPEG,
          Opener.GIF,
          Opener.PNG,
          Opener.BMP,
          Opener.ZIP,
          Opener.AVI);

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

  /**
   * @param lazily whether planes of a stack are better read when asked for
   */
  private static ImagePlus open(Path file, long memory, boolean lazily) {
    requireReadable(file);
    Opener opener = new Opener();
    opener.setSilentMode(true);
    String path = file.toAbsolutePath().toString();
    int type = opener.getFileType(path);
    if (!IMAGES.contains(type) && !(type == Opener.UNKNOWN && hasMoreReaders())) {
      throw new SpyhopException(
          file + " is not an image: expected TIFF, PNG, JPEG or another format ImageJ opens.");
    }
    ImagePlus image;
    try {
      image =
          switch (type) {
            case Opener.TIFF -> openTiff(file, opener, memory, lazily);
            case Opener.PNG -> PngFile.open(file);
            case Opener.JPEG -> openJpeg(file, opener);
            case Opener.AVI -> withoutDialogs(() -> AVI_Reader.open(path, true));
            default -> withoutDialogs(() -> opener.openImage(path));
          };
    } catch (IOException | RuntimeException e) {
      if (e instanceof SpyhopException problem) throw problem;
      throw damaged(file, e instanceof IOException ? e.getMessage() : null, e);
    } catch (OutOfMemoryError e) {
      throw new SpyhopException(
          Strings.format(
              "%s does not fit into memory (%d MB). Give Java more (option -Xmx).",
              file, memory >> 20),
          e);
    }
    if (image.getWidth() < 1 || image.getHeight() < 1) {
      throw new SpyhopException(
          Strings.format(
              "%s is empty: expected at least one pixel, received %d x %d.",
              file, image.getWidth(), image.getHeight()));
    }
    image.setTitle(file.getFileName().toString());
    return image;
  }

  private static void requireReadable(Path file) {
    if (!Files.exists(file)) throw new SpyhopException(file + ": there is no such file.");
    if (Files.isDirectory(file)) {
      throw new SpyhopException(file + ": expected an image file, this is a folder.");
    }
    try (var in = Files.newInputStream(file)) {
      if (in.read() < 0) throw new SpyhopException(file + " is empty (0 bytes).");
    } catch (IOException e) {
      throw new SpyhopException(file + " cannot be read; is permission missing?", e);
    }
  }

  /** Whether Fiji's hook for further formats is there. */
  private static boolean hasMoreReaders() {
    try {
      Class.forName("HandleExtraFileTypes", false, IJ.getClassLoader());
      return true;
    } catch (ClassNotFoundException | LinkageError e) {
      return false;
    }
  }

  private static SpyhopException damaged(Path file, String why, Throwable cause) {
    String reason =
        why == null || why.isBlank() ? "" : " (" + why.strip().replaceAll("\\s+", " ") + ")";
    return new SpyhopException(
        file + " cannot be opened: it is damaged or of a kind ImageJ does not read" + reason + ".",
        cause);
  }

  private interface Opening {
    ImagePlus open();
  }

  /** ImageJ reports errors to its log window instead of a dialog. */
  private static synchronized ImagePlus withoutDialogs(Opening opening) throws IOException {
    boolean before = IJ.redirectingErrorMessages();
    IJ.redirectErrorMessages(true);
    try {
      ImagePlus image = opening.open();
      if (image != null) return image;
      String why = IJ.getErrorMessage();
      throw new IOException(why == null ? "" : why);
    } finally {
      IJ.redirectErrorMessages(before);
    }
  }

  private static ImagePlus openTiff(Path file, Opener opener, long memory, boolean lazily)
      throws IOException {
    Path absolute = file.toAbsolutePath();
    String folder = absolute.getParent() + java.io.File.separator;
    String name = absolute.getFileName().toString();
    requireEnd(file);
    FileInfo[] infos = new TiffDecoder(folder, name).getTiffInfo();
    if (infos == null || infos.length == 0) {
      throw new SpyhopException(file + " is a TIFF file without an image in it.");
    }
    long length = Files.size(file);
    long planes = 0;
    long bytes = 0;
    for (FileInfo info : infos) {
      if (info.width < 1 || info.height < 1) {
        throw new SpyhopException(
            Strings.format(
                "%s is empty: expected at least one pixel, received %d x %d.",
                file, info.width, info.height));
      }
      long plane = (long) info.width * info.height;
      if (plane > Integer.MAX_VALUE - 8) {
        throw new SpyhopException(
            Strings.format(
                "%s has %d x %d pixels; ImageJ opens planes of up to 2,147,483,639.",
                file, info.width, info.height));
      }
      int count = Math.max(1, info.nImages);
      planes += count;
      bytes += plane * info.getBytesPerPixel() * count;
      if (lastByte(info, plane, count) > length) {
        throw new SpyhopException(
            Strings.format(
                "%s is cut short: it has %d bytes, its pixels need more. Copy it again.",
                file, length));
      }
    }
    boolean virtual =
        planes > 1
            && (lazily || bytes > memory / 2)
            && infos[0].compression == FileInfo.COMPRESSION_NONE;
    if (!virtual && bytes > memory) {
      throw new SpyhopException(
          Strings.format(
              "%s does not fit into memory: its pixels take %d MB of %d MB. Give Java more (option -Xmx).",
              file, bytes >> 20, memory >> 20));
    }
    ImagePlus image =
        withoutDialogs(
            () ->
                virtual
                    ? FileInfoVirtualStack.openVirtual(folder + name)
                    : opener.openTiff(folder, name));
    if (image.getStackSize() < planes) {
      throw damaged(file, image.getStackSize() + " of " + planes + " planes read", null);
    }
    return image;
  }

  /** Refuses a TIFF whose chain of directories is a ring, which ImageJ would follow for ever. */
  private static void requireEnd(Path file) throws IOException {
    try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
      ByteBuffer head = ByteBuffer.allocate(8);
      in.readFully(head.array());
      head.order(head.get(0) == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
      Set<Long> seen = new HashSet<>();
      long at = head.getInt(4) & 0xFFFFFFFFL;
      while (at > 0 && at + 2 <= in.length()) {
        if (!seen.add(at)) throw new IOException("its directories form a ring");
        in.seek(at);
        in.readFully(head.array(), 0, 2);
        long next = at + 2 + 12L * (head.getShort(0) & 0xFFFF);
        if (next + 4 > in.length()) return;
        in.seek(next);
        in.readFully(head.array(), 0, 4);
        at = head.getInt(0) & 0xFFFFFFFFL;
      }
    }
  }

  /** Where the pixels of a plane end in the file. */
  private static long lastByte(FileInfo info, long plane, int count) {
    if (info.stripOffsets != null && info.stripLengths != null && info.stripOffsets.length > 0) {
      long end = 0;
      for (int i = 0; i < info.stripOffsets.length; i++) {
        long strip = i < info.stripLengths.length ? info.stripLengths[i] & 0xFFFFFFFFL : 0;
        end = Math.max(end, (info.stripOffsets[i] & 0xFFFFFFFFL) + strip);
      }
      if (info.stripOffsets.length > 1 || info.compression > FileInfo.COMPRESSION_NONE) return end;
    }
    if (info.compression > FileInfo.COMPRESSION_NONE) return 0;
    long size =
        switch (info.fileType) {
          case FileInfo.BITMAP -> (long) ((info.width + 7) / 8) * info.height;
          case FileInfo.GRAY12_UNSIGNED -> plane * 3 / 2;
          case FileInfo.GRAY10_UNSIGNED -> plane * 5 / 4;
          default -> plane * info.getBytesPerPixel();
        };
    return info.getOffset() + size * count + (count - 1) * info.getGap();
  }

  /** ImageJ fills a JPEG that is cut short with grey, so it is decoded for warnings first. */
  private static ImagePlus openJpeg(Path file, Opener opener) throws IOException {
    boolean[] cut = {false};
    try (ImageInputStream in = ImageIO.createImageInputStream(file.toFile())) {
      Iterator<javax.imageio.ImageReader> readers = ImageIO.getImageReaders(in);
      if (readers.hasNext()) {
        javax.imageio.ImageReader reader = readers.next();
        try {
          reader.addIIOReadWarningListener(
              (source, warning) ->
                  cut[0] |= warning.contains("Premature end") || warning.contains("EOI"));
          reader.setInput(in, true, true);
          reader.read(0);
        } finally {
          reader.dispose();
        }
      }
    }
    if (cut[0]) throw new SpyhopException(file + " is cut short. Copy it again.");
    return withoutDialogs(() -> opener.openImage(file.toAbsolutePath().toString()));
  }

  /**
   * Reads an image of one slice and one time point.
   *
   * @throws SpyhopException if the file is missing, is no image, is empty, is a stack, or has other
   *     channels than asked for
   */
  @Override
  public Frame readFrame(Path file) {
    return frame(requirePlane(file, open(file)), 1, 1);
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
    requireReadable(file);
    try (ImageInputStream in = ImageIO.createImageInputStream(file.toFile())) {
      Iterator<javax.imageio.ImageReader> readers = ImageIO.getImageReaders(in);
      if (readers.hasNext()) {
        javax.imageio.ImageReader reader = readers.next();
        try {
          reader.setInput(in, true, true);
          return new ImageSize(reader.getWidth(0), reader.getHeight(0));
        } finally {
          reader.dispose();
        }
      }
    } catch (IOException | RuntimeException e) {
      // Not what Java reads, or damaged: ImageJ opens it or says why not.
    }
    ImagePlus image = open(file);
    return new ImageSize(image.getWidth(), image.getHeight());
  }

  private static ImagePlus requirePlane(Path file, ImagePlus image) {
    if (image.getNSlices() > 1 || image.getNFrames() > 1) {
      throw new SpyhopException(
          Strings.format(
              "%s: expected one slice and one time point, received %d and %d. Save them one by one.",
              file, image.getNSlices(), image.getNFrames()));
    }
    return image;
  }

  @Override
  public LabelMap readLabels(Path file) {
    requireReadable(file);
    LabelImageFormat.requireLossless(file);
    Opener opener = new Opener();
    boolean png = opener.getFileType(file.toAbsolutePath().toString()) == Opener.PNG;
    ImagePlus image = requirePlane(file, png ? PngFile.openIndices(file) : open(file));
    if (Frames.isRgb(image) || image.getNChannels() > 1) {
      throw new SpyhopException(
          Strings.format(
              "%s: expected a label image with one number per pixel, received %s."
                  + " Is it a picture of one class, or of objects? Save labels as 8-bit, 16-bit or"
                  + " 32-bit grey: a number for each class or object.",
              file, Frames.isRgb(image) ? "RGB colours" : image.getNChannels() + " channels"));
    }
    return toLabels(file, image);
  }

  private static LabelMap toLabels(Path file, ImagePlus image) {
    ImageProcessor pixels = image.getProcessor();
    int shift = image.getLocalCalibration().isSigned16Bit() ? 1 << 15 : 0;
    boolean whole = pixels instanceof ByteProcessor || pixels.getBitDepth() == 16;
    int width = image.getWidth();
    int size = width * image.getHeight();
    float max = 0;
    for (int i = 0; i < size; i++) {
      float value = whole ? pixels.get(i) - shift : pixels.getf(i);
      if (!(value >= 0 && value <= LabelMap.MAX_LABEL) || value != (int) value) {
        throw new SpyhopException(
            Strings.format(
                "%s: expected labels that are whole numbers from 0 to 16,777,216,"
                    + " received %s at column %d, row %d.",
                file, value, i % width, i / width));
      }
      max = Math.max(max, value);
    }
    // beyond 16 bits 65535 is a label as any other
    int free = whole ? LabelMap.UNLABELLED : Math.max((int) max, LabelMap.UNLABELLED) + 1;
    LabelMap labels = LabelMap.sized(width, image.getHeight(), (int) max);
    for (int i = 0; i < size; i++) {
      int label = whole ? pixels.get(i) - shift : (int) pixels.getf(i);
      labels.set(i, label == LabelMap.UNLABELLED ? free : label);
    }
    return labels;
  }
}
