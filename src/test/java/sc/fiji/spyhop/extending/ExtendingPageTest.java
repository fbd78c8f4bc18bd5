package sc.fiji.spyhop.extending;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.plugin.ExtensionJar;

/** The page on extensions shows the examples that are tested, word for word. */
class ExtendingPageTest {

  private static final int KINDS = 8;

  @Test
  void itsExamplesAreThoseThatAreTested() throws IOException {
    String page = Files.readString(Path.of("docs/extending.md"));
    Map<String, String> shown = new HashMap<>();
    Matcher block = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL).matcher(page);
    while (block.find()) {
      Matcher name = Pattern.compile("public class (\\w+)").matcher(block.group(1));
      assertTrue(name.find());
      shown.put(name.group(1) + ".java", block.group(1));
    }
    Map<String, String> tested = new HashMap<>();
    try (Stream<Path> files = Files.list(ExtensionJar.SOURCES)) {
      for (Path f : files.toList()) {
        String source = Files.readString(f);
        tested.put(f.getFileName().toString(), source);
        assertTrue(source.lines().count() < 30, f + " has thirty lines or more");
        assertTrue(source.lines().allMatch(l -> l.length() <= 100), f + " has a long line");
      }
    }
    assertEquals(tested, shown);
    assertEquals(KINDS, tested.size());
  }
}
