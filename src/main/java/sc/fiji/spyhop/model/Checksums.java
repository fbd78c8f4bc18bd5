package sc.fiji.spyhop.model;

import java.io.IOException;
import java.io.OutputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.zip.CRC32;
import java.util.zip.CheckedOutputStream;
import sc.fiji.spyhop.util.AtomicFile;

/** What tells files apart by their content, in hexadecimal. */
final class Checksums {

  private Checksums() {}

  /** Of what would be written; nobody can make another file of the same. */
  static String sha256(AtomicFile.Content content) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      content.writeTo(new DigestOutputStream(OutputStream.nullOutputStream(), digest));
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException | IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Of what would be written; fast even in a program that has just started. */
  static String crc32(AtomicFile.Content content) {
    try {
      CheckedOutputStream out =
          new CheckedOutputStream(OutputStream.nullOutputStream(), new CRC32());
      content.writeTo(out);
      return HexFormat.of().toHexDigits((int) out.getChecksum().getValue());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
