package sc.fiji.spyhop.dataset;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.util.FileNames;

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

    private static final Pattern PIECE = Pattern.compile("\\{[^{}*]+\\}|\\*|[^{}*]+");

    public ByPattern {
      regex(text);
    }

    private static Pattern regex(String text) {
      StringBuilder regex = new StringBuilder("(?:.*/)?");
      Matcher piece = PIECE.matcher(text);
      int end = 0;
      boolean counts = false;
      while (piece.find() && piece.start() == end) {
        end = piece.end();
        String p = piece.group();
        counts |= p.startsWith("{");
        regex.append(p.startsWith("{") ? "([^/]+?)" : p.equals("*") ? "[^/]*?" : Pattern.quote(p));
      }
      if (end == text.length() && counts) return Pattern.compile(regex.toString());
      throw new SpyhopException(
          "expected a pattern of names in which braces mark what tells the group, such as"
              + " {plate}_*, or a column of the table of images, received \""
              + text
              + "\".");
    }

    @Override
    public List<String> of(List<String> names) {
      Pattern regex = regex(text);
      List<String> groups = new ArrayList<>();
      List<String> others = new ArrayList<>();
      for (String name : names) {
        Matcher parts = regex.matcher(Groups.stem(name));
        if (parts.matches()) {
          groups.add(
              IntStream.rangeClosed(1, parts.groupCount())
                  .mapToObj(parts::group)
                  .collect(Collectors.joining("/")));
        } else {
          others.add(name + " is not called like " + text);
        }
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

    private record Row(String image, String group) {
      /** Whether one path ends with the other. */
      boolean isOf(String name) {
        return ("/" + image).endsWith("/" + name) || ("/" + name).endsWith("/" + image);
      }
    }

    @Override
    public List<String> of(List<String> names) {
      Map<String, List<Row>> rows = rows();
      List<String> groups = new ArrayList<>();
      List<String> problems = new ArrayList<>();
      for (String image : names) {
        String key = key(image);
        Set<String> found = new HashSet<>();
        for (Row row : rows.getOrDefault(last(key), List.of())) {
          if (row.isOf(key)) found.add(row.group());
        }
        if (found.size() == 1 && !found.contains("")) groups.add(found.iterator().next());
        else problems.add(image + (found.size() > 1 ? " has several of " : " has no ") + name);
      }
      BadSamples.throwIfAny(problems, table + ", column " + name);
      return groups;
    }

    private Map<String, List<Row>> rows() {
      IndexTable read = IndexTable.read(table);
      int image = read.require("image", "name", "file");
      int group = read.require(name);
      Map<String, List<Row>> rows = new HashMap<>();
      for (List<String> row : read.rows()) {
        String key = key(row.get(image));
        rows.computeIfAbsent(last(key), k -> new ArrayList<>()).add(new Row(key, row.get(group)));
      }
      return rows;
    }

    private static String key(String image) {
      return FileNames.key(Groups.stem(image.replace('\\', '/')));
    }

    private static String last(String key) {
      return key.substring(key.lastIndexOf('/') + 1);
    }
  }

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
