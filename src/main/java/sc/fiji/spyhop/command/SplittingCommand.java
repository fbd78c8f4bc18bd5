package sc.fiji.spyhop.command;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.scijava.ItemVisibility;
import org.scijava.plugin.Parameter;
import sc.fiji.spyhop.dataset.Grouping;
import sc.fiji.spyhop.util.FileNames;

/** Makes a model of annotated images, some of which are not trained on. */
abstract class SplittingCommand extends AboutCommand {

  @Parameter(
      label = "Images that belong together",
      visibility = ItemVisibility.INVISIBLE,
      required = false,
      persist = false,
      description =
          "What tells images of one specimen, plate or the like, which are never both trained and"
              + " validated on: a column of the table of images, or a pattern of names such as"
              + " {plate}_*, in which what is in braces tells the group; empty for slices, time"
              + " points and channels of one stack by their names.")
  @InShell("COLUMN|PATTERN")
  private String group = "";

  /**
   * Which images belong together.
   *
   * @param data folder of the images, or a file in it
   * @param index table of the images; absent: that of the folder
   */
  final Grouping grouping(Path data, Optional<Path> index) {
    Path folder = Files.isDirectory(data) ? data : FileNames.folder(data);
    return setting("group", () -> Grouping.of(group, index.orElse(folder.resolve("index.csv"))));
  }
}
