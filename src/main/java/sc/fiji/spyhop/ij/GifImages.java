package sc.fiji.spyhop.ij;

import ij.ImagePlus;
import ij.ImageStack;
import ij.process.ByteProcessor;
import ij.process.ColorProcessor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.util.Strings;

/**
 * GIF as it is shown: each frame is painted over what is left of those before it, and is a plane of
 * its own. What stays transparent is white, as in ImageJ.
 */
final class GifImages {

  private final Path file;
  private final GifFile gif;
  private final int[] screen;

  private GifImages(Path file, GifFile gif) {
    this.file = file;
    this.gif = gif;
    this.screen = new int[gif.width() * gif.height()];
  }

  /**
   * Opens a file. What a palette means is up to {@link Palettes}.
   *
   * @param indices whether the numbers of a palette are wanted, not what they mean
   * @throws IOException if it is damaged or cut short
   */
  static ImagePlus open(Path file, long memory, boolean indices) throws IOException {
    GifFile gif = GifFile.read(file);
    if (gif.frames().isEmpty()) {
      throw new SpyhopException(file + " is a GIF without an image in it.");
    }
    long pixels = (long) gif.width() * gif.height();
    if (pixels > Integer.MAX_VALUE - 8 || pixels * 4 * (gif.frames().size() + 1) > memory) {
      throw new SpyhopException(
          Strings.format(
              "%s does not fit into memory: it has %d x %d pixels and %d frames. %s",
              file, gif.width(), gif.height(), gif.frames().size(), SpyhopException.MORE_HEAP));
    }
    GifImages images = new GifImages(file, gif);
    return indices ? images.numbers() : images.shown();
  }

  private ImagePlus numbers() throws IOException {
    GifFile.Frame frame = gif.frames().get(0);
    boolean one = gif.frames().size() == 1;
    if (!one || frame.width() != gif.width() || frame.height() != gif.height()) {
      throw new SpyhopException(
          file
              + ": expected a GIF of one frame that covers the image, since its numbers are labels."
              + " Save labels as TIFF or PNG.");
    }
    byte[] labels = Palettes.risingGreys(frame.numbers(), frame.palette());
    return new ImagePlus("", new ByteProcessor(gif.width(), gif.height(), labels, null));
  }

  private ImagePlus shown() throws IOException {
    fill(0, 0, gif.width(), gif.height(), uncovered(gif.frames().get(0)));
    List<int[]> planes = new ArrayList<>();
    boolean grey = true;
    for (GifFile.Frame frame : gif.frames()) {
      int[] before = frame.disposal() == GifFile.TO_PREVIOUS ? screen.clone() : screen;
      paint(frame);
      int[] plane = new int[screen.length];
      for (int i = 0; i < plane.length; i++) {
        plane[i] = Palettes.onWhite(screen[i]);
        grey &= Palettes.isGrey(plane[i]);
      }
      planes.add(plane);
      if (frame.disposal() == GifFile.TO_PREVIOUS) {
        System.arraycopy(before, 0, screen, 0, screen.length);
      } else if (frame.disposal() == GifFile.TO_BACKGROUND) {
        fill(frame.left(), frame.top(), frame.width(), frame.height(), uncovered(frame));
      }
    }
    ImageStack stack = new ImageStack(gif.width(), gif.height());
    for (int[] plane : planes) {
      stack.addSlice(
          "", grey ? bytes(plane) : new ColorProcessor(gif.width(), gif.height(), plane));
    }
    return new ImagePlus("", stack);
  }

  private int uncovered(GifFile.Frame frame) {
    return frame.transparent() >= 0 ? 0 : gif.background();
  }

  private void fill(int left, int top, int width, int height, int argb) {
    for (int y = top; y < top + height; y++) {
      for (int x = left; x < left + width; x++) screen[y * gif.width() + x] = argb;
    }
  }

  private void paint(GifFile.Frame frame) throws IOException {
    byte[] numbers = frame.numbers();
    for (int i = 0; i < numbers.length; i++) {
      int number = numbers[i] & 0xFF;
      if (number == frame.transparent()) continue;
      int x = frame.left() + i % frame.width();
      int y = frame.top() + i / frame.width();
      screen[y * gif.width() + x] = frame.palette()[number];
    }
  }

  private ByteProcessor bytes(int[] plane) {
    byte[] values = new byte[plane.length];
    for (int i = 0; i < values.length; i++) values[i] = (byte) plane[i];
    return new ByteProcessor(gif.width(), gif.height(), values, null);
  }
}
