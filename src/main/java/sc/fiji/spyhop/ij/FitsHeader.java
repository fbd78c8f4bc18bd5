package sc.fiji.spyhop.ij;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** What stands in front of an image or a table in a FITS file (FITS 4.0, section 4): its cards. */
final class FitsHeader {

  private static final int CARD = 80;
  private static final int BLOCK = 2880;
  private static final int MAX_CARDS = 100_000;

  private final Map<String, String> cards = new HashMap<>();

  /** Reads a header with the blanks behind it. */
  FitsHeader(DataInputStream in) throws IOException {
    int count = 0;
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
    in.skipNBytes(filling(count * (long) CARD));
  }

  private static long filling(long bytes) {
    return (BLOCK - bytes % BLOCK) % BLOCK;
  }

  boolean has(String key) {
    return cards.containsKey(key);
  }

  /** Empty if there is none. */
  String text(String key) {
    return cards.getOrDefault(key, "");
  }

  int number(String key) throws IOException {
    try {
      return Integer.parseInt(text(key));
    } catch (NumberFormatException e) {
      throw new IOException("its " + key + " is no number", e);
    }
  }

  /** Exponents may be written with D. */
  double fraction(String key, double absent) throws IOException {
    try {
      return has(key) ? Double.parseDouble(text(key).replace('D', 'E').replace('d', 'e')) : absent;
    } catch (NumberFormatException e) {
      throw new IOException("its " + key + " is no number", e);
    }
  }

  /** Whether an extension is an image of more than one row, packed into a table or not. */
  boolean isImage() throws IOException {
    boolean image = text("XTENSION").matches("'IMAGE *'") && number("NAXIS") > 1;
    return image || text("ZIMAGE").equals("T");
  }

  /** Bytes of what it is the header of, with what fills the last block. */
  long dataBytes() throws IOException {
    int axes = number("NAXIS");
    if (axes == 0) return 0;
    double numbers = 1;
    for (int i = 1; i <= axes; i++) numbers *= number("NAXIS" + i);
    double bytes =
        (numbers + fraction("PCOUNT", 0)) * fraction("GCOUNT", 1) * Math.abs(number("BITPIX")) / 8;
    return (long) bytes + filling((long) bytes);
  }
}
