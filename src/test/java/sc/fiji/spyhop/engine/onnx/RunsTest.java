package sc.fiji.spyhop.engine.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sc.fiji.spyhop.Javas;

/** ONNX Runtime's library crashes, every third time or so, if the process ends during runs. */
class RunsTest {

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({"0, 256", "40, 192", "80, 256", "190, 448", "300, 256", "400, 640"})
  void aProcessEndsOrderlyDuringRuns(int millis, int side) throws Exception {
    long start = System.nanoTime();
    List<String> command = Javas.command();
    command.addAll(
        List.of(
            "-XX:ErrorFile=" + folder.resolve("crash.log"),
            "-Djava.awt.headless=true",
            "-cp",
            System.getProperty("java.class.path"),
            EndedRun.class.getName(),
            String.valueOf(millis),
            String.valueOf(side)));
    Process process =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), said);
    assertTrue(said.contains("ending"), said);
    assertTrue(said.lines().allMatch(l -> l.matches("ending|The program ends.")), said);
    assertTrue(System.nanoTime() - start < 60e9, "it does not hang");
  }
}
