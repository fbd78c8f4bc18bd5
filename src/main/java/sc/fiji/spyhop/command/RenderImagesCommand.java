package sc.fiji.spyhop.command;

import ij.ImagePlus;
import java.awt.image.BufferedImage;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.scijava.ItemIO;
import org.scijava.command.Command;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.dataset.IndexTable;
import sc.fiji.spyhop.dataset.RowImages;
import sc.fiji.spyhop.generate.GeneratedImage;
import sc.fiji.spyhop.generate.ImageMaker;
import sc.fiji.spyhop.generate.rendering.RowNames;
import sc.fiji.spyhop.generate.rendering.Shot;
import sc.fiji.spyhop.ij.LabelImages;
import sc.fiji.spyhop.job.Caller;
import sc.fiji.spyhop.job.SettingException;
import sc.fiji.spyhop.job.batch.GeneratedImages;
import sc.fiji.spyhop.model.Generator;
import sc.fiji.spyhop.model.GeneratorSource;
import sc.fiji.spyhop.model.GeneratorSpec;
import sc.fiji.spyhop.model.ModelRegistry;
import sc.fiji.spyhop.model.RowColumn;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.util.AtomicFile;
import sc.fiji.spyhop.util.FileNames;
import sc.fiji.spyhop.util.Folders;
import sc.fiji.spyhop.util.PngFile;
import sc.fiji.spyhop.util.Strings;

/**
 * Makes images of the rows of a table, or of ways between them. In a macro:
 *
 * <pre>run("Spyhop Render Images", "model=/data/chairs.spyhop rows=/data/new.csv along=azimuth");
 * </pre>
 */
@Plugin(
    type = Command.class,
    menuPath = "Plugins>Spyhop>Spyhop Render Images",
    headless = true,
    initializer = "offerModels",
    description = "Makes images of the rows of a table, or on the way from one to another.")
public final class RenderImagesCommand extends JobCommand {

  /** Sentences about what lies outside of what was learned, before the rest is counted. */
  private static final int MAX_NOTES = 5;

  private static final String INDEX = "index.csv";
  private static final String SHEET = "sheet.png";
  private static final String IMAGES = "images";

  @Parameter(
      label = "Model",
      style = ModelChoice.STYLE,
      persist = false,
      description =
          "Name of a model that makes images from rows, or path of its .spyhop file; Train Renderer"
              + " makes such.")
  @InShell("NAME|FILE")
  private String model = "";

  @Parameter(
      label = "Table of rows",
      style = "open",
      persist = false,
      description =
          "Table with a row for each image, a CSV file with the columns that the model learned from; a"
              + " column image names the files.")
  @InShell(names = "--table", value = "CSV")
  private File rows = new File("");

  @Parameter(
      label = "Folder for the images",
      style = "directory",
      required = false,
      persist = false,
      description =
          "Folder to write images, a table of them and a sheet to look at to; empty to open them as a"
              + " stack.")
  @InShell("DIR")
  private File output = new File("");

  @Parameter(
      label = "Along column",
      required = false,
      persist = false,
      description =
          "Makes a stack for each row, in which this column changes and all else stays; empty for"
              + " one image of each row.")
  @InShell("NAME")
  private String along = "";

  @Parameter(
      label = "From",
      required = false,
      persist = false,
      description =
          "Along a column: its value in the first image; empty for the lowest, the first word, or 0"
              + " degrees. Without a column: number of a row, to make a stack from that row to"
              + " another.")
  @InShell("VALUE|ROW")
  private String from = "";

  @Parameter(
      label = "To",
      required = false,
      persist = false,
      description =
          "The same for the last image; empty for the highest, the last word, or a full turn.")
  @InShell("VALUE|ROW")
  private String to = "";

  @Parameter(
      label = "Images in a stack",
      min = "2",
      max = "10000",
      persist = false,
      description = "How many images a stack has, the first and the last one counted.")
  private int steps = 24;

  @Parameter(
      label = "Replace what exists",
      persist = false,
      description = "Replaces files of the same names; else nothing is done where there are some.")
  @InShell(names = "--force")
  private boolean replace = false;

  @Parameter(type = ItemIO.OUTPUT, label = "Images", description = "The images, as a stack.")
  private ImagePlus images;

  /** Puts the known models into the dialog. */
  void offerModels() {
    model = ModelChoice.offerGenerators(this, "model", model, GeneratorSource.Columns.class);
  }

  @Override
  void check() {
    ModelChoice.requireGenerator(model, GeneratorSource.Columns.class);
    if (rows.getPath().isBlank()) {
      throw SettingException.missing("rows", "a table", "/path/to/it.csv");
    }
    if (along.isBlank() && from.isBlank() != to.isBlank()) {
      throw SettingException.wrong(
          from.isBlank() ? "from" : "to",
          "expected the number of a row, as the other end of the way is given, received nothing.");
    }
  }

