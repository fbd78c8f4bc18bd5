package sc.fiji.spyhop.dataset.format;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.util.AtomicFile;

/** Text in UTF-8 of a size that fits into memory, read and written whole. */
final class TextFiles {

  private static final long MAX_BYTES = 1L << 29;

  private TextFiles() {}

  /** Without a byte order mark. */
  static String read(Path file) {
    requireBounded(file);
    try {
      String text = Files.readString(file);
      return text.startsWith("\uFEFF") ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      throw new SpyhopException(
          file + ": expected text in UTF-8. Save it in that encoding, or remove the file.", e);
    } catch (IOException e) {
      throw new SpyhopException(file + ": cannot be read: " + AtomicFile.reason(e) + ".", e);
    }
  }

  /** The beginning, whatever its encoding; empty if it cannot be read. */
  static String head(Path file) {
    try (var in = Files.newInputStream(file)) {
      String text = new String(in.readNBytes(1 << 14), StandardCharsets.UTF_8);
      return text.startsWith("\uFEFF") ? text.substring(1) : text;
    } catch (IOException e) {
      return "";
    }
  }

  static void requireBounded(Path file) {
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new SpyhopException(
            file + ": expected at most 512 MB, received " + (Files.size(file) >> 20) + " MB.");
      }
    } catch (IOException e) {
      throw new SpyhopException(file + ": cannot be read: " + AtomicFile.reason(e) + ".", e);
    }
  }

  static void write(Path file, String text) {
    AtomicFile.write(file, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
  }

  static void createFolder(Path folder) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new SpyhopException(
          folder + ": cannot be made: " + AtomicFile.reason(e) + ". Name another folder.", e);
    }
  }
}
