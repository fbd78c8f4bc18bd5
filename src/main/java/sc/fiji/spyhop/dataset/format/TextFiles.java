package sc.fiji.spyhop.dataset.format;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.util.AtomicFile;
import sc.fiji.spyhop.util.Strings;
import sc.fiji.spyhop.util.Unicode;

/** Text of a size that fits into memory, read and written whole. */
public final class TextFiles {

  private static final long MAX_BYTES = 1L << 29;
  private static final int LONGEST_HEAD = 1 << 24;

  private TextFiles() {}

  /**
   * A file in UTF-8, or in UTF-16 with a byte order mark, which is left away.
   *
   * @throws SpyhopException if it cannot be read, is larger than half a gigabyte, or not text
   */
  public static String read(Path file) {
    return read(file, MAX_BYTES);
  }

  /**
   * The same.
   *
   * @throws SpyhopException if the file is larger than {@code most} bytes, or not text
   */
  static String read(Path file, long most) {
    requireBounded(file, most);
    try {
      return Unicode.text(Files.readAllBytes(file));
    } catch (CharacterCodingException e) {
      throw new SpyhopException(
          file + ": expected text in UTF-8. Save it in that encoding, or remove the file.", e);
    } catch (IOException e) {
      throw new SpyhopException(file + ": cannot be read: " + AtomicFile.reason(e) + ".", e);
    }
  }

  /** The beginning, whatever its encoding; empty if it cannot be read. */
  static String head(Path file) {
    return head(file, 1, 1 << 14);
  }

  /**
   * The beginning.
   *
   * @param lines that it has to hold
   * @param least bytes to read, even if there are more lines than that
   */
  static String head(Path file, int lines, int least) {
    try (var in = new BufferedInputStream(Files.newInputStream(file))) {
      byte[] bytes = in.readNBytes(least);
      for (int n = count(bytes); n < lines && bytes.length < LONGEST_HEAD; ) {
        byte[] more = in.readNBytes(bytes.length);
        if (more.length == 0) break;
        n += count(more);
        int length = bytes.length;
        bytes = Arrays.copyOf(bytes, length + more.length);
        System.arraycopy(more, 0, bytes, length, more.length);
      }
      String text = new String(bytes, Unicode.charset(bytes));
      return text.startsWith("\uFEFF") ? text.substring(1) : text;
    } catch (IOException e) {
      return "";
    }
  }

  private static int count(byte[] bytes) {
    int n = 0;
    for (byte b : bytes) if (b == '\n') n++;
    return n;
  }

  static void requireBounded(Path file) {
    requireBounded(file, MAX_BYTES);
  }

  private static void requireBounded(Path file, long most) {
    try {
      if (Files.size(file) > most) {
        throw new SpyhopException(
            Strings.format(
                "%s: expected at most %d MB, received %d MB.",
                file, most >> 20, Files.size(file) >> 20));
      }
    } catch (IOException e) {
      throw new SpyhopException(file + ": cannot be read: " + AtomicFile.reason(e) + ".", e);
    }
  }

  /**
   * Writes a file in UTF-8, whole or not at all.
   *
   * @throws SpyhopException if that cannot be
   */
  public static void write(Path file, String text) {
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