  @Override
  void work(Caller caller) {
    boolean windows = caller instanceof ImageJCaller;
    if (output.getPath().isBlank() && !windows) {
      throw SettingException.missing("output", "a folder", "/path/to/it");
    }
    Generator generator = ModelRegistry.standard().findGenerator(model.strip());
    if (!(generator.spec().source() instanceof GeneratorSource.Columns columns)) {
      throw new SpyhopException(
          Strings.format(
              "Model %s makes images from %s: expected one that makes them from the rows of a"
                  + " table. Make its images with spyhop generate.",
              generator.spec().name(), generator.spec().source().description()));
    }
    RowImages.Rows table = RowImages.rows(rows.toPath());
    List<Shot> shots = shots(columns, table);
    if (output.getPath().isBlank()) {
      tell(columns, table, caller);
      show(generator, shots, caller);
      return;
    }
    Path folder = output.toPath().toAbsolutePath();
    requireFree(folder, generator.spec().output(), shots);
    tell(columns, table, caller);
    Folders.writing(
        folder,
        () -> {
          if (isPlain()) Folders.requireWritable(folder.resolve(IMAGES));
          write(generator, shots, table, folder, caller);
          return folder;
        });
  }

  // -- What is made --

  private List<Shot> shots(GeneratorSource.Columns columns, RowImages.Rows table) {
    List<String> names = RowNames.of(table);
    List<String> known = columns.columns().stream().map(RowColumn::name).toList();
    if (!along.isBlank() && !known.contains(along.strip())) {
      throw SettingException.wrong(
          "along",
          Strings.format(
              "expected a column that the model learned from (%s), received %s.",
              String.join(", ", known), along.strip()));
    }
    if (along.isBlank() && !from.isBlank()) {
      int first = row("from", from, table);
      int last = row("to", to, table);
      return List.of(
          Shot.between(
              names.get(first) + "_to_" + names.get(last),
              columns,
              complete(first, columns, table),
              complete(last, columns, table),
              steps));
    }
    List<Shot> shots = new ArrayList<>();
    for (int i = 0; i < table.cells().size(); i++) {
      Map<String, String> row = table.cells().get(i);
      try {
        shots.add(
            along.isBlank()
                ? Shot.of(names.get(i), columns, row)
                : Shot.along(
                    names.get(i), columns, row, along.strip(), word(from), word(to), steps));
      } catch (SpyhopException e) {
        throw inRow(i, e);
      }
    }
    return shots;
  }

  private static Map<String, String> complete(
      int row, GeneratorSource.Columns columns, RowImages.Rows table) {
    try {
      columns.encode(table.cells().get(row));
      return table.cells().get(row);
    } catch (SpyhopException e) {
      throw inRow(row, e);
    }
  }

  private static SpyhopException inRow(int row, SpyhopException e) {
    return new SpyhopException(
        Strings.format("Row %d of the table: %s", row + 1, e.getMessage()), e);
  }

  private static int row(String key, String text, RowImages.Rows table) {
    double number = number(key, text).orElseThrow();
    int rows = table.cells().size();
    if (number == Math.rint(number) && number >= 1 && number <= rows) return (int) number - 1;
    throw SettingException.wrong(
        key,
        Strings.format(
            "expected the number of a row, from 1 to %d, or a column to go along, received %s.",
            rows, text.strip()));
  }

  /** Says which cells lie outside of what was learned, of the rows that count. */
  private void tell(GeneratorSource.Columns columns, RowImages.Rows table, Caller caller) {
    List<Integer> counting = IntStream.range(0, table.cells().size()).boxed().toList();
    if (along.isBlank() && !from.isBlank()) {
      counting = List.of(row("from", from, table), row("to", to, table));
    }
    Set<String> told = new LinkedHashSet<>();
    for (int i : counting) {
      for (RowColumn column : columns.columns()) {
        boolean ends = column.name().equals(along.strip());
        String cell = table.cells().get(i).get(column.name());
        List<String> cells =
            ends ? Stream.of(from, to).filter(c -> !c.isBlank()).toList() : List.of(cell);
        for (String c : cells) {
          String row = ends ? "" : Strings.format("Row %d: ", i + 1);
          column.outside(c).ifPresent(sentence -> told.add(row + sentence));
        }
      }
    }
    told.stream().limit(MAX_NOTES).forEach(caller::note);
    int more = told.size() - MAX_NOTES;
    if (more > 0) {
      caller.note(Strings.format("%d more cells lie outside of what was learned.", more));
    }
  }

  // -- Where it goes --

