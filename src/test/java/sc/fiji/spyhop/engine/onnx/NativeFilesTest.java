package sc.fiji.spyhop.engine.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.Unpacking;

class NativeFilesTest {

  @TempDir Path folder;

  private Path left(String name) throws IOException {
    Path left = Files.createDirectory(folder.resolve(name));
    Files.createFile(left.resolve("library"));
    return left;
  }

  @Test
  void copiesOfProcessesThatWereKilledAreRemoved() throws IOException {
    // Linux and Windows have no processes of such numbers
    left("spyhop-onnxruntime-99999999999-1");
    Path alive = left("spyhop-onnxruntime-" + ProcessHandle.current().pid() + "-1");
    Path other = left("onnxruntime-java1");
    NativeFiles.removeLeftovers(folder);
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(List.of(other, alive).stream().sorted().toList(), files.sorted().toList());
    }
    NativeFiles.removeLeftovers(folder.resolve("none"));
  }

  /** As where a quota is used up, which free space does not tell. */
  @Test
  void librariesThatCannotBeWrittenAreToldOfWithTheFolder() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    SpyhopException e =
        assertThrows(Unpacking.Failure.class, () -> NativeFiles.unpack(file, 20L << 20));
    String said = e.getMessage();
    assertTrue(said.startsWith("ONNX Runtime cannot be unpacked into " + file + " ("), said);
    assertTrue(said.contains("with 20 MB of room, or name another with"), said);
  }
}
