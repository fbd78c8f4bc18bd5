package sc.fiji.spyhop.engine.onednn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/**
 * Other plugins bring a JavaCPP of their own into Fiji, and its launcher does not say whose comes
 * first. The engines work with theirs too.
 */
class OtherJavaCppTest {

  private static final Path FOLDER = Path.of("target", "fiji-javacpp");

  @Test
  void enginesComputeRightWithTheJavaCppOfOthers() throws Exception {
    Assumptions.assumeTrue(OneDnn.isAvailable(), "no oneDNN for this platform");
    Assumptions.assumeTrue(Files.isDirectory(FOLDER), "made by Maven: " + FOLDER);
    Path other;
    try (Stream<Path> files = Files.list(FOLDER)) {
      other = files.filter(f -> f.toString().endsWith(".jar")).findFirst().orElseThrow();
    }
    String version = other.getFileName().toString().replaceAll("javacpp-|\\.jar", "");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dspyhop.cache=",
                "-Djava.awt.headless=true",
                "-cp",
                other + File.pathSeparator + System.getProperty("java.class.path"),
                "sc.fiji.spyhop.cli.Spyhop",
                "engines",
                "--check")
            .redirectErrorStream(true)
            .start();
    process.getOutputStream().close();
    String said =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
            .replace("\r", "");
    assertEquals(0, process.waitFor(), said);
    assertTrue(said.contains(", JavaCPP " + version + "\n"), said);
    assertTrue(said.contains("\nonednn         gives gradients, trains"), said);
    int checked = said.split("arithmetic   ", -1).length - 1;
    assertTrue(checked >= 3, said);
    assertEquals(checked, said.split("arithmetic   right, checked", -1).length - 1, said);
  }
}
