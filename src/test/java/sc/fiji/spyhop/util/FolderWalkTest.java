package sc.fiji.spyhop.util;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderWalkTest {

  @TempDir Path folder;

  private List<String> names(int depth, List<String> problems) throws IOException {
    return FolderWalk.files(folder, depth, problems).stream()
        .map(f -> folder.relativize(f).toString().replace('\\', '/'))
        .toList();
  }

  @Test
  void aLinkThatLeadsInACircleIsPassedOver() throws IOException {
    Files.createDirectories(folder.resolve("sub/deep"));
    Files.writeString(folder.resolve("sub/b"), "");
    Files.writeString(folder.resolve("a"), "");
    try {
      Files.createSymbolicLink(folder.resolve("sub/deep/up"), folder);
    } catch (IOException | UnsupportedOperationException e) {
      assumeTrue(false, "no links here");
    }
    List<String> problems = new ArrayList<>();
    assertEquals(List.of("a", "sub/b"), names(99, problems));
    assertEquals(List.of(), problems);
    assertEquals(List.of("a"), names(1, problems));
  }

  @Test
  void aFolderThatMayNotBeReadIsNamed() throws IOException {
    Path locked = Files.createDirectories(folder.resolve("locked"));
    Files.writeString(folder.resolve("a"), "");
    assumeTrue(locked.toFile().setReadable(false), "permissions cannot be taken");
    assumeFalse(Files.isReadable(locked), "this user may read everything");
    List<String> problems = new ArrayList<>();
    assertEquals(List.of("a"), names(99, problems));
    assertEquals(1, problems.size());
    locked.toFile().setReadable(true);
  }

  @Test
  void aFolderThatIsNotThere() {
    assertThrows(
        IOException.class, () -> FolderWalk.files(folder.resolve("no"), 1, new ArrayList<>()));
  }
}
