package sc.fiji.spyhop.ij;

import ij.process.ImageProcessor;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * How a photograph is turned to be looked at: the tag Orientation of EXIF 2.3, in JPEG and PNG.
 * Numbers are those of EXIF, 1 to 8; from 5 on columns and rows change places.
 */
final class Orientation {

  /** As stored. */
  static final int UPRIGHT = 1;

  private static final int TAG = 0x112;
  private static final int CHUNKS = 100_000;

  private Orientation() {}

  /** That of the first directory of EXIF data, which is a TIFF; upright if it tells none. */
  static int exif(byte[] data) {
    if (data.length < 8) return UPRIGHT;
    ByteBuffer tiff = ByteBuffer.wrap(data);
    tiff.order(data[0] == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    long at = tiff.getInt(4) & 0xFFFFFFFFL;
    if (at + 2 > data.length) return UPRIGHT;
    int entries = tiff.getShort((int) at) & 0xFFFF;
    for (int i = 0; i < entries && at + 2 + 12L * (i + 1) <= data.length; i++) {
      int entry = (int) at + 2 + 12 * i;
      if ((tiff.getShort(entry) & 0xFFFF) != TAG) continue;
      int value = tiff.getShort(entry + 2) == 3 ? tiff.getShort(entry + 8) : tiff.getInt(entry + 8);
      return value >= 1 && value <= 8 ? value : UPRIGHT;
    }
    return UPRIGHT;
  }

  /** That of a PNG: its chunk eXIf; upright if it has none. */
  static int ofPng(Path file) throws IOException {
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
      in.skipNBytes(8);
      for (int i = 0; i < CHUNKS; i++) {
        int length = in.readInt();
        byte[] type = new byte[4];
        in.readFully(type);
        String name = new String(type, StandardCharsets.US_ASCII);
        if (name.equals("IEND") || length < 0) return UPRIGHT;
        if (name.equals("eXIf") && length < 1 << 20) return exif(in.readNBytes(length));
        in.skipNBytes(length + 4L);
      }
    } catch (java.io.EOFException e) {
      // Cut short, which its pixels tell better.
    }
    return UPRIGHT;
  }

  /** Whether columns and rows change places. */
  static boolean swaps(int orientation) {
    return orientation >= 5;
  }

  /** The image as it is to be looked at. */
  static ImageProcessor turn(ImageProcessor image, int orientation) {
    ImageProcessor turned =
        switch (orientation) {
          case 5, 6, 7 -> image.rotateRight();
          case 8 -> image.rotateLeft();
          default -> image;
        };
    if (orientation == 2 || orientation == 3 || orientation == 5) turned.flipHorizontal();
    if (orientation == 3 || orientation == 4 || orientation == 7) turned.flipVertical();
    return turned;
  }
}
