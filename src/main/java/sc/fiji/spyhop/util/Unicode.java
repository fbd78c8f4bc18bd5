package sc.fiji.spyhop.util;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/** Text as bytes: in UTF-8, or in UTF-16 with a byte order mark. */
public final class Unicode {

  private Unicode() {}

  /** What a text that begins like this is in. */
  public static Charset charset(byte[] b) {
    if (b.length > 1 && b[0] == (byte) 0xFF && b[1] == (byte) 0xFE)
      return StandardCharsets.UTF_16LE;
    if (b.length > 1 && b[0] == (byte) 0xFE && b[1] == (byte) 0xFF)
      return StandardCharsets.UTF_16BE;
    return StandardCharsets.UTF_8;
  }

  /**
   * The text, without byte order mark.
   *
   * @throws CharacterCodingException if it is in another encoding, or no text
   */
  public static String text(byte[] bytes) throws CharacterCodingException {
    String text = charset(bytes).newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    if (text.indexOf('\0') >= 0) throw new CharacterCodingException();
    return text.startsWith("\uFEFF") ? text.substring(1) : text;
  }
}
