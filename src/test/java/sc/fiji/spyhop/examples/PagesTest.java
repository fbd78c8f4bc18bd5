package sc.fiji.spyhop.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The pages about programs show the files that are compiled and run here, word for word, and say
 * how long they are. Run with {@code -Dspyhop.docs.write=true} it writes them anew.
 */
class PagesTest {

  /** A heading with the name of a file and its lines, and a block that holds it. */
  private static final Pattern PROGRAM =
      Pattern.compile(
          "^### ([^\\n]*) \\(\\[`([\\w.]+)`\\]\\(\\.\\./([^)]+)\\), (\\d+) lines\\)\\n(\\n)"
              + "^```(\\w+)\\n(.*?)^```$",
          Pattern.DOTALL | Pattern.MULTILINE);

  private static final List<Path> FOLDERS =
      List.of(
          Path.of("src/test/java/sc/fiji/spyhop/examples"), Path.of("src/test/resources/scripts"));

  private static Path page(String name) {
    return Path.of("docs", name + ".md");
  }

  private static List<MatchResult> programs(String text) {
    Matcher found = PROGRAM.matcher(text);
    List<MatchResult> all = new ArrayList<>();
    while (found.find()) all.add(found.toMatchResult());
    return all;
  }

  /**
   * Lines that say something: without the package, imports, comments, lone brackets, blank ones.
   */
  private static long lines(String program) {
    return program
        .replaceAll("(?s)/\\*.*?\\*/", "")
        .lines()
        .map(String::strip)
        .filter(l -> !l.isEmpty() && !l.matches("(package|import|from) .*|//.*|[(){}\\[\\];]+"))
        .count();
  }

  private static String anew(String text) throws IOException {
    StringBuilder page = new StringBuilder();
    int at = 0;
    for (MatchResult p : programs(text)) {
      String source = Files.readString(Path.of(p.group(3)));
      page.append(text, at, p.start(4)).append(lines(source));
      page.append(text, p.end(4), p.start(7)).append(source);
      at = p.end(7);
    }
    return page.append(text.substring(at)).toString();
  }

  @ParameterizedTest
  @ValueSource(strings = {"java", "scripting"})
  void pagesShowWhatIsRun(String name) throws IOException {
    String text = Files.readString(page(name));
    if (Boolean.getBoolean("spyhop.docs.write")) {
      Files.writeString(page(name), anew(text));
      return;
    }
    assertEquals(anew(text), text);
    for (MatchResult p : programs(text)) assertTrue(p.group(3).endsWith("/" + p.group(2)));
  }

  /** A program that is tried is shown, and one that is shown is tried. */
  @Test
  void allProgramsAreShown() throws IOException {
    TreeSet<String> shown = new TreeSet<>();
    for (String name : List.of("java", "scripting")) {
      programs(Files.readString(page(name))).forEach(p -> shown.add(p.group(2)));
    }
    TreeSet<String> there = new TreeSet<>();
    for (Path folder : FOLDERS) {
      try (Stream<Path> files = Files.list(folder)) {
        files
            .map(f -> f.getFileName().toString())
            .filter(f -> !f.matches(".*(Test|Language)\\.java"))
            .forEach(there::add);
      }
    }
    assertEquals(there, shown);
  }

  /** Ten lines for a common thing; some more where data are made or a model is used as well. */
  @Test
  void programsAreShort() throws IOException {
    for (String name : List.of("java", "scripting")) {
      for (MatchResult p : programs(Files.readString(page(name)))) {
        assertTrue(Integer.parseInt(p.group(4)) <= 35, p.group(2));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"java", "scripting"})
  void linksLeadSomewhere(String name) throws IOException {
    Matcher links =
        Pattern.compile("\\]\\((?!https?:)([^)#]+)\\)").matcher(Files.readString(page(name)));
    while (links.find()) {
      assertTrue(Files.exists(Path.of("docs").resolve(links.group(1))), links.group(1));
    }
  }
}
