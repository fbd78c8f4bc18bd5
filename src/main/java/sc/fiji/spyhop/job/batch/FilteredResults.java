package sc.fiji.spyhop.job.batch;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import sc.fiji.spyhop.util.FileNames;

/** Results of which some were left out on purpose, which is not seen in their tables. */
public final class FilteredResults {

  private FilteredResults() {}

  /**
   * The classes that alone were kept, with commas; absent if all were, or nothing is known.
   *
   * @param results folder of a run, or a table in it
   */
  public static Optional<String> classes(Path results) {
    Path folder = Files.isDirectory(results) ? results : FileNames.folder(results);
    return Optional.ofNullable(Journal.settings(folder).get(Adjust.CLASSES));
  }
}
