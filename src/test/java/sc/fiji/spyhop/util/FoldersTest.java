package sc.fiji.spyhop.util;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sc.fiji.spyhop.SpyhopException;

class FoldersTest {

  @TempDir private Path folder;

  @Test
  void whatIsNoFolderIsRefused() throws IOException {
    Folders.require(folder, "images");
    Path missing = folder.resolve("none");
    assertEquals(
        missing + ": no such folder. Expected images.",
        assertThrows(SpyhopException.class, () -> Folders.require(missing, "images")).getMessage());
    Path file = Files.createFile(folder.resolve("a.txt"));
    assertEquals(
        file + ": this is a file. Expected images.",
        assertThrows(SpyhopException.class, () -> Folders.require(file, "images")).getMessage());
    assertEquals(
        file + ": expected a folder to write to, found a file. Name another folder.",
        assertThrows(SpyhopException.class, () -> Folders.requireWritable(file)).getMessage());
  }

  @Test
  void allFilesOfTheMachineAreNotLookedThrough() throws IOException {
    Folders.requirePart(folder);
    Path root = folder.toAbsolutePath().getRoot();
    assumeTrue(FileNames.isSame(root, Path.of(System.getProperty("java.home")).getRoot()));
    for (Path all : List.of(root, root.resolve("x").resolve(".."))) {
      String message =
          assertThrows(SpyhopException.class, () -> Folders.requirePart(all.normalize()))
              .getMessage();
      assertTrue(message.startsWith(root + " holds all files"), message);
    }
    FolderWalk.files(root, 1, new ArrayList<>());
    assertThrows(SpyhopException.class, () -> FolderWalk.files(root, 2, new ArrayList<>()));
  }

  @Test
  void aFolderToWriteToIsMadeAndLeftEmpty() throws IOException {
    Path inner = folder.resolve("a").resolve("b");
    Folders.requireWritable(inner);
    Folders.requireWritable(inner);
    try (Stream<Path> files = Files.list(inner)) {
      assertEquals(0, files.count());
    }
  }

  @Test
  void aFolderDoesNotStayIfWorkFailsBeforeAnythingIsWritten() throws IOException {
    Path inner = folder.resolve("a").resolve("b");
    assertThrows(SpyhopException.class, () -> Folders.writing(inner, () -> failing()));
    assertFalse(Files.exists(folder.resolve("a")));
    Files.createDirectory(folder.resolve("a"));
    assertThrows(SpyhopException.class, () -> Folders.writing(inner, () -> failing()));
    assertTrue(Files.exists(folder.resolve("a")), "it was there before");
    assertFalse(Files.exists(inner));
    Path file = inner.resolve("c.txt");
    assertThrows(
        SpyhopException.class,
        () ->
            Folders.writing(
                inner,
                () -> {
                  AtomicFile.write(file, out -> out.write(1));
                  return failing();
                }));
    assertTrue(Files.exists(file), "what is written stays");
  }

  private static Path failing() {
    throw new SpyhopException("no model");
  }

  @Test
  void aFileInTheWayOfAFolderIsTold() throws IOException {
    Path below = Files.createFile(folder.resolve("a.txt")).resolve("b");
    String message =
        assertThrows(SpyhopException.class, () -> Folders.requireWritable(below)).getMessage();
    assertTrue(message.startsWith("Cannot write " + below + ": "), message);
    String temporary = Folders.cannotWriteTemporary("X", new IOException("full")).getMessage();
    assertTrue(temporary.startsWith("X cannot be written"), temporary);
    assertTrue(temporary.contains("full") && temporary.contains("java.io.tmpdir"), temporary);
  }
}
