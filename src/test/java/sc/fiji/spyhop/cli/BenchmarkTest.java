package sc.fiji.spyhop.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import sc.fiji.spyhop.SpyhopException;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the other program is a line for sh")
class BenchmarkTest {

  private static Console console() {
    PrintWriter nowhere = new PrintWriter(new StringWriter());
    return new Console(nowhere, nowhere, false);
  }

  private static Map<String, Double> figures(String command) {
    return Figures.of("peer", Figures.shell(command), console());
  }

  @Test
  void figuresAmongOtherLines() {
    Map<String, Double> found =
        figures(
            "echo hello; echo '{\"name\": \"a b\", \"median_ms\": 2.5, \"runs\": 3}';"
                + " echo '{broken'; echo '{\"name\": \"c\", \"median_ms\": 4}'");
    assertEquals(Map.of("a b", 2.5, "c", 4.0), found);
    assertEquals(List.of("a b", "c"), List.copyOf(found.keySet()));
  }

  @Test
  void programsThatFailOrSayNothing() {
    String failed = assertThrows(SpyhopException.class, () -> figures("exit 3")).getMessage();
    assertTrue(failed.startsWith("peer ended with code 3"), failed);
    String silent = assertThrows(SpyhopException.class, () -> figures("echo 1 ms")).getMessage();
    assertTrue(silent.contains("median_ms"), silent);
    assertThrows(
        SpyhopException.class, () -> Figures.of("x", List.of("/no/such/program"), console()));
  }

  @Test
  void misuse() {
    assertEquals(2, Shell.run("benchmark", "--filter", "resnet").code());
    assertEquals(2, Shell.run("benchmark", "--against", "true", "--rounds", "0").code());
    assertEquals(2, Shell.run("benchmark", "--json", "x.json").code());
  }
}
