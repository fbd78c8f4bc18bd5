package sc.fiji.spyhop.engine.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
}
