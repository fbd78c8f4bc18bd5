package sc.fiji.spyhop.generate.rendering;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.dataset.RowImages.Column;
import sc.fiji.spyhop.model.GeneratorSource;
import sc.fiji.spyhop.model.RowColumn;
import sc.fiji.spyhop.util.Decimals;
import sc.fiji.spyhop.util.Strings;

/**
 * Finds out what the columns of a table are: angles by their name or unit, numbers and words by
 * what stands in them, unless the user says what they are.
 *
 * @param columns to take, by name; empty: all whose cells differ
 * @param angles those of them that are angles in degrees besides those that look like it
 * @param choices those of them that are words, though numbers stand in them
 */
public record ColumnFinder(List<String> columns, List<String> angles, List<String> choices) {

  /** What angles that go all the way round are usually called. */
  private static final Set<String> ANGLES =
      Set.of("angle", "azimuth", "rotation", "orientation", "direction", "heading", "yaw");

  private static final Set<String> DEGREES = Set.of("°", "deg", "degree", "degrees");

  /** Of words: a value for every other row is a name, from which nothing can be learned. */
  private static final double MAX_VARIETY = 0.5;

  /** Everything is found out. */
  public static final ColumnFinder AUTO = new ColumnFinder(List.of(), List.of(), List.of());

  /** Copies the lists. */
  public ColumnFinder {
    columns = List.copyOf(columns);
    angles = List.copyOf(angles);
    choices = List.copyOf(choices);
  }

  /**
   * What was found.
   *
   * @param notes sentences about columns that were left out
   */
  public record Found(GeneratorSource.Columns columns, List<String> notes) {}

  /**
   * Looks at the rows that are to be trained on.
   *
   * @param there columns of the table
   * @param rows cells by the names of their columns
   * @throws SpyhopException if a column that is named is missing, or nothing can be learned from
   *     one that is asked for, or from none
   */
  public Found find(List<Column> there, List<Map<String, String>> rows) {
    for (List<String> asked : List.of(columns, angles, choices)) {
      for (String name : asked) requireOneOf(name, there);
    }
    List<RowColumn> found = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    for (Column column : there) {
      String name = column.name();
      if (!columns.isEmpty() && !columns.contains(name)) continue;
      List<String> cells = rows.stream().map(r -> r.get(name)).toList();
      Optional<String> problem = problem(column, cells);
      if (problem.isEmpty()) {
        found.add(of(column, cells));
      } else if (columns.contains(name)) {
        throw new SpyhopException(Strings.format("Column %s: %s.", name, problem.get()));
      } else {
        notes.add(Strings.format("Column %s is left out: %s.", name, problem.get()));
      }
    }
    if (found.isEmpty()) {
      throw new SpyhopException(
          "No column to learn from: expected one or more besides image whose cells differ. "
              + String.join(" ", notes));
    }
    return new Found(new GeneratorSource.Columns(found), notes);
  }

  private static void requireOneOf(String name, List<Column> there) {
    if (there.stream().anyMatch(c -> c.name().equals(name))) return;
    throw new SpyhopException(
        Strings.format(
            "There is no column %s: expected one of %s.",
            name, String.join(", ", there.stream().map(Column::name).toList())));
  }

  /** Why nothing can be learned from a column. */
  private Optional<String> problem(Column column, List<String> cells) {
    boolean numbers = isNumbers(cells);
    boolean words = !numbers || choices.contains(column.name());
    long different =
        words
            ? cells.stream().distinct().count()
            : cells.stream().mapToDouble(Decimals::parse).distinct().count();
    if (different < 2) return Optional.of("the same stands in all of its cells");
    if (cells.stream().anyMatch(String::isBlank)) {
      return Optional.of("some of its cells are empty");
    }
    if (angles.contains(column.name()) && !numbers) {
      return Optional.of("an angle has to be a number of degrees, and not all of its cells are");
    }
    if (!words) return Optional.empty();
    if (different > RowColumn.MAX_VALUES
        || different > 2 && different > MAX_VARIETY * cells.size()) {
      return Optional.of(
          Strings.format(
              "%d different words stand in its %d cells, as if they were names",
              different, cells.size()));
    }
    return Optional.empty();
  }

  private static boolean isNumbers(List<String> cells) {
    return cells.stream().allMatch(c -> Double.isFinite(Decimals.parse(c)));
  }

  private RowColumn of(Column column, List<String> cells) {
    String name = column.name();
    if (!isNumbers(cells) || choices.contains(name)) {
      return new RowColumn.Choice(name, List.copyOf(new TreeSet<>(cells)));
    }
    if (angles.contains(name) || looksLikeAngle(column)) return new RowColumn.Angle(name);
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (String cell : cells) {
      low = Math.min(low, Decimals.parse(cell));
      high = Math.max(high, Decimals.parse(cell));
    }
    return new RowColumn.Number(name, column.unit(), low, high);
  }

  private static boolean looksLikeAngle(Column column) {
    return ANGLES.contains(column.name().toLowerCase(Locale.ROOT))
        || DEGREES.contains(column.unit().toLowerCase(Locale.ROOT));
  }
}
