package sc.fiji.spyhop.ij;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * What a JPEG says of itself before its pixels.
 *
 * @param width columns as stored
 * @param height rows as stored
 * @param components of each pixel: 1 grey, 3 colours, 4 CMYK
 * @param bits of each component
 * @param orientation how it is turned to be looked at; EXIF, 1 to 8
 */
record JpegHeader(int width, int height, int components, int bits, int orientation) {

  private static final int EXIF = 0xE1;
  private static final byte[] EXIF_NAME = "Exif\0\0".getBytes(StandardCharsets.US_ASCII);

  /**
   * Reads markers up to that of the frame.
   *
   * @throws EOFException if the file ends before
   * @throws IOException if it is no JPEG
   */
  static JpegHeader read(Path file) throws IOException {
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
      if (in.readUnsignedShort() != 0xFFD8) throw new IOException("no JPEG");
      int orientation = 1;
      while (true) {
        int marker = marker(in);
        if (marker == 0x01 || marker >= 0xD0 && marker <= 0xD7) continue;
        if (marker == 0xD9 || marker == 0xDA) throw new IOException("it has no frame");
        int length = in.readUnsignedShort() - 2;
        if (length < 0) throw new IOException("a marker has no length");
        if (isFrame(marker)) {
          int bits = in.readUnsignedByte();
          int height = in.readUnsignedShort();
          int width = in.readUnsignedShort();
          return new JpegHeader(width, height, in.readUnsignedByte(), bits, orientation);
        }
        byte[] data = new byte[length];
        in.readFully(data);
        if (marker == EXIF && startsWith(data, EXIF_NAME)) {
          orientation = Orientation.exif(Arrays.copyOfRange(data, EXIF_NAME.length, length));
        }
      }
    }
  }

  private static boolean startsWith(byte[] data, byte[] start) {
    return data.length >= start.length
        && Arrays.equals(data, 0, start.length, start, 0, start.length);
  }

  private static int marker(DataInputStream in) throws IOException {
    if (in.readUnsignedByte() != 0xFF) throw new IOException("a marker is missing");
    int marker = 0xFF;
    while (marker == 0xFF) marker = in.readUnsignedByte();
    return marker;
  }

  private static boolean isFrame(int marker) {
    return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
  }
}
