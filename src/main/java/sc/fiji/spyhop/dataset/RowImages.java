package sc.fiji.spyhop.dataset;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.ImageReader;
import sc.fiji.spyhop.util.Decimals;
import sc.fiji.spyhop.util.Strings;

/**
 * Images with the rows of a table that tell what is seen in them.
 *
 * @param columns of the table but for those of images, subsets and groups
 * @param rows cells by the names of their columns, a row for each sample in its order; numbers have
 *     a decimal point, whatever the table has
 * @param samples images with their rows
 */
public record RowImages(
    List<Column> columns, List<Map<String, String>> rows, Dataset<Map<String, String>> samples) {

  private static final Pattern UNIT = Pattern.compile("(.+?)\\s*[(\\[](.+)[)\\]]");

  /** A column, which may be called {@code length (µm)}. */
  public record Column(String name, String unit) {

    static Column of(String header) {
      Matcher unit = UNIT.matcher(header);
      return unit.matches() ? new Column(unit.group(1), unit.group(2)) : new Column(header, "");
    }
  }

  /** Rows of a table, which need not name images. */
  public record Rows(List<Column> columns, List<Map<String, String>> cells, List<String> images) {}

  /**
   * Reads a table: a CSV file with a column {@code image} (path from its folder, or from {@code
   * images} there), {@code subset} if there are any, and further columns. Images are read later,
   * when the set is asked for them.
   *
   * @param folder where names of samples begin
   * @param table absent: {@code index.csv} of the folder
   * @param subset absent: all
   * @throws SpyhopException if a file or a column is missing, or an image is listed twice
   */
  public static RowImages read(
      Path folder,
      Optional<Path> table,
      Optional<String> subset,
      Grouping grouping,
      ImageReader reader) {
    Path file = table.orElse(folder.resolve("index.csv"));
    IndexTable all = IndexTable.read(file);
    int image = all.require("image", "name", "file");
    IndexTable chosen = all.only(subset);
    Rows rows = rows(chosen, grouping);
    List<String> problems = new ArrayList<>();
    Map<Path, Map<String, String>> found = new LinkedHashMap<>();
    IndexedImages images = new IndexedImages(file);
    for (int i = 0; i < chosen.rows().size(); i++) {
      String name = chosen.rows().get(i).get(image);
      Optional<Path> path = images.find(name, problems);
      if (path.isEmpty()) continue;
      if (found.put(path.get(), rows.cells().get(i)) != null) {
        problems.add(name + " is listed twice");
      }
    }
    BadSamples.throwIfAny(problems, file.toString());
    if (found.isEmpty()) throw new SpyhopException(file + " lists no images.");
    List<Dataset.Entry<Map<String, String>>> entries = new ArrayList<>();
    found.forEach(
        (path, row) -> {
          String label = ClassImages.label(folder, path);
          entries.add(new Dataset.Entry<>(label, () -> sample(label, path, row, reader)));
        });
    return new RowImages(rows.columns(), List.copyOf(found.values()), Dataset.of(entries));
  }

  private static Sample<Map<String, String>> sample(
      String name, Path file, Map<String, String> row, ImageReader reader) {
    Frame frame = reader.readFrame(file);
    return new Sample<>(new Frame(name, frame.pixels(), frame.pixelSize()), row);
  }

  /**
   * The rows of a table alone.
   *
   * @throws SpyhopException if it is missing, is no table, or has no rows
   */
  public static Rows rows(Path file) {
    IndexTable table = IndexTable.read(file);
    if (table.rows().isEmpty()) {
      throw new SpyhopException(file + " has no rows: expected one for each image.");
    }
    return rows(table, Grouping.BY_NAME);
  }

  private static Rows rows(IndexTable table, Grouping grouping) {
    Optional<Integer> image = table.column("image", "name", "file");
    Optional<Integer> subset = table.column("subset");
    List<Integer> kept =
        IntStream.range(0, table.columns().size())
            .filter(i -> image.isEmpty() || i != image.get())
            .filter(i -> subset.isEmpty() || i != subset.get())
            .filter(i -> !grouping.isBy(table.columns().get(i)))
            .boxed()
            .toList();
    List<Column> columns = kept.stream().map(i -> Column.of(table.columns().get(i))).toList();
    if (columns.stream().map(Column::name).distinct().count() < columns.size()) {
      throw new SpyhopException(
          Strings.format(
              "%s has the columns %s: expected each of a name of its own.",
              table.file(), String.join(", ", table.columns())));
    }
    List<Map<String, String>> cells = new ArrayList<>();
    List<String> images = new ArrayList<>();
    for (List<String> row : table.rows()) {
      Map<String, String> one = new LinkedHashMap<>();
      for (int i = 0; i < kept.size(); i++) {
        one.put(columns.get(i).name(), pointed(row.get(kept.get(i)), table));
      }
      cells.add(one);
      image.ifPresent(i -> images.add(row.get(i)));
    }
    return new Rows(columns, cells, images);
  }

  /** A number with a decimal comma gets a point; all else stays what it is. */
  private static String pointed(String cell, IndexTable table) {
    if (!Double.isNaN(Decimals.parse(cell)) || !Double.isFinite(table.marks().parse(cell))) {
      return cell;
    }
    return cell.strip().replace(',', '.');
  }
}
