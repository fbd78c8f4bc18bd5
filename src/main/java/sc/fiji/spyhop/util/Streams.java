package sc.fiji.spyhop.util;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Paths that are no plain files: pipes, devices, and the open files of a process, such as {@code
 * /dev/stdout}. What is written goes through them; nothing is put in their place.
 */
public final class Streams {

  private static final List<String> OPEN_FILES =
      List.of("/dev/stdout", "/dev/stderr", "/dev/fd", "/proc");

  private static final AtomicInteger OPENING = new AtomicInteger();

  private Streams() {}

  /** Whether something waits for another program to open the other end of a pipe. */
  public static boolean isWaiting() {
    return OPENING.get() > 0;
  }

  /**
   * @param file absolute
   */
  static boolean isStream(Path file) {
    if (isOpenFile(file)) return Files.exists(file) && !Files.isDirectory(file);
    try {
      return Files.readAttributes(file, BasicFileAttributes.class).isOther();
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean isOpenFile(Path file) {
    Path path = file.normalize();
    return OPEN_FILES.stream().anyMatch(path::startsWith);
  }

  /** Fails if the last byte did not arrive. */
  static void write(Path file, AtomicFile.Content content) throws IOException {
    // standard output may be a plain file that holds something already
    OpenOption[] options =
        Files.isRegularFile(file)
            ? new OpenOption[] {StandardOpenOption.WRITE, StandardOpenOption.APPEND}
            : new OpenOption[] {StandardOpenOption.WRITE};
    OPENING.incrementAndGet();
    OutputStream opened;
    try {
      opened = Files.newOutputStream(file, options);
    } finally {
      OPENING.decrementAndGet();
    }
    try (OutputStream out = new BufferedOutputStream(opened, 1 << 16)) {
      content.writeTo(out);
    }
  }
}
