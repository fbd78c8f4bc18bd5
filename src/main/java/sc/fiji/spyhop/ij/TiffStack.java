package sc.fiji.spyhop.ij;

import ij.VirtualStack;
import ij.process.ImageProcessor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import sc.fiji.spyhop.SpyhopException;

/** Planes of a TIFF that are read when they are asked for; those of the last page are kept. */
final class TiffStack extends VirtualStack {

  private final Path file;
  private final TiffPlanes planes;
  private int last = -1;
  private List<ImageProcessor> read = List.of();

  TiffStack(Path file, TiffPlanes planes) {
    super(planes.width(), planes.height(), planes.count());
    this.file = file;
    this.planes = planes;
    setBitDepth(planes.bitDepth());
  }

  @Override
  public synchronized ImageProcessor getProcessor(int n) {
    int page = (n - 1) / planes.perPage();
    try {
      if (page != last) read = planes.page(n - 1);
      last = page;
    } catch (IOException e) {
      if (Files.exists(file)) throw ImageOpener.unreadable(file, e);
      throw new SpyhopException(file + " cannot be read any more. Is it still there?", e);
    }
    return read.get((n - 1) % planes.perPage()).duplicate();
  }

  @Override
  public Object getPixels(int n) {
    return getProcessor(n).getPixels();
  }

  @Override
  public int getSize() {
    return planes.count();
  }

  @Override
  public int size() {
    return planes.count();
  }

  @Override
  public int getBitDepth() {
    return planes.bitDepth();
  }

  @Override
  public String getSliceLabel(int n) {
    return null;
  }
}
