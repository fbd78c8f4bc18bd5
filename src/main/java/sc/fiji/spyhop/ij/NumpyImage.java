package sc.fiji.spyhop.ij;

import ij.CompositeImage;
import ij.ImagePlus;
import ij.ImageStack;
import java.nio.file.Path;
import java.util.Arrays;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.image.NumpyImages;
import sc.fiji.spyhop.image.NumpyImages.Layout;
import sc.fiji.spyhop.util.NumpyArray;
import sc.fiji.spyhop.util.NumpyFile;
import sc.fiji.spyhop.util.Strings;

/**
 * An array of NumPy as an image of ImageJ; its axes are told by {@link NumpyImages#layout}. Bytes
 * stay bytes, unsigned numbers of 16 bits too, all others become floats.
 */
final class NumpyImage {

  private NumpyImage() {}

  static ImagePlus open(Path file, long memory) {
    NumpyArray array = NumpyFile.read(file);
    Layout layout = NumpyImages.layout(file, array);
    long[] sizes = layout.size(array);
    int width = (int) sizes[0];
    int height = (int) sizes[1];
    int planes = sizes.length == 2 ? 1 : (int) sizes[2];
    if (4L * array.length() > memory) {
      throw new SpyhopException(
          Strings.format(
              "%s does not fit into memory: it has %d planes of %d x %d pixels. %s",
              file, planes, width, height, SpyhopException.MORE_HEAP));
    }
    if (array.length() == 0) {
      throw new SpyhopException(
          Strings.format("%s is empty: expected at least one pixel, received %s.", file, array));
    }
    ImageStack stack = new ImageStack(width, height);
    boolean interleaved = layout == Layout.HWC;
    Object all =
        switch (array.type()) {
          case BOOL, UINT8, UINT16 -> array.values();
          default -> array.floats();
        };
    int size = width * height;
    for (int p = 0; p < planes; p++) {
      stack.addSlice("", plane(all, interleaved ? p : p * size, interleaved ? planes : 1, size));
    }
    ImagePlus image = new ImagePlus("", stack);
    if (planes == 1 || layout == Layout.DHW) return image;
    image.setDimensions(planes, 1, 1);
    return new CompositeImage(image, CompositeImage.COMPOSITE);
  }

  private static Object plane(Object all, int first, int step, int size) {
    if (all instanceof byte[] v) {
      if (step == 1) return Arrays.copyOfRange(v, first, first + size);
      byte[] plane = new byte[size];
      for (int i = 0; i < size; i++) plane[i] = v[first + i * step];
      return plane;
    }
    if (all instanceof short[] v) {
      if (step == 1) return Arrays.copyOfRange(v, first, first + size);
      short[] plane = new short[size];
      for (int i = 0; i < size; i++) plane[i] = v[first + i * step];
      return plane;
    }
    float[] v = (float[]) all;
    if (step == 1) return Arrays.copyOfRange(v, first, first + size);
    float[] plane = new float[size];
    for (int i = 0; i < size; i++) plane[i] = v[first + i * step];
    return plane;
  }
}
