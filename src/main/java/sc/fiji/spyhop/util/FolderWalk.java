package sc.fiji.spyhop.util;

import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;

/** The files below a folder. What cannot be looked into is named and left out; the rest goes on. */
public final class FolderWalk {

  private FolderWalk() {}

  /**
   * Follows links, each folder being looked into once.
   *
   * @param depth of folders; 1 for the folder alone
   * @param problems takes a sentence for each folder that may not be read; links that lead back to
   *     a folder above are passed over
   * @return regular files in the order of their paths
   * @throws IOException if the folder itself cannot be read
   * @throws sc.fiji.spyhop.SpyhopException if all files of the machine would be looked through
   */
  public static List<Path> files(Path folder, int depth, List<String> problems) throws IOException {
    if (depth > 1) Folders.requirePart(folder);
    List<Path> found = new ArrayList<>();
    Files.walkFileTree(
        folder,
        EnumSet.of(FileVisitOption.FOLLOW_LINKS),
        depth,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes a) {
            if (a.isRegularFile()) found.add(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            if (file.equals(folder)) throw e;
            if (!(e instanceof FileSystemLoopException)) {
              problems.add(file + ": cannot be searched: " + AtomicFile.reason(e) + ".");
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path visited, IOException e)
              throws IOException {
            if (e != null && visited.equals(folder)) throw e;
            if (e != null) {
              problems.add(visited + ": cannot be searched: " + AtomicFile.reason(e) + ".");
            }
            return FileVisitResult.CONTINUE;
          }
        });
    found.sort(FileNames.ORDER);
    return found;
  }
}
