package sc.fiji.spyhop.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartUpTest {

  /** ND4J takes seconds to load, which prediction can do without. */
  @Test
  void predictionLoadsNoLibraryForTraining(@TempDir Path folder) throws Exception {
    Path classes = folder.resolve("classes.txt");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xlog:class+load:file=" + classes,
                classPath(folder),
                "sc.fiji.spyhop.cli.Spyhop",
                "models",
                "check",
                "nuclei")
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("out.txt").toFile())
            .start();
    assertTrue(process.waitFor(120, TimeUnit.SECONDS), "still running");
    assertEquals(0, process.exitValue(), Files.readString(folder.resolve("out.txt")));
    try (Stream<String> lines = Files.lines(classes)) {
      List<String> found = lines.filter(l -> l.matches(".*(org\\.nd4j|ai\\.onnx).*")).toList();
      assertTrue(found.stream().anyMatch(l -> l.contains("ai.onnxruntime")), "log is there");
      assertEquals(List.of(), found.stream().filter(l -> l.contains("org.nd4j")).toList());
    }
  }

  /** That of this process, in a file of options, as command lines are limited. */
  private static String classPath(Path folder) throws IOException {
    String[] all = System.getProperty("surefire.test.class.path", "").split(File.pathSeparator);
    String here =
        all.length > 1
            ? String.join(File.pathSeparator, all)
            : System.getProperty("java.class.path");
    Path options = folder.resolve("options");
    Files.writeString(options, "-cp \"" + here.replace("\\", "\\\\") + "\"");
    return "@" + options;
  }
}
