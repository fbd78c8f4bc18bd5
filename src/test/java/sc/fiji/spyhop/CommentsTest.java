package sc.fiji.spyhop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What is public is said in a comment, and every package says what lives in it. */
class CommentsTest {

  private static final Path SOURCES = Path.of("src/main/java");
  private static final Pattern DECLARED = Pattern.compile(" {0,4}public .*");

  private static List<Path> found(String ending) throws IOException {
    try (Stream<Path> all = Files.walk(SOURCES)) {
      return all.filter(f -> f.toString().endsWith(ending)).sorted().toList();
    }
  }

  @Test
  void whatIsPublicHasAComment() throws IOException {
    List<String> without = new ArrayList<>();
    List<Path> files = found(".java");
    assertTrue(files.size() > 500);
    for (Path file : files) {
      List<String> lines = Files.readAllLines(file);
      for (int i = 0; i < lines.size(); i++) {
        if (DECLARED.matcher(lines.get(i)).matches() && !isSaid(lines, i)) {
          without.add(file + ":" + (i + 1) + " " + lines.get(i).strip());
        }
      }
    }
    assertEquals(List.of(), without);
  }

  /**
   * Whether a comment stands in front of a line and its annotations, or what it overrides has it.
   */
  private static boolean isSaid(List<String> lines, int declared) {
    int indent = indent(lines.get(declared));
    for (int i = declared - 1; i >= 0; i--) {
      String line = lines.get(i).strip();
      if (line.endsWith("*/") || line.equals("@Override")) return true;
      boolean before = line.endsWith("{") && indent(lines.get(i)) < indent;
      if (line.isEmpty() || before) return false;
    }
    return false;
  }

  private static int indent(String line) {
    return line.length() - line.stripLeading().length();
  }

  @Test
  void everyPackageSaysWhatLivesInIt() throws IOException {
    for (Path file : found(".java")) {
      Path info = file.resolveSibling("package-info.java");
      assertTrue(Files.exists(info), info + " is missing");
    }
  }
}
