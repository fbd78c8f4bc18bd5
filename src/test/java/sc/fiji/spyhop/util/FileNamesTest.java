package sc.fiji.spyhop.util;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileNamesTest {

  @Test
  void upperAndLowerCaseAndComposedLettersAreAlike() {
    assertEquals(FileNames.key("IMG_Ü.TIF"), FileNames.key("img_u\u0308.tif"));
    assertEquals(FileNames.key("\u0130"), FileNames.key("I\u0307"), "a capital i with a dot");
    assertNotEquals(FileNames.key("i"), FileNames.key("\u0131"), "an i without a dot");
  }

  @Test
  void theVeryNameComesFirst() {
    FileNames.Index index = new FileNames.Index(List.of("a", "A", "B", "c"));
    assertEquals(Optional.of("A"), index.find("A"));
    assertEquals(Optional.of("B"), index.find("b"));
    assertEquals(Optional.empty(), index.find("x"));
  }

  @Test
  void ofSeveralAlikeNoneIsGuessed() {
    assertEquals(Optional.empty(), new FileNames.Index(List.of("ab", "AB")).find("Ab"));
  }

  @Test
  void theOrderIsThatOfCharacters() {
    List<String> sorted =
        Stream.of("b", "a", "B", "a/c", "a-c", "a.c")
            .map(Path::of)
            .sorted(FileNames.ORDER)
            .map(p -> p.toString().replace('\\', '/'))
            .toList();
    assertEquals(List.of("B", "a", "a-c", "a.c", "a/c", "b"), sorted);
  }

  @Test
  void theRootFolderHasANameAndAFolder() {
    Path root = Path.of("/").toAbsolutePath().getRoot();
    assertEquals(root.toString(), FileNames.last(root));
    assertEquals(root, FileNames.folder(root));
    assertEquals("b.tif", FileNames.last(Path.of("a/b.tif")));
    assertEquals(Path.of("a").toAbsolutePath(), FileNames.folder(Path.of("a/b.tif")));
    assertEquals(Path.of("").toAbsolutePath(), FileNames.folder(Path.of("b.tif")));
    assertEquals(List.of(Path.of("a/b"), Path.of("a")), FileNames.upwards(Path.of("a/b")).toList());
    assertEquals(List.of(root), FileNames.upwards(root).toList());
  }

  @Test
  void whatIsNotThereIsNotTheSame() {
    assertTrue(FileNames.isSame(Path.of("pom.xml"), Path.of("src/../pom.xml")));
    assertTrue(!FileNames.isSame(Path.of("pom.xml"), Path.of("no such file")));
  }

  /** Where the file system tells upper and lower case apart. */
  @Test
  void filesThatAreBothListedAreNotTheSame(@TempDir Path folder) throws IOException {
    Path lower = Files.createFile(Files.createDirectory(folder.resolve("in")).resolve("a"));
    Files.createDirectories(folder.resolve("IN"));
    Path upper = folder.resolve("in").resolve("A");
    Path beside = folder.resolve("IN").resolve("a");
    assumeTrue(Files.notExists(upper) && Files.notExists(beside));
    Files.createFile(upper);
    Files.createFile(beside);
    assertFalse(FileNames.isSame(lower, upper));
    assertFalse(FileNames.isSame(lower, beside));
    assertFalse(FileNames.isSame(lower, Files.createFile(folder.resolve("in").resolve("b"))));
    assertTrue(FileNames.isSame(lower, lower));
  }
}
