package sc.fiji.spyhop.ij;

import ij.ImagePlus;
import ij.io.FileInfo;
import ij.io.Opener;
import ij.io.TiffDecoder;
import ij.plugin.FileInfoVirtualStack;
import java.io.EOFException;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.image.tiff.TiffFile;
import sc.fiji.spyhop.image.tiff.TiffPage;
import sc.fiji.spyhop.util.FileNames;
import sc.fiji.spyhop.util.Strings;

/** The TIFF files that ImageJ writes itself, read by it. */
final class ImageJTiff {

  private final Path file;
  private final long memory;
  private final boolean lazily;

  ImageJTiff(Path file, long memory, boolean lazily) {
    this.file = file;
    this.memory = memory;
    this.lazily = lazily;
  }

  /**
   * Whether ImageJ reads all pages right. Where its own words tell of a stack, it takes the pixels
   * of all planes to follow each other, whatever directories there are behind the first.
   */
  static boolean reads(TiffFile tiff, List<TiffPage> pages) {
    for (TiffPage page : pages) if (!reads(tiff, page)) return false;
    int images = TiffAxes.images(pages.get(0).description());
    if (images > 1) return (pages.size() == 1 || pages.size() == images) && follow(pages);
    return pages.stream().noneMatch(page -> TiffAxes.images(page.description()) > 1);
  }

  /** Whether nothing lies between the strips of all pages. */
  private static boolean follow(List<TiffPage> pages) {
    long at = pages.get(0).offsets()[0];
    for (TiffPage page : pages) {
      long rowBytes = page.width() * page.samples() * page.bits() / 8;
      for (long y = 0, i = 0; y < page.height(); y += page.tileHeight(), i++) {
        if (page.offsets()[(int) i] != at) return false;
        at += rowBytes * Math.min(page.tileHeight(), page.height() - y);
      }
    }
    return true;
  }

  /**
   * Whether ImageJ reads a page right: uncompressed strips of grey of 8 and 16 bits and of 32-bit
   * floats, of colours of 8 bits, and of its own tables of colours.
   */
  private static boolean reads(TiffFile tiff, TiffPage page) {
    if (tiff.isBig()
        || !page.isSound()
        || page.compression() != 1
        || page.isTiled()
        || page.isReversed()) return false;
    String description = page.description();
    if (page.predictor() != 1 || page.isPlanar() || TiffAxes.isOme(description)) return false;
    boolean unsigned = page.format() == TiffPage.UNSIGNED;
    int bits = page.bits();
    int samples = page.samples();
    return switch (page.photometric()) {
      case TiffPage.WHITE_IS_ZERO -> samples == 1 && bits == 8 && unsigned;
      case TiffPage.BLACK_IS_ZERO ->
          samples == 1
              && (unsigned && (bits == 8 || bits == 16)
                  || page.format() == TiffPage.SIGNED && bits == 16
                  || page.format() == TiffPage.FLOAT && bits == 32);
      case TiffPage.RGB -> samples == 3 && bits == 8 && unsigned;
      case TiffPage.PALETTE ->
          samples == 1 && bits == 8 && unsigned && TiffAxes.isImageJ(description);
      default -> false;
    };
  }

  ImagePlus open() throws IOException {
    Path absolute = file.toAbsolutePath();
    String folder = FileNames.folder(absolute) + File.separator;
    String name = FileNames.last(absolute);
    FileInfo[] infos = new TiffDecoder(folder, name).getTiffInfo();
    if (infos == null || infos.length == 0) throw new IOException("ImageJ finds no image in it");
    RoiBytes.overlay(infos[0]); // as ImageJ believes how large they say they are
    long length = Files.size(file);
    long planes = 0;
    long bytes = 0;
    for (FileInfo info : infos) {
      long plane = (long) info.width * info.height;
      int count = Math.max(1, info.nImages);
      planes += count;
      bytes += plane * info.getBytesPerPixel() * count;
      if (lastByte(info, plane, count) > length) throw new EOFException();
    }
    boolean virtual = planes > 1 && (lazily || bytes > memory / 2);
    if (!virtual && bytes > memory) {
      throw new SpyhopException(
          Strings.format(
              "%s does not fit into memory: its pixels take %d MB of %d MB. %s",
              file, bytes >> 20, memory >> 20, SpyhopException.MORE_HEAP));
    }
    Opener opener = new Opener();
    opener.setSilentMode(true);
    ImagePlus image =
        Quietly.open(
            () ->
                virtual
                    ? FileInfoVirtualStack.openVirtual(folder + name)
                    : opener.openTiff(folder, name));
    if (image.getStackSize() < planes) {
      throw new IOException(
          Strings.format("%d of %d planes were read", image.getStackSize(), planes));
    }
    return image;
  }

  /** Where the pixels of a plane, or of all that follow it without a directory, end in the file. */
  private static long lastByte(FileInfo info, long plane, int count) {
    long size = plane * info.getBytesPerPixel();
    if (info.stripOffsets != null && info.stripOffsets.length > 1 && count == 1) return 0;
    return info.getOffset() + size * count + (count - 1) * info.getGap();
  }
}
