package sc.fiji.spyhop.generate;

import java.util.Arrays;
import java.util.Optional;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.img.array.ArrayImgs;
import net.imglib2.type.numeric.RealType;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.model.GeneratorSpec;
import sc.fiji.spyhop.tensor.Tensor;

/**
 * An image that a network made.
 *
 * @param image its channels, in pixel values of the model: bytes, 16-bit whole numbers or floats
 * @param depth where the network makes label images as well: above 0 in objects, largest in their
 *     middle, -1 far from all; row by row
 */
public record GeneratedImage(Frame image, Optional<float[]> depth) {

  /**
   * The image that values of a network stand for.
   *
   * @param made [N, channels, height, width], about -1 to 1
   * @param index of the image, from 0
   */
  public static GeneratedImage of(
      String name, Tensor made, int index, GeneratorSpec.Output output) {
    int width = made.size('W');
    int height = made.size('H');
    int plane = width * height;
    int first = index * made.size('C') * plane;
    int length = output.channels() * plane;
    Frame frame =
        new Frame(
            name, pixels(made.data(), first, length, output, width, height), output.pixelSize());
    Optional<float[]> depth =
        output.isLabelled()
            ? Optional.of(Arrays.copyOfRange(made.data(), first + length, first + length + plane))
            : Optional.empty();
    return new GeneratedImage(frame, depth);
  }

  private static RandomAccessibleInterval<? extends RealType<?>> pixels(
      float[] values, int first, int length, GeneratorSpec.Output output, int width, int height) {
    long[] size = {width, height, output.channels()};
    switch (output.bits()) {
      case 8 -> {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) bytes[i] = (byte) (int) output.pixel(values[first + i]);
        return ArrayImgs.unsignedBytes(bytes, size);
      }
      case 16 -> {
        short[] shorts = new short[length];
        for (int i = 0; i < length; i++) {
          shorts[i] = (short) (int) output.pixel(values[first + i]);
        }
        return ArrayImgs.unsignedShorts(shorts, size);
      }
      default -> {
        float[] floats = new float[length];
        for (int i = 0; i < length; i++) floats[i] = (float) output.pixel(values[first + i]);
        return ArrayImgs.floats(floats, size);
      }
    }
  }
}
