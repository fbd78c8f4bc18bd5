package sc.fiji.spyhop.tensor;

import java.nio.file.Path;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.util.NumpyArray;
import sc.fiji.spyhop.util.NumpyFile;
import sc.fiji.spyhop.util.Strings;

/** Tensors from and to NumPy's files ({@code .npy}). Both have their slowest axis first. */
public final class NumpyTensors {

  private NumpyTensors() {}

  /**
   * Reads an array as floats; whole numbers beyond 2^24, and doubles, are rounded.
   *
   * @param axes what its dimensions mean, such as {@link Axes#NCHW}
   * @throws SpyhopException as {@link NumpyFile#read}, or if it has other dimensions
   */
  public static Tensor read(Path file, Axes axes) {
    NumpyArray array = NumpyFile.read(file);
    if (array.shape().length != axes.rank()) {
      throw new SpyhopException(
          Strings.format(
              "%s: expected an array of %d dimensions (%s), received %s.",
              file, axes.rank(), axes, array));
    }
    return new Tensor(axes, array.shape(), array.floats());
  }

  /**
   * Writes a tensor as an array of the type float32.
   *
   * @throws SpyhopException if it cannot be written
   */
  public static void write(Tensor tensor, Path file) {
    NumpyFile.write(new NumpyArray(NumpyArray.Type.FLOAT32, tensor.shape(), tensor.data()), file);
  }
}
