package sc.fiji.spyhop.ij;

import ij.CompositeImage;
import ij.ImagePlus;
import ij.ImageStack;
import java.nio.file.Path;
import java.util.Arrays;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.image.NumpyImages;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.util.NumpyArray;
import sc.fiji.spyhop.util.NumpyFile;
import sc.fiji.spyhop.util.Strings;

/**
 * An array of NumPy as an image of ImageJ; its axes are told by {@link NumpyImages#axes}. Bytes
 * stay bytes, unsigned numbers of 16 bits too, all others become floats.
 */
final class NumpyImage {

  private NumpyImage() {}

  static ImagePlus open(Path file, long memory) {
    NumpyArray array = NumpyFile.read(file);
    Axes axes = NumpyImages.axes(file, array);
    int[] shape = array.shape();
    int width = shape[axes.indexOf('W')];
    int height = shape[axes.indexOf('H')];
    int planes = shape.length == 2 ? 1 : shape[3 - axes.indexOf('W') - axes.indexOf('H')];
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
    boolean interleaved = axes.equals(NumpyImages.HWC);
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
    if (planes == 1 || axes.equals(NumpyImages.DHW)) return image;
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
