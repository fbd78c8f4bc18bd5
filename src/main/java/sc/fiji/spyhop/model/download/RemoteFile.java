package sc.fiji.spyhop.model.download;

import java.net.URI;
import sc.fiji.spyhop.SpyhopException;

/**
 * A file at its public home.
 *
 * @param name under which it is kept: letters, digits, dots, hyphens and underscores
 * @param url http or https
 * @param sha256 of its content, in lower-case hexadecimal
 * @param bytes its exact size
 */
public record RemoteFile(String name, URI url, String sha256, long bytes) {

  /**
   * Throws a {@link SpyhopException} if the name could lead out of its folder, the address is not
   * http or https, or the checksum is none.
   */
  public RemoteFile {
    require(name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,99}"), "a plain file name", name);
    require(
        url.getHost() != null
            && ("https".equals(url.getScheme()) || "http".equals(url.getScheme())),
        "an address of http or https",
        url);
    require(sha256.matches("[0-9a-f]{64}"), "a SHA-256 of 64 hexadecimal digits", sha256);
    require(bytes > 0, "a size", bytes);
  }

  private static void require(boolean condition, String expected, Object received) {
    if (!condition) {
      throw new SpyhopException("Download: expected " + expected + ", received " + received + ".");
    }
  }
}
