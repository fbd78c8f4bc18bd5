package sc.fiji.spyhop.dataset.format;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import sc.fiji.spyhop.prediction.ImageSize;

/**
 * What a JPEG file says of its picture before the pixels: ISO 10918-1, annex B, and EXIF 2.3.
 *
 * @param size of the pixels as they are stored
 * @param orientation how they are to be turned, 1 to 8; 1 if nothing is said
 */
record JpegHeader(ImageSize size, int orientation) {

  private static final int ORIENTATION = 274;
  private static final int MAX_SEGMENTS = 256;

  /** Empty if it is no JPEG file, or cannot be read. */
  static Optional<JpegHeader> read(Path file) {
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
      return in.readUnsignedShort() == 0xFFD8 ? segments(in) : Optional.empty();
    } catch (IOException | RuntimeException e) {
      return Optional.empty();
    }
  }

  private static Optional<JpegHeader> segments(DataInputStream in) throws IOException {
    int orientation = 1;
    for (int i = 0; i < MAX_SEGMENTS; i++) {
      int marker = in.readUnsignedShort();
      byte[] segment = in.readNBytes(Math.max(0, in.readUnsignedShort() - 2));
      boolean frame = marker >= 0xFFC0 && marker <= 0xFFCF;
      if (frame && marker != 0xFFC4 && marker != 0xFFC8 && marker != 0xFFCC) {
        ByteBuffer b = ByteBuffer.wrap(segment);
        int height = b.getShort(1) & 0xFFFF;
        return Optional.of(
            new JpegHeader(new ImageSize(b.getShort(3) & 0xFFFF, height), orientation));
      }
      if (marker == 0xFFE1) orientation = orientation(segment, orientation);
    }
    return Optional.empty();
  }

  private static int orientation(byte[] segment, int before) {
    String start = new String(segment, 0, Math.min(6, segment.length), StandardCharsets.ISO_8859_1);
    if (!start.equals("Exif\0\0") || segment.length < 14) return before;
    ByteBuffer tiff = ByteBuffer.wrap(segment, 6, segment.length - 6).slice();
    tiff.order(tiff.get(0) == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    int directory = tiff.getInt(4);
    int entries = tiff.getShort(directory) & 0xFFFF;
    for (int i = 0; i < entries; i++) {
      int at = directory + 2 + 12 * i;
      if ((tiff.getShort(at) & 0xFFFF) != ORIENTATION) continue;
      int value = tiff.getShort(at + 8) & 0xFFFF;
      return value >= 1 && value <= 8 ? value : before;
    }
    return before;
  }
}
