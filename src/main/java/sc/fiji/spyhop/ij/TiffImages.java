package sc.fiji.spyhop.ij;

import ij.CompositeImage;
import ij.ImagePlus;
import ij.ImageStack;
import ij.gui.Overlay;
import ij.io.FileInfo;
import ij.io.TiffDecoder;
import ij.measure.Calibration;
import ij.process.ImageProcessor;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.image.tiff.TiffFile;
import sc.fiji.spyhop.image.tiff.TiffPage;
import sc.fiji.spyhop.image.tiff.TiffPixels;
import sc.fiji.spyhop.image.tiff.UnsupportedTiffException;
import sc.fiji.spyhop.util.FileNames;
import sc.fiji.spyhop.util.Strings;

/**
 * Opens TIFF and BigTIFF. Layouts that ImageJ is known to read right are left to it, which keeps
 * what it writes into files; all others are read here, and what cannot be is refused by name.
 */
final class TiffImages {

  private static final Pattern TRUNCATED =
      Pattern.compile("^\\{\"shape\":.*\"truncated\":\\s*true", Pattern.DOTALL);

  private final Path file;
  private final long memory;
  private final boolean lazily;
  private final boolean indices;

  /**
   * @param lazily whether planes of a stack are better read when asked for
   * @param indices whether the numbers of a palette are wanted, not what they mean
   */
  TiffImages(Path file, long memory, boolean lazily, boolean indices) {
    this.file = file;
    this.memory = memory;
    this.lazily = lazily;
    this.indices = indices;
  }

  /**
   * Opens the image in the file: its pages without thumbnails and masks.
   *
   * @throws UnsupportedTiffException if it has a property that is not read
   * @throws EOFException if the file ends before its pixels do
   * @throws IOException if it is damaged
   */
  ImagePlus open() throws IOException {
    try (TiffFile tiff = TiffFile.open(file)) {
      List<TiffPage> pages = pages(tiff);
      for (TiffPage page : pages) {
        TiffPixels.check(tiff, page);
        if (!tiff.isMetadataWhole(page)) throw new IOException("its regions are cut off");
      }
      requireDirectories(pages);
      boolean all = pages.size() == tiff.pages().size();
      if (all && ImageJTiff.reads(tiff, pages)) return new ImageJTiff(file, memory, lazily).open();
      return read(tiff, pages);
    }
  }

  /** Whether what ImageJ has put into a TIFF is cut off, or longer than it can be. */
  static boolean hasDamagedMetadata(Path file) throws IOException {
    try (TiffFile tiff = TiffFile.open(file)) {
      for (TiffPage page : tiff.pages()) if (!tiff.isMetadataWhole(page)) return true;
      return false;
    }
  }

  /** Whether what ImageJ has put into a TIFF is as long as it says: it believes it. */
  static boolean isWhole(Path file) throws IOException {
    try (TiffFile tiff = TiffFile.open(file)) {
      boolean whole = !tiff.isBig();
      for (TiffPage page : tiff.pages()) whole &= page.isSound() && tiff.isMetadataWhole(page);
      return whole;
    }
  }

  /** Columns and rows. */
  static int[] size(Path file) throws IOException {
    try (TiffFile tiff = TiffFile.open(file)) {
      TiffPage page = new TiffImages(file, Long.MAX_VALUE, true, false).pages(tiff).get(0);
      return new int[] {(int) page.width(), (int) page.height()};
    }
  }

  private List<TiffPage> pages(TiffFile tiff) throws IOException {
    if (tiff.pages().isEmpty()) {
      throw new SpyhopException(file + " is a TIFF file without an image in it.");
    }
    List<TiffPage> pages = tiff.pages().stream().filter(TiffPage::isMain).toList();
    if (pages.isEmpty()) pages = tiff.pages();
    TiffPage first = pages.get(0);
    if (first.width() < 1 || first.height() < 1) {
      throw new SpyhopException(
          Strings.format(
              "%s is empty: expected at least one pixel, received %d x %d.",
              file, first.width(), first.height()));
    }
    if (first.width() > Integer.MAX_VALUE
        || first.height() > Integer.MAX_VALUE
        || first.width() * first.height() > Integer.MAX_VALUE - 8) {
      throw new SpyhopException(
          Strings.format(
              "%s has %d x %d pixels; planes of up to 2,147,483,639 can be opened.",
              file, first.width(), first.height()));
    }
    for (TiffPage page : pages) requireAlike(first, page);
    return pages;
  }

