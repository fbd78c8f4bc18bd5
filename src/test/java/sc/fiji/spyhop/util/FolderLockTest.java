package sc.fiji.spyhop.util;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderLockTest {

  @TempDir Path folder;

  /** Tries to take a folder. */
  public static void main(String[] args) throws IOException {
    System.out.println(FolderLock.take(Path.of(args[0])).isPresent() ? "taken" : "refused");
  }

  private String anotherProgram() throws IOException {
    Process other =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                Stream.of(FolderLock.class, FolderLockTest.class)
                    .map(FolderLockTest::place)
                    .collect(Collectors.joining(File.pathSeparator)),
                FolderLockTest.class.getName(),
                folder.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    return new String(other.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
  }

  private static String place(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void otherProgramsAreKeptOut() throws IOException {
    try (FolderLock lock = FolderLock.take(folder).orElseThrow()) {
      assertEquals("refused", anotherProgram());
    }
    assertEquals("taken", anotherProgram());
    assertTrue(FolderLock.take(folder).isPresent());
  }

  @Test
  void oneAtATime() throws IOException {
    Files.writeString(folder.resolve(FolderLock.NAME), "left by one that was killed");
    FolderLock lock = FolderLock.take(folder).orElseThrow();
    assertEquals(Optional.empty(), FolderLock.take(folder));
    lock.close();
    assertFalse(Files.exists(folder.resolve(FolderLock.NAME)));
    Optional<FolderLock> next = FolderLock.take(folder);
    assertTrue(next.isPresent());
    next.get().close();
  }
}
