package sc.fiji.spyhop.dataset.format;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Names as web addresses have them: %20 for a blank, RFC 3986. */
final class PercentCode {

  private PercentCode() {}

  /** The name that is meant; empty if it is no such code of a text in UTF-8. */
  static Optional<String> decode(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] != '%') {
        out.write(bytes[i]);
        continue;
      }
      int high = i + 2 <= bytes.length - 1 ? digit(bytes[i + 1]) : -1;
      int low = i + 2 <= bytes.length - 1 ? digit(bytes[i + 2]) : -1;
      if (high < 0 || low < 0) return Optional.empty();
      out.write(16 * high + low);
      i += 2;
    }
    try {
      return Optional.of(
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(out.toByteArray()))
              .toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  private static int digit(byte letter) {
    if (letter >= '0' && letter <= '9') return letter - '0';
    int lower = letter | 0x20;
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
  }
}
