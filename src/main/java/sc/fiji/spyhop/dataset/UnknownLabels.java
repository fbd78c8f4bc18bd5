package sc.fiji.spyhop.dataset;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntPredicate;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.util.FileNames;
import sc.fiji.spyhop.util.Strings;

/**
 * Which number in the label images of a data set stands for pixels that nobody has labelled: the
 * column {@code unknown} of its {@code index.csv} says it, for each image, and the user may. If
 * neither does, all numbers are labels. Immutable.
 */
public final class UnknownLabels {

  /** What Spyhop writes for pixels that nobody has labelled: the largest number of 16 bits. */
  public static final int WRITTEN = 0xFFFF;

  /** The column of {@code index.csv}. */
  public static final String COLUMN = "unknown";

  /** Of the tables that Spyhop wrote before there was the column; 65535 was unknown in all. */
  private static final List<String> OLD_COLUMNS = List.of("image", "source", "slice", "frame");

  private final Map<String, Integer> byImage;
  private final int said;

  private UnknownLabels(Map<String, Integer> byImage, int said) {
    this.byImage = byImage;
    this.said = said;
  }

  /**
   * What the data set says in whose folder, or folder {@code labels} or {@code masks}, label images
   * are.
   *
   * @param index another table of the images; what it says counts as well
   * @param said number that the user says is unknown in all of them; negative: none
   * @throws SpyhopException if the column is there, but cannot be read
   */
  public static UnknownLabels of(Path labels, Optional<Path> index, int said) {
    Map<String, Integer> byImage = new HashMap<>();
    Path folder = labels.toAbsolutePath().normalize();
    add(folder.resolve("index.csv"), byImage);
    boolean within = folder.endsWith("labels") || folder.endsWith("masks");
    if (within) add(folder.resolveSibling("index.csv"), byImage);
    index.ifPresent(file -> add(file, byImage));
    return new UnknownLabels(byImage, said);
  }

  private static void add(Path file, Map<String, Integer> byImage) {
    List<String> columns = IndexTable.header(file);
    boolean old = isOld(file);
    if (!old && columns.stream().noneMatch(COLUMN::equalsIgnoreCase)) return;
    IndexTable table = IndexTable.read(file);
    int image = old ? 0 : table.require("image", "name");
    for (List<String> row : table.rows()) {
      String label = old ? String.valueOf(WRITTEN) : row.get(table.require(COLUMN));
      if (label.isEmpty()) continue;
      byImage.put(Naming.baseName(row.get(image)), number(file, row.get(image), label));
    }
  }

  private static int number(Path file, String image, String label) {
    try {
      return Integer.parseUnsignedInt(label);
    } catch (NumberFormatException e) {
      throw new SpyhopException(
          Strings.format(
              "%s, %s: expected the label of pixels that nobody has labelled in the column %s,"
                  + " such as 65535, or nothing, received \"%s\".",
              file, image, COLUMN, label),
          e);
    }
  }

  /** Whether a table is one that Spyhop wrote before there was the column. */
  public static boolean isOld(Path index) {
    return IndexTable.header(index).equals(OLD_COLUMNS);
  }

  /** Whether a number in the label image of an image, by its base name, is no label. */
  public IntPredicate of(String image) {
    int own = byImage.getOrDefault(image, -1);
    return label -> label == own || label == said;
  }

  /** Whether a number in the label image of an image file is no label. */
  public IntPredicate ofImage(Path file) {
    return of(Naming.baseName(FileNames.last(file)));
  }

  /**
   * Gives the table of a data set that Spyhop wrote before there was the column what it meant. Does
   * nothing to all others.
   */
  public static void upgrade(Path index) {
    if (!isOld(index)) return;
    List<List<String>> rows = new ArrayList<>();
    for (List<String> row : IndexTable.read(index).rows()) {
      List<String> longer = new ArrayList<>(row);
      longer.add(String.valueOf(WRITTEN));
      rows.add(longer);
    }
    List<String> columns = new ArrayList<>(OLD_COLUMNS);
    columns.add(COLUMN);
    IndexTable.write(index, columns, rows, false);
  }
}
