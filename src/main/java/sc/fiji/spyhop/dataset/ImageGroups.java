package sc.fiji.spyhop.dataset;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import sc.fiji.spyhop.SpyhopException;

/** What the name of an image, or a table, says of it, such as its plate and its well. */
public sealed interface ImageGroups {

  /** No groups. */
  ImageGroups NONE = new Nothing();

  /** What is said, such as {@code plate, well}; names of columns. */
  List<String> names();

  /**
   * What is said of an image.
   *
   * @param image path with slashes, with or without extension
   * @return a text for each of the {@link #names}; empty if nothing is said
   */
  Optional<List<String>> of(String image);

  /**
   * As a user says: empty for none; a pattern of names such as {@code {plate}_{well}_s*}; a regular
   * expression with named groups; or the path of a CSV file with a column {@code image} (or {@code
   * name} or {@code file}), whose other columns are the groups.
   *
   * @throws SpyhopException if it is none of that
   */
  static ImageGroups parse(String text) {
    String asked = text.strip();
    if (asked.isEmpty()) return NONE;
    if (asked.toLowerCase(Locale.ROOT).endsWith(".csv")) return ByTable.read(Path.of(asked));
    boolean regex = NamePattern.isRegex(asked);
    NamePattern pattern =
        regex
            ? NamePattern.ofRegex(asked)
            : NamePattern.of(
                asked, "a regular expression with named groups, or a CSV file with a column image");
    requireOnce(pattern.names());
    return new ByName(pattern);
  }

  private static void requireOnce(List<String> names) {
    Set<String> seen = new HashSet<>();
    for (String name : names) {
      if (seen.add(name.toLowerCase(Locale.ROOT))) continue;
      throw new SpyhopException("expected each group once, received \"" + name + "\" twice.");
    }
  }

  /** Nothing is said. */
  record Nothing() implements ImageGroups {
    @Override
    public List<String> names() {
      return List.of();
    }

    @Override
    public Optional<List<String>> of(String image) {
      return Optional.of(List.of());
    }
  }

  /** By parts of names. */
  final class ByName implements ImageGroups {
    private final NamePattern pattern;

    private ByName(NamePattern pattern) {
      this.pattern = pattern;
    }

    @Override
    public List<String> names() {
      return pattern.names();
    }

    @Override
    public Optional<List<String>> of(String image) {
      return pattern.parts(image);
    }
  }

  /** By a table; several rows about an image have to say the same. */
  final class ByTable implements ImageGroups {
    private final Path file;
    private final List<String> names;
    private final int[] columns;
    private final ImageRows rows;

    private ByTable(IndexTable table) {
      file = table.file();
      rows = ImageRows.of(table);
      columns =
          IntStream.range(0, table.columns().size())
              .filter(i -> i != rows.image() && !table.columns().get(i).isBlank())
              .toArray();
      names = IntStream.of(columns).mapToObj(table.columns()::get).toList();
      requireOnce(names);
    }

    private static ByTable read(Path file) {
      ByTable read = new ByTable(IndexTable.read(file));
      if (!read.names.isEmpty()) return read;
      throw new SpyhopException(
          file + ": expected columns besides that of the images, found none.");
    }

    @Override
    public List<String> names() {
      return names;
    }

    @Override
    public Optional<List<String>> of(String image) {
      List<List<String>> said =
          rows.find(image).stream()
              .map(row -> IntStream.of(columns).mapToObj(row::get).toList())
              .distinct()
              .toList();
      if (said.size() > 1) {
        throw new SpyhopException(
            file
                + ": expected one row about "
                + image.substring(image.lastIndexOf('/') + 1)
                + ", found several that differ: "
                + said.get(0)
                + " and "
                + said.get(1)
                + ".");
      }
      return said.stream().findFirst();
    }
  }
}
