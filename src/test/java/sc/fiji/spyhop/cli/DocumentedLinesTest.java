package sc.fiji.spyhop.cli;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import sc.fiji.spyhop.plugin.ExtensionJar;

/** The command lines that the documentation shows are ones that the shell takes. */
class DocumentedLinesTest {

  private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|'([^']*)'|(\\S+)");

  private record Line(Path page, String text) {

    List<String> words() {
      List<String> words = new ArrayList<>();
      Matcher found = WORD.matcher(text);
      while (found.find()) {
        for (int g = 1; g <= 3; g++) if (found.group(g) != null) words.add(found.group(g));
      }
      return words;
    }
  }

  private static List<Line> lines() throws IOException {
    List<Line> lines = new ArrayList<>();
    try (Stream<Path> pages =
        Stream.concat(Stream.of(Path.of("README.md")), Files.list(Path.of("docs")))) {
      for (Path page : pages.filter(p -> p.toString().endsWith(".md")).sorted().toList()) {
        String text = Files.readString(page).replace("\\\n", " ").replace("SEED", "1");
        Matcher found = Pattern.compile("(?m)^(?:\\S*/)?spyhop ([a-z].*)$").matcher(text);
        while (found.find()) {
          String line = found.group(1).replaceAll(" +#.*| *&&.*| *[|>].*", "").strip();
          if (!line.contains("...") && !line.contains("COMMAND")) lines.add(new Line(page, line));
        }
      }
    }
    return lines;
  }

  /** The examples of the page on extensions, which its lines are about. */
  @TempDir private static Path folder;

  @TestFactory
  Stream<DynamicTest> isTaken() throws IOException {
    List<Line> lines = lines();
    List<Path> jars = ExtensionJar.all(folder);
    assertTrue(lines.size() > 40, "lines found: " + lines.size());
    return lines.stream()
        .map(
            line ->
                DynamicTest.dynamicTest(
                    line.page.getFileName() + ": " + line.text,
                    () -> {
                      boolean more = line.page.endsWith("extending.md");
                      ExtensionJar.with(more ? jars : List.of(), () -> check(line));
                    }));
  }

  private static void check(Line line) {
    List<String> words = line.words();
    CommandLine command = Spyhop.command(words.get(0));
    command.setCaseInsensitiveEnumValuesAllowed(true);
    String[] rest = words.subList(1, words.size()).toArray(String[]::new);
    assertDoesNotThrow(() -> command.parseArgs(rest));
  }
}
