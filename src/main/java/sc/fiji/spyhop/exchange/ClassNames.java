package sc.fiji.spyhop.exchange;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.util.AtomicFile;
import sc.fiji.spyhop.util.CsvFile;
import sc.fiji.spyhop.util.FileNames;
import sc.fiji.spyhop.util.Strings;

/**
 * Names of classes, in the order of a network's output: a file with one a line, a JSON list, Keras'
 * class index ({@code {"0": ["n01440764", "tench"], ...}}), a table (.csv) with a column {@code
 * class}, {@code name} or {@code label} and perhaps {@code index}; or the names themselves, with
 * commas between.
 */
public final class ClassNames {

  private static final long MAX_BYTES = 16L << 20;
  private static final int MAX_NAMES = 1 << 20;

  private ClassNames() {}

  /**
   * Names of a file, or those that are given themselves.
   *
   * @param namesOrFile a path, or names with commas between
   * @return all different: one that comes again is numbered
   */
  public static List<String> read(String namesOrFile) {
    try {
      Path file = Path.of(namesOrFile);
      if (Files.isRegularFile(file)) return different(file(file));
    } catch (InvalidPathException e) {
      // then it is names
    }
    boolean oneName = namesOrFile.strip().matches("[\\p{L}\\p{N} _-]+");
    if (!namesOrFile.contains(",") && !oneName) {
      throw new SpyhopException(
          Strings.format(
              "Classes: there is no file \"%s\". Name a file, or names with commas between.",
              namesOrFile));
    }
    List<String> names = new ArrayList<>();
    for (String name : namesOrFile.split(",", -1)) names.add(name.strip());
    if (names.contains("")) {
      throw new SpyhopException(
          Strings.format(
              "Classes: expected a name between all commas, received \"%s\".", namesOrFile));
    }
    return different(names);
  }

  private static List<String> file(Path file) {
    String text;
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new SpyhopException(file + ": expected names of classes, in at most 16 MB.");
      }
      text = Files.readString(file);
    } catch (MalformedInputException e) {
      throw new SpyhopException(file + ": expected names of classes as text in UTF-8.", e);
    } catch (IOException e) {
      throw new SpyhopException(file + ": cannot be read (" + AtomicFile.reason(e) + ").", e);
    }
    if (text.startsWith("\uFEFF")) text = text.substring(1);
    String name = FileNames.last(file).toLowerCase(Locale.ROOT);
    List<String> names;
    if (text.stripLeading().startsWith("{") || text.stripLeading().startsWith("[")) {
      names = json(file, text);
    } else {
      names = name.endsWith(".csv") ? table(file, text) : lines(text);
    }
    if (names.isEmpty()) throw new SpyhopException(file + ": has no names of classes.");
    return names;
  }

  private static List<String> lines(String text) {
    return text.lines()
        .map(String::strip)
        .filter(l -> !l.isEmpty())
        .map(l -> l.length() > 1 && isQuoted(l) ? l.substring(1, l.length() - 1) : l)
        .toList();
  }

  private static boolean isQuoted(String line) {
    char q = line.charAt(0);
    return (q == '"' || q == '\'') && line.charAt(line.length() - 1) == q;
  }

  private static List<String> json(Path file, String text) {
    try {
      JsonNode root = JsonMapper.builder().build().readTree(text);
      List<String> names = new ArrayList<>();
      for (int i = 0; i < Math.min(root.size(), MAX_NAMES); i++) {
        JsonNode entry = root.isArray() ? root.get(i) : root.get(Integer.toString(i));
        if (entry == null) {
          throw new SpyhopException(
              Strings.format(
                  "%s: expected an entry for each class from 0 to %d, there is none for %d.",
                  file, root.size() - 1, i));
        }
        JsonNode last = entry.isArray() && !entry.isEmpty() ? entry.get(entry.size() - 1) : entry;
        names.add(last.asText());
      }
      return names;
    } catch (JsonProcessingException e) {
      throw new SpyhopException(
          file
              + ": is not sound JSON"
              + (e.getLocation() == null ? "" : " (line " + e.getLocation().getLineNr() + ")")
              + ".",
          e);
    }
  }

  private static List<String> table(Path file, String text) {
    CsvFile.Source source = CsvFile.Source.of(text);
    try (CSVParser rows =
        CSVFormat.RFC4180
            .builder()
            .setDelimiter(source.delimiter())
            .setHeader()
            .setIgnoreHeaderCase(true)
            .setTrim(true)
            .get()
            .parse(new StringReader(source.text()))) {
      List<String> known = List.of("class", "name", "label");
      String column =
          known.stream()
              .filter(rows.getHeaderMap()::containsKey)
              .findFirst()
              .orElseThrow(
                  () ->
                      new SpyhopException(
                          file
                              + ": expected a column class, name or label, received "
                              + rows.getHeaderNames()
                              + "."));
      boolean numbered = rows.getHeaderMap().containsKey("index");
      Map<Integer, String> names = new HashMap<>();
      for (CSVRecord row : rows) {
        int index = numbered ? Integer.parseInt(row.get("index")) : names.size();
        names.put(index, row.get(column));
      }
      List<String> ordered = new ArrayList<>();
      for (int i = 0; i < names.size(); i++) {
        if (!names.containsKey(i)) {
          throw new SpyhopException(file + ": there is no class with index " + i + ".");
        }
        ordered.add(names.get(i));
      }
      return ordered;
    } catch (IOException | IllegalArgumentException | java.io.UncheckedIOException e) {
      throw new SpyhopException(
          file + ": is not a sound table of classes (" + e.getMessage() + ").", e);
    }
  }

  private static List<String> different(List<String> names) {
    Map<String, Integer> seen = new HashMap<>();
    List<String> all = new ArrayList<>();
    for (String name : names) {
      int n = seen.merge(name, 1, Integer::sum);
      all.add(n == 1 ? name : name + " (" + n + ")");
    }
    return all;
  }
}
