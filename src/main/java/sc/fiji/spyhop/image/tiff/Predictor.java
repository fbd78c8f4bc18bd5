package sc.fiji.spyhop.image.tiff;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Values stored as differences from the pixel to the left: of whole numbers (predictor 2; TIFF 6.0,
 * section 14) or of the bytes of floating point numbers (predictor 3; Adobe's TIFF note 3).
 */
final class Predictor {

  private Predictor() {}

  /** Makes values of differences, in place; bytes of predictor 3 then have the highest first. */
  static void undo(TiffPage page, byte[] bytes, int rowBytes, int samples, ByteOrder order) {
    if (page.predictor() == 2)
      sum(ByteBuffer.wrap(bytes).order(order), rowBytes, samples, page.bits());
    if (page.predictor() != 3) return;
    int width = page.bits() / 8;
    byte[] row = new byte[rowBytes];
    for (int start = 0; start + rowBytes <= bytes.length; start += rowBytes) {
      for (int i = samples; i < rowBytes; i++) bytes[start + i] += bytes[start + i - samples];
      System.arraycopy(bytes, start, row, 0, rowBytes);
      int count = rowBytes / width;
      for (int i = 0; i < count; i++) {
        for (int b = 0; b < width; b++) bytes[start + i * width + b] = row[b * count + i];
      }
    }
  }

  private static void sum(ByteBuffer values, int rowBytes, int samples, int bits) {
    int width = bits / 8;
    int back = samples * width;
    for (int start = 0; start + rowBytes <= values.capacity(); start += rowBytes) {
      for (int i = start + back; i + width <= start + rowBytes; i += width) {
        switch (bits) {
          case 8 -> values.put(i, (byte) (values.get(i) + values.get(i - back)));
          case 16 -> values.putShort(i, (short) (values.getShort(i) + values.getShort(i - back)));
          case 32 -> values.putInt(i, values.getInt(i) + values.getInt(i - back));
          default -> values.putLong(i, values.getLong(i) + values.getLong(i - back));
        }
      }
    }
  }
}
