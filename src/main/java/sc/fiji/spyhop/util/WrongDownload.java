package sc.fiji.spyhop.util;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/** Files that are not what their names say, because something else was downloaded. */
public final class WrongDownload {

  private static final int LOOKED_AT = 256;

  private WrongDownload() {}

  /**
   * What a file is instead, and what to do, to stand after its name; nothing for all other files,
   * and those that cannot be read.
   */
  public static Optional<String> look(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      String start =
          new String(in.readNBytes(LOOKED_AT), StandardCharsets.ISO_8859_1)
              .replace("\u00EF\u00BB\u00BF", "")
              .strip()
              .toLowerCase(Locale.ROOT);
      if (start.startsWith("version https://git-lfs.github.com")) {
        return Optional.of(
            "is a pointer of Git LFS, a small text that stands for the file. Get the file itself"
                + " with \"git lfs pull\", or by the download button of its page.");
      }
      if (start.startsWith("<!doctype html") || start.startsWith("<html")) {
        return Optional.of(
            "is a web page that was saved under this name. Get the file itself by the download"
                + " button of the page.");
      }
      return Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