  private void show(Generator generator, List<Shot> shots, Caller caller) {
    List<String> labels = new ArrayList<>();
    List<float[]> codes = new ArrayList<>();
    for (Shot shot : shots) {
      labels.addAll(shot.labels());
      codes.addAll(shot.codes());
    }
    List<GeneratedImage> made;
    try (ImageMaker maker = ImageMaker.open(generator);
        Caller.Shown progress = caller.progress("Rendering")) {
      made = maker.images(labels, codes, progress);
    }
    images =
        GeneratedImages.stack(
            generator.spec().name() + "_rendered", made, generator.spec().output());
    makeCurrent(images);
  }

  private String file(Shot shot, GeneratorSpec.Output output) {
    return isPlain()
        ? IMAGES + "/" + shot.name() + GeneratedImages.ending(output)
        : shot.name() + ".tif";
  }

  private boolean isPlain() {
    return along.isBlank() && from.isBlank();
  }

  private void requireFree(Path folder, GeneratorSpec.Output output, List<Shot> shots) {
    List<String> files = new ArrayList<>();
    for (Shot shot : shots) files.add(file(shot, output));
    if (isPlain()) files.add(INDEX);
    files.add(SHEET);
    for (String file : files) {
      Path path = folder.resolve(file);
      if (FileNames.isSame(path, rows.toPath())) {
        throw new SpyhopException(
            path + ": this is the table of rows. Name another folder for the images.");
      }
      if (replace || !AtomicFile.isThere(path)) continue;
      throw SettingException.needs(
          path + " exists already. Name another folder, or replace it",
          new SettingException.Remedy("replace", "true"));
    }
  }

  /** What was written stays, and is in the table, where it is cancelled. */
  private void write(
      Generator generator, List<Shot> shots, RowImages.Rows table, Path folder, Caller caller) {
    List<Shot> written = new ArrayList<>();
    List<GeneratedImage> sheet = new ArrayList<>();
    GeneratorSpec.Output output = generator.spec().output();
    try (ImageMaker maker = ImageMaker.open(generator);
        Caller.Shown progress = caller.progress("Rendering")) {
      int atOnce = isPlain() ? 64 : 1;
      for (int first = 0; first < shots.size(); first += atOnce) {
        progress.checkCancelled();
        progress.update("Rendering", first, shots.size());
        List<Shot> some = shots.subList(first, Math.min(shots.size(), first + atOnce));
        write(maker, some, output, folder, sheet);
        written.addAll(some);
      }
      progress.update("Rendering", shots.size(), shots.size());
    } catch (CancellationException e) {
      caller.note(Strings.format("%d of %d were written.", written.size(), shots.size()));
      throw e;
    } finally {
      if (isPlain() && !written.isEmpty()) writeTable(written, table, folder, output);
      if (!sheet.isEmpty()) {
        BufferedImage picture = GeneratedImages.sheet(sheet, output);
        PngFile.write(picture, folder.resolve(SHEET));
      }
    }
    caller.result(
        Strings.format(
            "%s written to %s",
            Strings.count(written.size(), isPlain() ? "image" : "stack"), folder));
  }

  /**
   * Makes images of several shots in one go, and writes them.
   *
   * @param sheet gets the first of them
   */
  private void write(
      ImageMaker maker,
      List<Shot> shots,
      GeneratorSpec.Output output,
      Path folder,
      List<GeneratedImage> sheet) {
    List<float[]> codes = new ArrayList<>();
    shots.forEach(s -> codes.addAll(s.codes()));
    Tensor made = maker.make(codes, Progress.NONE);
    int at = 0;
    for (Shot shot : shots) {
      List<GeneratedImage> own = new ArrayList<>();
      for (String label : shot.labels()) own.add(maker.image(label, made, at++));
      if (sheet.size() < GeneratedImages.SHEET) sheet.addAll(own);
      if (isPlain()) {
        GeneratedImages.write(own.get(0), output, folder.resolve(IMAGES));
      } else {
        LabelImages.save(
            GeneratedImages.stack(shot.name(), own, output), folder.resolve(file(shot, output)));
      }
    }
  }

  private void writeTable(
      List<Shot> written, RowImages.Rows table, Path folder, GeneratorSpec.Output output) {
    List<String> columns = new ArrayList<>(List.of("image"));
    for (RowImages.Column c : table.columns()) {
      columns.add(c.unit().isEmpty() ? c.name() : c.name() + " (" + c.unit() + ")");
    }
    List<List<String>> cells = new ArrayList<>();
    for (int i = 0; i < written.size(); i++) {
      List<String> row =
          new ArrayList<>(List.of(FileNames.last(Path.of(file(written.get(i), output)))));
      for (RowImages.Column c : table.columns()) row.add(table.cells().get(i).get(c.name()));
      cells.add(row);
    }
    IndexTable.write(folder.resolve(INDEX), columns, cells, false);
  }
}
