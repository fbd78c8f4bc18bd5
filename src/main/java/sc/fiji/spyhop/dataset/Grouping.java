package sc.fiji.spyhop.dataset;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import sc.fiji.spyhop.SpyhopException;

/**
 * Which images show one thing, such as a stack, a specimen or a plate, so that training and
 * validation do not share it.
 */
public sealed interface Grouping {

  /**
   * A name of the group of each image.
   *
   * @param names of images: paths with slashes, with or without extension
   * @return as many
   * @throws SpyhopException if the group of one cannot be told
   */
  List<String> of(List<String> names);

  /** Slices, time points and channels of one stack, and copies, as their names say. */
  record ByName() implements Grouping {
    @Override
    public List<String> of(List<String> names) {
      return Groups.of(names);
    }
  }

  /**
   * By parts of names.
   *
   * @param text what the end of the path of an image is like, without its extension: what stands
   *     where a word in braces is tells the group, {@code *} stands for any text; neither for a
   *     slash
   */
  record ByPattern(String text) implements Grouping {

    /** Throws a {@link SpyhopException} if the text is a pattern that makes no sense. */
    public ByPattern {
      pattern(text);
    }

    private static NamePattern pattern(String text) {
      return NamePattern.of(text, "or a column of the table of images");
    }

    @Override
    public List<String> of(List<String> names) {
      NamePattern pattern = pattern(text);
      List<String> groups = new ArrayList<>();
      List<String> others = new ArrayList<>();
      for (String name : names) {
        pattern
            .parts(name)
            .ifPresentOrElse(
                parts -> groups.add(String.join("/", parts)),
                () -> others.add(name + " is not called like " + text));
      }
      BadSamples.throwIfAny(others, "Groups of images");
      return groups;
    }
  }

  /**
   * By a column of a table that lists the images.
   *
   * @param table CSV with the columns {@code image} (or {@code name} or {@code file}) and this one
   */
  record ByColumn(String name, Path table) implements Grouping {

    @Override
    public List<String> of(List<String> names) {
      IndexTable read = IndexTable.read(table);
      ImageRows rows = ImageRows.of(read);
      int column = read.require(name);
      List<String> groups = new ArrayList<>();
      List<String> problems = new ArrayList<>();
      for (String image : names) {
        Set<String> found = new HashSet<>();
        for (List<String> row : rows.find(image)) found.add(row.get(column));
        if (found.size() == 1 && !found.contains("")) groups.add(found.iterator().next());
        else problems.add(image + (found.size() > 1 ? " has several of " : " has no ") + name);
      }
      BadSamples.throwIfAny(problems, table + ", column " + name);
      return groups;
    }
  }

  /** What is done where nobody says what belongs together. */
  Grouping BY_NAME = new ByName();

  /**
   * As a user says.
   *
   * @param text empty: by name; with braces or stars a pattern; else a column
   * @param table of the images, which need not be there if no column is named
   * @throws SpyhopException if it is a pattern that makes no sense
   */
  static Grouping of(String text, Path table) {
    String asked = text.strip();
    if (asked.isEmpty()) return BY_NAME;
    return asked.matches(".*[{}*].*") ? new ByPattern(asked) : new ByColumn(asked, table);
  }

  /** Whether a column of the table of images is that of the groups. */
  default boolean isBy(String column) {
    return this instanceof ByColumn by && by.name().equalsIgnoreCase(column);
  }

  /** Whether the user says what belongs together. */
  default boolean isAsked() {
    return !(this instanceof ByName);
  }
}
