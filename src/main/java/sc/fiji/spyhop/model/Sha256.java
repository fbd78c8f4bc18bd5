package sc.fiji.spyhop.model;

import java.io.IOException;
import java.io.OutputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import sc.fiji.spyhop.AtomicFile;

/** What tells files apart by their content. */
final class Sha256 {

  private Sha256() {}

  /** In hexadecimal, of what would be written. */
  static String of(AtomicFile.Content content) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      content.writeTo(new DigestOutputStream(OutputStream.nullOutputStream(), digest));
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException | IOException e) {
      throw new AssertionError(e);
    }
  }
}
