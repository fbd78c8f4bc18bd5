package sc.fiji.spyhop.image.tiff;

import io.airlift.compress.MalformedInputException;
import io.airlift.compress.zstd.ZstdDecompressor;
import java.io.IOException;
import java.util.Map;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * How the bytes of a strip or tile are compressed. None makes more than it is asked for, and what
 * does not decode to that much is an error.
 */
enum TiffCodec {
  /** As they are. */
  NONE(1, false) {
    @Override
    byte[] expand(byte[] in, int size) {
      return in;
    }
  },

  /** TIFF 6.0, section 13: codes of 9 to 12 bits, the widest first bit first. */
  LZW(4_000, true) {
    @Override
    byte[] expand(byte[] in, int size) throws IOException {
      return Lzw.expand(in, size);
    }
  },

  DEFLATE(1_040, true) {
    @Override
    byte[] expand(byte[] in, int size) throws IOException {
      Inflater inflater = new Inflater();
      try {
        inflater.setInput(in);
        byte[] out = new byte[size];
        int at = 0;
        while (at < size && !inflater.finished()) {
          int n = inflater.inflate(out, at, size - at);
          if (n == 0 && (inflater.needsInput() || inflater.needsDictionary())) break;
          at += n;
        }
        byte[] rest = new byte[1];
        while (at == size && !inflater.finished() && inflater.inflate(rest) == 0) {
          if (inflater.needsInput() || inflater.needsDictionary()) break;
        }
        return cut(out, at);
      } catch (DataFormatException e) {
        throw new IOException("damaged Deflate: " + e.getMessage(), e);
      } finally {
        inflater.end();
      }
    }
  },

  /** TIFF 6.0, section 9. */
  PACK_BITS(64, false) {
    @Override
    byte[] expand(byte[] in, int size) {
      byte[] out = new byte[size];
      int at = 0;
      for (int i = 0; i < in.length && at < size; ) {
        int n = in[i++];
        if (n >= 0) {
          int count = Math.min(Math.min(n + 1, size - at), in.length - i);
          System.arraycopy(in, i, out, at, count);
          i += n + 1;
          at += count;
        } else if (n != -128 && i < in.length) {
          int end = Math.min(size, at + 1 - n);
          while (at < end) out[at++] = in[i];
          i++;
        }
      }
      return cut(out, at);
    }
  },

  ZSTD(40_000, true) {
    @Override
    byte[] expand(byte[] in, int size) throws IOException {
      byte[] out = new byte[size];
      try {
        return cut(out, new ZstdDecompressor().decompress(in, 0, in.length, out, 0, size));
      } catch (MalformedInputException | IllegalArgumentException | IndexOutOfBoundsException e) {
        throw new IOException("damaged ZSTD", e);
      }
    }
  };

  private static final Map<Integer, String> OTHERS =
      Map.ofEntries(
          Map.entry(2, "CCITT (fax)"),
          Map.entry(3, "CCITT (fax)"),
          Map.entry(4, "CCITT (fax)"),
          Map.entry(6, "JPEG of the old kind"),
          Map.entry(9, "JBIG"),
          Map.entry(10, "JBIG"),
          Map.entry(32771, "CCITT (fax)"),
          Map.entry(32809, "ThunderScan"),
          Map.entry(33003, "JPEG 2000"),
          Map.entry(33004, "JPEG 2000"),
          Map.entry(33005, "JPEG 2000"),
          Map.entry(34661, "JBIG"),
          Map.entry(34676, "LogLuv"),
          Map.entry(34677, "LogLuv"),
          Map.entry(34712, "JPEG 2000"),
          Map.entry(34887, "LERC"),
          Map.entry(34892, "lossy JPEG of DNG"),
          Map.entry(34925, "LZMA"),
          Map.entry(34933, "PNG"),
          Map.entry(34934, "JPEG XR"),
          Map.entry(50001, "WebP"),
          Map.entry(50002, "JPEG XL"),
          Map.entry(52546, "JPEG XL"));

  /** Bytes that one byte can become at most. */
  final int maxRatio;

  /** Whether values may be stored as differences. */
  final boolean predicts;

  TiffCodec(int maxRatio, boolean predicts) {
    this.maxRatio = maxRatio;
    this.predicts = predicts;
  }

  /**
   * Expands a strip or tile.
   *
   * @param size bytes that there are to be
   * @return as many, or fewer if there are not as many
   * @throws IOException if the bytes are no such code
   */
  abstract byte[] expand(byte[] in, int size) throws IOException;

  /**
   * By the number of the compression.
   *
   * @throws UnsupportedTiffException if it is none of these
   */
  static TiffCodec of(int compression) throws UnsupportedTiffException {
    return switch (compression) {
      case 1 -> NONE;
      case 5 -> LZW;
      case 8, 32946 -> DEFLATE;
      case 32773 -> PACK_BITS;
      case 50000, 34926 -> ZSTD;
      default ->
          throw new UnsupportedTiffException(
              "its compression is " + OTHERS.getOrDefault(compression, "number " + compression));
    };
  }

  private static byte[] cut(byte[] bytes, int length) {
    return length == bytes.length ? bytes : java.util.Arrays.copyOf(bytes, length);
  }
}
