package sc.fiji.spyhop.command;

import ij.ImagePlus;
import ij.process.ColorProcessor;
import java.awt.image.BufferedImage;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.scijava.plugin.Parameter;
import sc.fiji.spyhop.image.Colors;
import sc.fiji.spyhop.job.Caller;
import sc.fiji.spyhop.job.SettingException;
import sc.fiji.spyhop.model.Model;
import sc.fiji.spyhop.model.ModelRegistry;
import sc.fiji.spyhop.task.Task;
import sc.fiji.spyhop.util.AtomicFile;
import sc.fiji.spyhop.util.CsvFile;
import sc.fiji.spyhop.util.Digits;
import sc.fiji.spyhop.util.Folders;
import sc.fiji.spyhop.util.TableRow;

/** Shows what a model has learnt, as pictures and tables, in windows or in a folder. */
abstract class LearnedCommand extends JobCommand {

  @Parameter(
      label = "Model",
      style = ModelChoice.STYLE,
      persist = false,
      description = "Name of a model, or path of its .spyhop file.")
  @InShell(arguments = true, value = "NAME|FILE")
  private String model = "";

  @Parameter(
      label = "Folder for the results",
      style = "directory",
      required = false,
      persist = false,
      description = "Folder to write pictures and tables to; empty to show tables in windows.")
  private File output = new File("");

  @Parameter(
      label = "Replace what exists",
      persist = false,
      description = "Replaces files of the same names; else nothing is done where there are some.")
  @InShell(names = "--force")
  private boolean replace = false;

  /** Puts the known models into the dialog. */
  void offerModels() {
    ModelChoice.offer(this, "model", Task.class);
  }

  @Override
  void check() {
    ModelChoice.require(model, Task.class);
  }

  final Model model() {
    return ModelRegistry.standard().find(model.strip());
  }

  /** Names of the files that are written. */
  abstract List<String> files();

  /**
   * Shows it.
   *
   * @param folder to write the files to; absent: windows are opened
   */
  abstract void show(Caller caller, Optional<Path> folder);

  @Override
  final void work(Caller caller) {
    if (output.getPath().isBlank()) {
      show(caller, Optional.empty());
      return;
    }
    Path folder = output.toPath().toAbsolutePath();
    requireFree(folder);
    Folders.writing(
        folder,
        () -> {
          show(caller, Optional.of(folder));
          return folder;
        });
  }

  private void requireFree(Path folder) {
    for (String name : files()) {
      if (replace || !AtomicFile.isThere(folder.resolve(name))) continue;
      throw SettingException.needs(
          folder.resolve(name) + " exists already. Name another folder, or replace it",
          new SettingException.Remedy("replace", "true"));
    }
  }

  /** Of a model: where red, green and blue are among the channels; empty where there are none. */
  static int[] order(Model model) {
    Colors colors = model.spec().input().colors();
    return switch (colors) {
      case NONE -> new int[0];
      case RGB -> new int[] {0, 1, 2};
      case BGR -> new int[] {2, 1, 0};
    };
  }

  static ImagePlus image(String title, BufferedImage picture) {
    return new ImagePlus(title, new ColorProcessor(picture));
  }

  static void write(BufferedImage picture, Path file) {
    AtomicFile.write(file, out -> ImageIO.write(picture, "png", out));
  }

  /**
   * A table, in a file or, if none is asked for, in a window: who goes on with the Results table in
   * a macro finds that it is still the one that is saved.
   *
   * @param rows texts and numbers in the order of the columns; NaN for an empty cell
   */
  static void table(
      Caller caller,
      String title,
      List<String> columns,
      List<List<Object>> rows,
      Optional<Path> file) {
    if (file.isPresent()) write(columns, rows, file.get());
    else caller.table(title, named(columns, rows));
  }

  private static void write(List<String> columns, List<List<Object>> rows, Path file) {
    CsvFile.write(
        file,
        sink -> {
          sink.row(columns);
          for (List<Object> row : rows) sink.row(row.stream().map(Digits::cell).toList());
        });
  }

  private static List<TableRow> named(List<String> columns, List<List<Object>> rows) {
    List<TableRow> named = new ArrayList<>();
    for (List<Object> row : rows) {
      Map<String, Object> cells = new LinkedHashMap<>();
      for (int i = 0; i < columns.size(); i++) cells.put(columns.get(i), row.get(i));
      named.add(new TableRow(String.valueOf(named.size() + 1), cells));
    }
    return named;
  }
}
