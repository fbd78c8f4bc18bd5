package sc.fiji.spyhop.extending;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.ImagePlus;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sc.fiji.spyhop.cli.Lamp;
import sc.fiji.spyhop.cli.Spyhop;
import sc.fiji.spyhop.ij.LabelImages;
import sc.fiji.spyhop.plugin.ExtensionJar;

/** Engines that jars bring, in programs of their own, as engines are looked for once in each. */
class EngineExtensionTest {

  @TempDir private Path folder;

  private String run(Path jar, Object... line) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-Xshare:auto", "-Djava.awt.headless=true"));
    command.add("-cp");
    command.add(System.getProperty("java.class.path") + File.pathSeparator + jar);
    command.add(Spyhop.class.getName());
    for (Object word : line) command.add(word.toString());
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("SPYHOP_CACHE", folder.resolve("cache").toString());
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(process.waitFor(60, TimeUnit.SECONDS));
    assertEquals(0, process.exitValue(), said);
    return said;
  }

  private Path lamp() {
    Path file = folder.resolve("lamp.tif");
    LabelImages.save(new ImagePlus("", Lamp.plane(20, 20, 7, 8)), file);
    return file;
  }

  @Test
  void aJarBringsAnEngineThatIsListedCheckedAndUsed() throws Exception {
    String source =
        Files.readString(ExtensionJar.SOURCES.resolve("ExactEngine.java"))
            .replace("name = \"exact\"", "name = \"exact\", priority = 100");
    Path jar = ExtensionJar.of(folder, "ExactEngine", source, "exact.jar");
    Path output = folder.resolve("o");
    String said = run(jar, "classify", "--model", Lamp.model(folder), "--output", output, lamp());
    assertTrue(said.contains("CPU, 1 thread, Java in 64 bits"), said);
    assertTrue(said.contains("lamp.tif: on (0.982)"), said); // 1 / (1 + exp(-4))
    String listed = run(jar, "engines");
    assertTrue(listed.contains("exact          predicts"), listed);
    assertTrue(listed.contains("Java in 64 bits"), listed);
    assertTrue(listed.contains("plugin       exact.jar"), listed);
    assertTrue(listed.contains("arithmetic   right, checked "), listed);
  }

  /** Its numbers are a thousandth too large. */
  @Test
  void oneThatComputesWrongIsPassedOver() throws Exception {
    String source =
        Files.readString(ExtensionJar.SOURCES.resolve("ExactEngine.java"))
            .replace("ExactEngine", "WrongEngine")
            .replace("name = \"exact\"", "name = \"wrong\", priority = 100")
            .replace(
                "all.keySet().retainAll(layers);",
                "all.keySet().retainAll(layers);\n"
                    + "for (Tensor t : all.values()) for (int i = 0; i < t.length(); i++) t.data()[i]"
                    + " *= 1.001f;");
    Path jar = ExtensionJar.of(folder, "WrongEngine", source, "wrong.jar");
    Path output = folder.resolve("o");
    String said = run(jar, "classify", "--model", Lamp.model(folder), "--output", output, lamp());
    assertTrue(
        said.contains(
            "Java in 64 bits computes wrong on this machine (layer convolution should be"),
        said);
    assertTrue(said.contains("lamp.tif: on (0.982)"), said); // 1 / (1 + exp(-4))
  }
}