  /** Some programs put all planes behind one directory, which tells of one. */
  private void requireDirectories(List<TiffPage> pages) throws IOException {
    TiffPage first = pages.get(0);
    if (pages.size() > 1) return;
    boolean named = FileNames.last(file).toLowerCase(Locale.ROOT).endsWith(".stk");
    if (first.metaMorphPlanes() > 1 && !named) {
      throw new UnsupportedTiffException(
          Strings.format(
              "it is a stack of MetaMorph with %d planes behind one directory, which is read if"
                  + " its name ends in .stk",
              first.metaMorphPlanes()));
    }
    if (TRUNCATED.matcher(first.description()).find()) {
      throw new UnsupportedTiffException(
          "its planes stand behind one directory (tifffile, \"truncated\")");
    }
  }

  private static void requireAlike(TiffPage a, TiffPage b) throws IOException {
    if (a.width() != b.width() || a.height() != b.height()) {
      throw new UnsupportedTiffException(
          Strings.format(
              "its pages have different sizes, %d x %d and %d x %d pixels, and none is marked as"
                  + " a thumbnail (NewSubfileType)",
              a.width(), a.height(), b.width(), b.height()));
    }
    if (a.bits() != b.bits()
        || a.format() != b.format()
        || a.samples() != b.samples()
        || a.photometric() != b.photometric()) {
      throw new UnsupportedTiffException("its pages are of different types");
    }
  }

  private ImagePlus read(TiffFile tiff, List<TiffPage> pages) throws IOException {
    TiffAxes axes = TiffAxes.of(pages);
    TiffPlanes planes = new TiffPlanes(tiff, pages, axes, indices);
    int count = planes.count();
    long bytes = planes.bytes() * count;
    boolean virtual = count > 1 && (lazily || bytes > memory / 2);
    if (!virtual && bytes > memory) {
      throw new SpyhopException(
          Strings.format(
              "%s does not fit into memory: its pixels take %d MB of %d MB. %s",
              file, bytes >> 20, memory >> 20, SpyhopException.MORE_HEAP));
    }
    ImageStack stack = virtual ? new TiffStack(file, planes) : stack(planes);
    ImagePlus image = new ImagePlus("", stack);
    int channels = count / (axes.slices() * axes.frames());
    image.setDimensions(channels, axes.slices(), axes.frames());
    image.setOpenAsHyperStack(count > 1);
    calibrate(image, axes, pages.get(0));
    addMetadata(image, tiff, pages.get(0));
    if (channels < 2) return image;
    CompositeImage composite =
        new CompositeImage(
            image,
            channels <= CompositeImage.MAX_CHANNELS
                ? CompositeImage.COMPOSITE
                : CompositeImage.GRAYSCALE);
    composite.setOpenAsHyperStack(true);
    return composite;
  }

  private static ImageStack stack(TiffPlanes planes) throws IOException {
    ImageStack stack = new ImageStack(planes.width(), planes.height());
    for (int i = 0; i < planes.count(); ) {
      for (ImageProcessor plane : planes.page(i)) {
        stack.addSlice("", plane);
        i++;
      }
    }
    return stack;
  }

  private static void calibrate(ImagePlus image, TiffAxes axes, TiffPage page) {
    Calibration calibration = image.getCalibration();
    if (axes.pixelWidth() > 0 && axes.pixelHeight() > 0 && !axes.unit().isEmpty()) {
      calibration.pixelWidth = axes.pixelWidth();
      calibration.pixelHeight = axes.pixelHeight();
      if (axes.pixelDepth() > 0) calibration.pixelDepth = axes.pixelDepth();
      calibration.setUnit(axes.unit());
    }
    boolean shifted = image.getBitDepth() == 16 && TiffAxes.isSigned16(page.description());
    if (shifted || TiffPixels.isSigned16(page)) calibration.setSigned16BitCalibration();
  }

  /** What ImageJ has drawn on it. */
  private void addMetadata(ImagePlus image, TiffFile tiff, TiffPage page) throws IOException {
    if (!page.hasMetadata() || !page.isSound() || tiff.isBig()) return;
    Path absolute = file.toAbsolutePath();
    FileInfo[] infos =
        new TiffDecoder(FileNames.folder(absolute).toString(), FileNames.last(absolute))
            .getTiffInfo();
    if (infos == null || infos.length == 0) return;
    Overlay overlay = RoiBytes.overlay(infos[0]);
    if (infos[0].roi != null) image.setRoi(RoiBytes.decode(infos[0].roi, "its selection"));
    if (infos[0].overlay != null) image.setOverlay(overlay);
  }
}
