package sc.fiji.spyhop.ij;

import ij.IJ;
import ij.ImagePlus;
import ij.io.Opener;
import ij.plugin.AVI_Reader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.image.tiff.UnsupportedTiffException;
import sc.fiji.spyhop.util.FileNames;
import sc.fiji.spyhop.util.Folders;
import sc.fiji.spyhop.util.Strings;

/** The one way from a file to pixels: finds out by content what it is, and who reads it. */
final class ImageOpener {

  /** What a file is. */
  enum Kind {
    TIFF,
    PNG,
    JPEG,
    GIF,
    BMP,
    PNM,
    DICOM,
    FITS,
    /** An array of NumPy. */
    NPY,
    AVI,
    /** A zip with a TIFF in it, as ImageJ writes it. */
    ZIP,
    /** What Fiji's readers may know. */
    OTHER
  }

  /** A TIFF in a zip; Macs add files of no image that are called as it is. */
  private static final Pattern TIFF =
      Pattern.compile("(?!__MACOSX/).*\\.tiff?", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  private final Path file;
  private final long memory;
  private final boolean lazily;
  private final boolean indices;

  /**
   * @param memory bytes that there are for pixels
   * @param lazily whether planes of a stack are better read when asked for
   * @param indices whether the numbers of a palette are wanted, not what they mean
   */
  ImageOpener(Path file, long memory, boolean lazily, boolean indices) {
    this.file = file;
    this.memory = memory;
    this.lazily = lazily;
    this.indices = indices;
  }

  /** Opens it; every failure is one sentence. */
  ImagePlus open() {
    Kind kind = kind(file);
    if (kind == Kind.OTHER && !hasMoreReaders()) {
      throw new SpyhopException(
          OtherFormats.name(file)
              .map(f -> file + " is " + f + ", which is not read. Save it as TIFF or PNG.")
              .orElse(
                  file
                      + " is not an image: expected TIFF, PNG, JPEG or another format ImageJ opens."));
    }
    try {
      ImagePlus image = open(kind);
      if (image.getWidth() < 1 || image.getHeight() < 1 || image.getStackSize() < 1) {
        throw new SpyhopException(
            Strings.format(
                "%s is empty: expected at least one pixel, received %d x %d.",
                file, image.getWidth(), image.getHeight()));
      }
      image.setTitle(FileNames.last(file));
      return image;
    } catch (SpyhopException e) {
      throw e;
    } catch (IOException | RuntimeException | StackOverflowError | LinkageError e) {
      throw unreadable(file, e);
    } catch (OutOfMemoryError e) {
      throw SpyhopException.outOfMemory(file, e);
    }
  }

  /** Why a file cannot be opened, a sentence. */
  static SpyhopException unreadable(Path file, Throwable e) {
    if (e instanceof EOFException) {
      return new SpyhopException(
          Strings.format(
              "%s is cut short: it has %d bytes, its pixels need more. Copy it again.",
              file, file.toFile().length()),
          e);
    }
    if (e instanceof UnsupportedTiffException) {
      return new SpyhopException(
          Strings.format(
              "%s is a TIFF that is not read: %s. Save it as an uncompressed TIFF of 8 or 16 bits,"
                  + " for example in Fiji with Bio-Formats.",
              file, e.getMessage()),
          e);
    }
    String why = e instanceof IOException ? e.getMessage() : null;
    String reason =
        why == null || why.isBlank() || why.contains(file.toString())
            ? ""
            : " (" + why.strip().replaceAll("\\s+", " ") + ")";
    return new SpyhopException(
        file + " cannot be opened: it is damaged or of a kind that is not read" + reason + ".", e);
  }

  /** What a file is, by its first bytes, and by its name where these do not tell. */
  static Kind kind(Path file) {
    byte[] head;
    try (InputStream in = Files.newInputStream(file)) {
      head = in.readNBytes(4);
    } catch (IOException e) {
      return Kind.OTHER;
    }
    if (head.length < 2) return Kind.OTHER;
    int first = (head[0] & 0xFF) << 8 | head[1] & 0xFF;
    int rest = head.length < 4 ? -1 : (head[2] & 0xFF) << 8 | head[3] & 0xFF;
    if (first == 0x4949 && (rest == 0x2A00 || rest == 0x2B00)) return Kind.TIFF;
    if (first == 0x4D4D && (rest == 0x002A || rest == 0x002B)) return Kind.TIFF;
    if (first == 0xFFD8) return Kind.JPEG;
    if (first == 0x8950 && rest == 0x4E47) return Kind.PNG;
    if (first == 0x934E && rest == 0x554D) return Kind.NPY;
    if (first == 0x4749 && rest == 0x4638) return Kind.GIF;
    boolean pnm = head[0] == 'P' && head[1] >= '1' && head[1] <= '6';
    if (pnm && head.length > 2 && (head[2] <= ' ' || head[2] == '#')) return Kind.PNM;
    return switch (new Opener().getFileType(file.toAbsolutePath().toString())) {
      case Opener.DICOM -> Kind.DICOM;
      case Opener.FITS -> Kind.FITS;
      case Opener.ZIP -> Kind.ZIP;
      case Opener.AVI -> Kind.AVI;
      case Opener.BMP -> Kind.BMP;
      default -> Kind.OTHER;
    };
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

  private ImagePlus open(Kind kind) throws IOException {
    String path = file.toAbsolutePath().toString();
    return switch (kind) {
      case TIFF -> openTiff();
      case PNG -> openPng();
      case JPEG -> openJpeg();
      case GIF -> GifImages.open(file, memory, indices);
      case BMP -> JavaImages.open(file, "bmp", 256, memory, indices);
      case PNM -> PnmFile.open(file, memory);
      case DICOM -> DicomFile.open(file, memory);
      case FITS -> FitsFile.open(file, memory);
      case NPY -> NumpyImage.open(file, memory);
      case AVI -> openAvi(path);
      case ZIP -> openZip();
      case OTHER -> Quietly.open(() -> new Opener().openImage(path));
    };
  }

  private ImagePlus openTiff() throws IOException {
    try {
      return new TiffImages(file, memory, lazily, indices).open();
    } catch (UnsupportedTiffException e) {
      if (!hasMoreReaders()) throw e;
      return Quietly.open(() -> new Opener().openImage(file.toAbsolutePath().toString()));
    }
  }

  private ImagePlus openPng() throws IOException {
    int entries = PngChunks.check(file);
    return turned(JavaImages.open(file, "png", entries, memory, indices), Orientation.ofPng(file));
  }

  private ImagePlus openJpeg() throws IOException {
    JpegHeader header = JpegHeader.read(file);
    if (header.components() == 4) {
      throw new SpyhopException(file + " is a JPEG with CMYK colours. Save it with RGB colours.");
    }
    if (header.bits() != 8) {
      throw new SpyhopException(
          Strings.format(
              "%s is a JPEG of %d bits; those of 8 bits are read. Save it as TIFF or PNG.",
              file, header.bits()));
    }
    ImagePlus image = JavaImages.open(file, "jpeg", 256, memory, indices);
    if (image.getType() == ImagePlus.COLOR_RGB) Opener.convertGrayJpegTo8Bits(image);
    return turned(image, header.orientation());
  }

  private static ImagePlus turned(ImagePlus image, int orientation) {
    if (orientation == Orientation.UPRIGHT) return image;
    if (image.getStackSize() == 1) {
      return new ImagePlus("", Orientation.turn(image.getProcessor(), orientation));
    }
    ij.ImageStack stack = new ij.ImageStack();
    for (int i = 1; i <= image.getStackSize(); i++) {
      stack.addSlice(
          image.getStack().getSliceLabel(i),
          Orientation.turn(image.getStack().getProcessor(i), orientation));
    }
    ImagePlus turned = new ImagePlus("", stack);
    turned.setDimensions(image.getNChannels(), image.getNSlices(), image.getNFrames());
    return new ij.CompositeImage(turned, ij.CompositeImage.COMPOSITE);
  }

  /** A film says at its start how long it is; 0 where it was never finished. */
  private ImagePlus openAvi(String path) throws IOException {
    byte[] head;
    try (InputStream in = Files.newInputStream(file)) {
      head = in.readNBytes(8);
    }
    if (head.length < 8) throw new EOFException();
    long size = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN).getInt(4) & 0xFFFFFFFFL;
    if (size + 8 > Files.size(file) && size < 0xFFFFFFF0L) throw new EOFException();
    return Quietly.open(() -> AVI_Reader.open(path, true));
  }

  /** The TIFF in a zip, as any other TIFF. */
  private ImagePlus openZip() throws IOException {
    Path copy = temporary();
    try (ZipFile zip = new ZipFile(file.toFile())) {
      List<? extends ZipEntry> tiffs =
          zip.stream().filter(e -> TIFF.matcher(e.getName()).matches()).toList();
      if (tiffs.size() != 1) {
        throw new SpyhopException(
            Strings.format(
                "%s is a zip with %d TIFFs in it: expected one. Unpack it, and give the images.",
                file, tiffs.size()));
      }
      try (InputStream in = zip.getInputStream(tiffs.get(0))) {
        copy(in, copy);
      }
      return new TiffImages(copy, memory, false, indices).open();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    } finally {
      Files.deleteIfExists(copy);
    }
  }

  private void write(byte[] bytes, int count, OutputStream out) {
    try {
      out.write(bytes, 0, count);
    } catch (IOException e) {
      throw Folders.cannotWriteTemporary("The TIFF in " + file, e);
    }
  }

  private Path temporary() {
    try {
      return Files.createTempFile("spyhop", ".tif");
    } catch (IOException e) {
      throw Folders.cannotWriteTemporary("The TIFF in " + file, e);
    }
  }

  /** Copies no more than fits into memory. */
  private void copy(InputStream in, Path to) throws IOException {
    try (var out = Files.newOutputStream(to)) {
      byte[] buffer = new byte[1 << 16];
      long copied = 0;
      for (int n = in.read(buffer); n > 0; n = in.read(buffer)) {
        copied += n;
        if (copied > memory) {
          throw new SpyhopException(
              Strings.format(
                  "%s does not fit into memory (%d MB). %s",
                  file, memory >> 20, SpyhopException.MORE_HEAP));
        }
        write(buffer, n, out);
      }
    }
  }
}
