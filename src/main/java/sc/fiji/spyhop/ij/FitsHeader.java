package sc.fiji.spyhop.ij;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** What there has to be in a FITS file, by its header (FITS 4.0). */
final class FitsHeader {

  private static final int CARD = 80;
  private static final int BLOCK = 2880;
  private static final int MAX_CARDS = 100_000;
  private static final Set<Integer> BITS = Set.of(8, 16, 32, -32, -64);

  private FitsHeader() {}

  /**
   * Looks whether all pixels are there.
   *
   * @throws EOFException if the file ends before
   * @throws IOException if it has no image that ImageJ reads
   */
  static void check(Path file) throws IOException {
    Map<String, String> cards = new HashMap<>();
    int count = 0;
    try (InputStream raw = Files.newInputStream(file);
        DataInputStream in = new DataInputStream(new java.io.BufferedInputStream(raw))) {
      byte[] card = new byte[CARD];
      while (!cards.containsKey("END")) {
        if (++count > MAX_CARDS) throw new IOException("its header does not end");
        in.readFully(card);
        String text = new String(card, StandardCharsets.ISO_8859_1);
        int equals = text.indexOf('=');
        int comment = text.indexOf('/', Math.max(0, equals));
        String value = text.substring(equals + 1, comment < 0 ? CARD : comment);
        if (equals < 0 && !text.strip().equals("END")) continue;
        cards.putIfAbsent(text.substring(0, equals < 0 ? CARD : equals).strip(), value.strip());
      }
    }
    if (!cards.containsKey("SIMPLE")) throw new IOException("it is no FITS");
    int bits = number(cards, "BITPIX");
    if (!BITS.contains(bits)) throw new IOException("its BITPIX is " + bits);
    int axes = number(cards, "NAXIS");
    if (axes < 2 || axes > 3) throw new IOException("its NAXIS is " + axes + ", not 2 or 3");
    long size = Math.abs(bits) / 8;
    for (int i = 1; i <= axes; i++) {
      int length = number(cards, "NAXIS" + i);
      if (length < 1) throw new IOException("its NAXIS" + i + " is " + length);
      size = Math.multiplyExact(size, length);
    }
    long offset = (count * (long) CARD + BLOCK - 1) / BLOCK * BLOCK;
    if (Files.size(file) - offset < size) throw new EOFException();
  }

  private static int number(Map<String, String> cards, String key) throws IOException {
    try {
      return Integer.parseInt(cards.getOrDefault(key, ""));
    } catch (NumberFormatException e) {
      throw new IOException("its " + key + " is no number", e);
    }
  }
}
