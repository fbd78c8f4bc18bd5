package sc.fiji.spyhop.dataset.format;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A column of a table.
 *
 * @param optional whether it is left out of tables in which it says nothing
 * @param nothing the text that says nothing, such as slice 1 where no image is a stack; has no
 *     meaning for columns that are always there
 */
public record Column(String name, boolean optional, String nothing) {

  /** One that is always there. */
  public static Column of(String name) {
    return new Column(name, false, "");
  }

  /** One that is left out if every row has the same text, which says nothing. */
  public static Column unlessAll(String name, String nothing) {
    return new Column(name, true, nothing);
  }

  /** Columns that are always there. */
  public static List<Column> all(String... names) {
    return Arrays.stream(names).map(Column::of).toList();
  }

  static List<Column> join(List<Column> always, Column... more) {
    return Stream.concat(always.stream(), Stream.of(more)).collect(Collectors.toUnmodifiableList());
  }

  /** Whether a row needs the column. */
  public boolean isSaidBy(String cell) {
    return !optional || !cell.equals(nothing);
  }
}
