package sc.fiji.spyhop.util;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.SpyhopException;

class YamlFileTest {

  @Test
  void whatIsNoMapOrListStaysTheTextThatItIs() {
    Object read =
        YamlFile.read(
            "a.yaml",
            """
            %YAML 1.2
            ---
            version: 0.10
            eps: 1e-6
            names: [no, on, 007, "a, b"]
            when: 2020-01-01T00:00:00Z
            nothing: null
            """);
    assertEquals(
        Map.of(
            "version", "0.10",
            "eps", "1e-6",
            "names", List.of("no", "on", "007", "a, b"),
            "when", "2020-01-01T00:00:00Z"),
        read);
  }

  @Test
  void whatIsUsedTwiceMayBeSharedButNotMultiplied() {
    assertEquals(
        Map.of("a", List.of("x"), "b", List.of("x")), YamlFile.read("a", "a: &s [x]\nb: *s\n"));
    StringBuilder laughs = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 9; i++) {
      laughs.append(
          Strings.format(
              "a%d: &a%d [*a%d, *a%d, *a%d, *a%d, *a%d]\n",
              i, i, i - 1, i - 1, i - 1, i - 1, i - 1));
    }
    refused(laughs.toString());
    refused("a: &a [*a]\n");
    refused("[".repeat(100_000));
    refused("a: ".repeat(3) + "[1");
    refused("a: 1\na: 2\n");
  }

  @Test
  void noClassIsMade() {
    refused("a: !!java.net.URL [\"http://localhost\"]\n");
    refused("!!javax.script.ScriptEngineManager [x]\n");
  }

  private static void refused(String text) {
    SpyhopException e = assertThrows(SpyhopException.class, () -> YamlFile.read("a.yaml", text));
    assertTrue(e.getMessage().startsWith("a.yaml: is not YAML"), e.getMessage());
  }
}
