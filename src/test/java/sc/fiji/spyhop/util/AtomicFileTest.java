package sc.fiji.spyhop.util;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import sc.fiji.spyhop.SpyhopException;

class AtomicFileTest {

  @TempDir private Path folder;

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(f -> f.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void aFileIsWrittenAndReplaced() throws IOException {
    Path file = folder.resolve("a.txt");
    AtomicFile.write(file, out -> out.write('1'));
    assertEquals("1", Files.readString(file));
    AtomicFile.write(file, out -> out.write('2'));
    assertEquals("2", Files.readString(file));
    assertEquals(List.of("a.txt"), names());
  }

  @Test
  void whatFailsLeavesTheFileAsItWas() throws IOException {
    Path file = Files.writeString(folder.resolve("a.txt"), "before");
    String message =
        assertThrows(
                SpyhopException.class,
                () ->
                    AtomicFile.write(
                        file,
                        out -> {
                          out.write(new byte[1 << 17]);
                          throw new IOException("the disk is full");
                        }))
            .getMessage();
    assertTrue(message.startsWith("a.txt cannot be written to " + folder), message);
    assertTrue(message.contains("the disk is full"), message);
    assertEquals("before", Files.readString(file));
    assertThrows(
        IllegalStateException.class,
        () ->
            AtomicFile.write(
                file,
                out -> {
                  throw new IllegalStateException();
                }));
    assertEquals("before", Files.readString(file));
    assertEquals(List.of("a.txt"), names());
  }

  @Test
  void aFolderThatIsMissingIsNamed() {
    Path file = folder.resolve("none").resolve("a.txt");
    String message =
        assertThrows(SpyhopException.class, () -> AtomicFile.write(file, out -> {})).getMessage();
    assertTrue(message.contains("there is no such folder"), message);
  }

  @Test
  void reasonsAreWords() {
    assertEquals("there is no such folder", AtomicFile.reason(new NoSuchFileException("a")));
    assertEquals("permission denied", AtomicFile.reason(new AccessDeniedException("a")));
    assertEquals(
        "a file is in the way of a folder (a)",
        AtomicFile.reason(new FileAlreadyExistsException("a")));
    assertEquals(
        "no space left", AtomicFile.reason(new FileSystemException("a", null, "no space left")));
    assertEquals("a", AtomicFile.reason(new FileSystemException("a")));
    assertEquals("broken", AtomicFile.reason(new IOException("broken")));
    assertEquals("IOException", AtomicFile.reason(new IOException()));
  }

  @Test
  void tablesAreWrittenInWhole() throws IOException {
    Path file = folder.resolve("a.csv");
    CsvFile.write(
        file,
        csv -> {
          csv.row(List.of("name", "b, c"));
          csv.row(List.of("x", 1.5));
        });
    assertEquals(List.of("name,\"b, c\"", "x,1.5"), Files.readAllLines(file));
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "has other links and no such pipes")
  void linksAndPipesStayWhatTheyAre() throws Exception {
    Path target = Files.writeString(folder.resolve("target.txt"), "before");
    Path link = Files.createSymbolicLink(folder.resolve("link.txt"), Path.of("target.txt"));
    AtomicFile.write(link, out -> out.write('1'));
    assertTrue(Files.isSymbolicLink(link));
    assertEquals("1", Files.readString(target));
    Path pipe = folder.resolve("pipe");
    assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
    AtomicFile.requireFree(pipe, false);
    Process reader = new ProcessBuilder("cat", pipe.toString()).start();
    AtomicFile.writeDurably(pipe, out -> out.write('2'));
    assertEquals("2", new String(reader.getInputStream().readAllBytes(), "UTF-8"));
    assertEquals(List.of("link.txt", "pipe", "target.txt"), names());
  }

  @Test
  @EnabledOnOs(value = OS.LINUX, disabledReason = "has the device")
  void aDeviceThatIsFullIsTold() {
    Path full = Path.of("/dev/full");
    String message =
        assertThrows(SpyhopException.class, () -> AtomicFile.write(full, out -> out.write('1')))
            .getMessage();
    assertTrue(message.startsWith("full cannot be written to /dev"), message);
    assertTrue(Files.exists(full));
  }

  @Test
  void nothingIsReplacedUnasked() throws IOException {
    Path file = Files.writeString(folder.resolve("a.txt"), "before");
    AtomicFile.requireFree(folder.resolve("b.txt"), false);
    AtomicFile.requireFree(file, true);
    String message =
        assertThrows(SpyhopException.class, () -> AtomicFile.requireFree(file, false)).getMessage();
    assertTrue(message.contains("exists already") && message.contains("--force"), message);
    assertThrows(SpyhopException.class, () -> AtomicFile.requireFree(folder, true));
  }

  @Test
  void theLongestNameIsNotTooLongForWhatLiesBesideIt() throws IOException {
    Path file = folder.resolve("a".repeat(251) + ".txt");
    AtomicFile.write(file, out -> out.write('1'));
    assertEquals("1", Files.readString(file));
  }

  @Test
  void theRootFolderIsNoFile() {
    Path root = folder.getRoot();
    assertThrows(SpyhopException.class, () -> AtomicFile.write(root, out -> out.write('1')));
  }
}
