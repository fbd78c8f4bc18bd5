package sc.fiji.spyhop.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnpackingTest {

  @TempDir Path folder;

  @Test
  void aFolderWithRoomIsNotInTheWay() {
    assertEquals(Optional.empty(), Unpacking.hindrance(folder.resolve("a/b"), 1));
    assertTrue(Files.isDirectory(folder.resolve("a/b")));
  }

  @Test
  void aFullFolderIs() {
    String why = Unpacking.hindrance(folder, Long.MAX_VALUE).orElseThrow();
    assertTrue(why.matches("[0-9]+ MB are free"), why);
  }

  @Test
  void aFileInTheWayIs() throws Exception {
    Path file = Files.createFile(folder.resolve("file"));
    assertTrue(Unpacking.hindrance(file.resolve("cache"), 1).isPresent());
    String sentence =
        Unpacking.explain("ONE", file.resolve("cache"), Unpacking.Place.CACHE, 3 << 20)
            .orElseThrow();
    assertTrue(sentence.startsWith("ONE cannot be unpacked into " + file), sentence);
    assertTrue(sentence.contains("with 3 MB of room"), sentence);
    assertTrue(
        sentence.endsWith("name another with -Dorg.bytedeco.javacpp.cachedir=FOLDER."), sentence);
    assertFalse(sentence.contains("\n"));
  }

  @Test
  void aLinkToAFolderIsAFolder() throws IOException {
    Path link = folder.resolve("link");
    try {
      Files.createSymbolicLink(link, Files.createDirectory(folder.resolve("real")));
    } catch (IOException | UnsupportedOperationException e) {
      Assumptions.abort("no links here: " + e);
    }
    assertEquals(Optional.empty(), Unpacking.hindrance(link, 1));
  }
}
