package sc.fiji.spyhop.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.SpyhopException;

class BenchmarkTest {

  /** The other program: prints its arguments, a line each, and ends with the code of the first. */
  static final class Peer {
    public static void main(String[] args) {
      for (int i = 1; i < args.length; i++) System.out.println(args[i].replace('|', '"'));
      System.exit(Integer.parseInt(args[0]));
    }
  }

  private static Console console() {
    PrintWriter nowhere = new PrintWriter(new StringWriter());
    return new Console(nowhere, nowhere, false);
  }

  private static Map<String, Double> figures(int code, String... lines) {
    List<String> program =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Peer.class.getName(),
                String.valueOf(code)));
    program.addAll(List.of(lines));
    return Figures.of("peer", program, console());
  }

  @Test
  void figuresAmongOtherLines() {
    Map<String, Double> found =
        figures(
            0,
            "hello",
            "{|name|: |a b|, |median_ms|: 2.5, |runs|: 3}",
            "{broken",
            "{|name|: |c|, |median_ms|: 4}");
    assertEquals(Map.of("a b", 2.5, "c", 4.0), found);
    assertEquals(List.of("a b", "c"), List.copyOf(found.keySet()));
  }

  @Test
  void programsThatFailOrSayNothing() {
    String failed = assertThrows(SpyhopException.class, () -> figures(3)).getMessage();
    assertTrue(failed.startsWith("peer ended with code 3"), failed);
    String silent = assertThrows(SpyhopException.class, () -> figures(0, "1 ms")).getMessage();
    assertTrue(silent.contains("median_ms"), silent);
    assertThrows(
        SpyhopException.class, () -> Figures.of("x", List.of("/no/such/program"), console()));
  }

  /** The same command in the words of both shells. */
  @Test
  void theSystemsShellIsAsked() {
    List<String> command = Figures.shell("exit 3");
    String failed =
        assertThrows(SpyhopException.class, () -> Figures.of("peer", command, console()))
            .getMessage();
    assertTrue(failed.startsWith("peer ended with code 3"), failed);
  }

  @Test
  void modelsAreAmongTheNames() {
    Shell none = Shell.run("benchmark", "--model", "nuclei", "--filter", "densenet");
    assertEquals(2, none.code());
    assertTrue(none.err().contains("nuclei 512x512 infer b1"), none.err());
    Shell unknown = Shell.run("benchmark", "--model", "no such model");
    assertTrue(unknown.err().contains("no such model"), unknown.err());
  }

  @Test
  void misuse() {
    assertEquals(2, Shell.run("benchmark", "--filter", "densenet").code());
    assertEquals(2, Shell.run("benchmark", "--against", "true", "--rounds", "0").code());
    assertEquals(2, Shell.run("benchmark", "--json", "x.json").code());
  }
}
