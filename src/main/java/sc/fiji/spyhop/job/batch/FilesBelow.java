package sc.fiji.spyhop.job.batch;

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
import sc.fiji.spyhop.util.AtomicFile;
import sc.fiji.spyhop.util.FileNames;

/** Finds files in a folder and below it, also behind links. */
final class FilesBelow extends SimpleFileVisitor<Path> {

  private final Path top;
  private final List<Path> files = new ArrayList<>();
  private final List<String> problems;

  private FilesBelow(Path top, List<String> problems) {
    this.top = top;
    this.problems = problems;
  }

  /**
   * All plain files, in the order of their paths. What is below a link that leads in a circle is
   * found where it is; a folder below that cannot be read is left out.
   *
   * @param depth 1 for the folder itself
   * @param problems told of what is left out, one sentence each
   * @throws IOException if the folder itself cannot be read
   */
  static List<Path> of(Path folder, int depth, List<String> problems) throws IOException {
    FilesBelow found = new FilesBelow(folder, problems);
    Files.walkFileTree(folder, EnumSet.of(FileVisitOption.FOLLOW_LINKS), depth, found);
    found.files.sort(FileNames.ORDER);
    return found.files;
  }

  @Override
  public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
    if (attributes.isRegularFile()) files.add(file);
    return FileVisitResult.CONTINUE;
  }

  @Override
  public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
    return failed(file, e);
  }

  @Override
  public FileVisitResult postVisitDirectory(Path folder, IOException e) throws IOException {
    return e == null ? FileVisitResult.CONTINUE : failed(folder, e);
  }

  private FileVisitResult failed(Path file, IOException e) throws IOException {
    if (file.equals(top)) throw e;
    if (!(e instanceof FileSystemLoopException)) {
      problems.add(file + ": cannot be searched: " + AtomicFile.reason(e) + ".");
    }
    return FileVisitResult.CONTINUE;
  }
}
