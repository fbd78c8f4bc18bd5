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
}
