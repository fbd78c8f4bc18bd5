package sc.fiji.spyhop.extending;

import static java.util.stream.Collectors.toMap;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.ImagePlus;
import ij.process.ByteProcessor;
import ij.process.ImageProcessor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sc.fiji.spyhop.cli.Lamp;
import sc.fiji.spyhop.cli.Shell;
import sc.fiji.spyhop.command.SaliencyMapCommand;
import sc.fiji.spyhop.command.Setting;
import sc.fiji.spyhop.ij.ImageFiles;
import sc.fiji.spyhop.ij.LabelImages;
import sc.fiji.spyhop.job.SettingException;
import sc.fiji.spyhop.plugin.ExtensionJar;

/** A way to explain that a jar brings, in the shell and among the choices of the command. */
class ExplanationExtensionTest {

  @TempDir private Path folder;

  @Test
  void aJarBringsAnExplanation() throws Throwable {
    Path model = Lamp.model(folder);
    ByteProcessor plane = new ByteProcessor(20, 16);
    plane.set(7, 8, 102); // 0.4 of what the network is shown at most
    Path image = folder.resolve("lamp.tif");
    LabelImages.save(new ImagePlus("", plane), image);
    assertFalse(SaliencyMapCommand.methods().contains("times"));
    ExtensionJar.with(
        List.of(ExtensionJar.of(folder, "InputTimesGradient")),
        () -> {
          assertTrue(SaliencyMapCommand.methods().contains("times"));
          String help = Shell.run("explain", "times", "--help").out();
          assertTrue(help.startsWith("Usage: spyhop explain times --output DIR"), help);
          assertTrue(help.contains("times how a prediction changes with it"), help);
          assertTrue(help.contains("--settings"), help);
          assertFalse(help.contains("--window"), help);
          Path why = folder.resolve("why");
          Object[] line = {
            "explain", "times", "--model", model, "--class", "on", "--output", why, image
          };
          Shell shell = Shell.run(line);
          assertEquals(0, shell.code(), shell.err());
          // the logit of "on" is 8 times the brightest pixel: the pixel is 0.4, its gradient 8
          ImageProcessor map = ImageFiles.open(why.resolve("lamp_saliency.tif")).getProcessor();
          for (int i = 0; i < 320; i++) {
            assertEquals(i == 8 * 20 + 7 ? 3.2 : 0, map.getf(i), 1e-4, "pixel " + i);
          }
          String table = Files.readString(why.resolve("results.csv"));
          assertTrue(table.lines().findFirst().orElseThrow().contains("power"), table);
          Path square = folder.resolve("square");
          shell =
              Shell.run(
                  "explain",
                  "times",
                  "--settings",
                  "power=2",
                  "--model",
                  model,
                  "--class",
                  "on",
                  "--output",
                  square,
                  image);
          assertEquals(0, shell.code(), shell.err());
          map = ImageFiles.open(square.resolve("lamp_saliency.tif")).getProcessor();
          assertEquals(8 * 0.16, map.getf(7, 8), 1e-4);
          shell =
              Shell.run(
                  "explain",
                  "times",
                  "--settings",
                  "size=2",
                  "--model",
                  model,
                  "--output",
                  square,
                  image);
          assertEquals(2, shell.code());
          assertTrue(
              shell
                  .err()
                  .contains(
                      "--settings: The plugin times(), from InputTimesGradient.jar, has no setting size:"
                          + " expected power."),
              shell.err());
        });
    assertEquals(2, Shell.run("explain", "times", "--model", model, image).code());
  }

  /** As macros may write it. */
  @Test
  void settingsStandBehindItsNameOrApart() throws Throwable {
    ExtensionJar.with(
        List.of(ExtensionJar.of(folder, "InputTimesGradient")),
        () -> {
          SaliencyMapCommand command = new SaliencyMapCommand();
          Map<String, Setting> settings =
              command.settings().stream().collect(toMap(Setting::key, s -> s));
          settings.get("model").set(Lamp.model(folder).toString());
          settings.get("method").set("TIMES(power=2)");
          command.checkSettings();
          assertEquals("times(power=2)", settings.get("method").get());
          settings.get("settings").set("power=3");
          assertEquals(
              "those of times(power=2) stand in the method already.",
              assertThrows(SettingException.class, command::checkSettings).sentence());
          settings.get("method").set("times");
          command.checkSettings();
          settings.get("method").set("gradient");
          assertEquals(
              "settings", assertThrows(SettingException.class, command::checkSettings).key());
        });
  }

  /** Such a plugin once ended all of {@code explain}. */
  @Test
  void aPluginThatIsCalledLikeACommandIsLeftOut() throws Throwable {
    String source =
        Files.readString(Path.of("src/test/extension/InputTimesGradient.java"))
            .replace("\"times\"", "\"check\"")
            .replace("InputTimesGradient", "Checking");
    ExtensionJar.with(
        List.of(ExtensionJar.of(folder, "Checking", source, "checking.jar")),
        () -> {
          Shell shell = Shell.run("explain", "--help");
          assertEquals(0, shell.code(), shell.err());
          assertTrue(shell.out().contains("occlusion"), shell.out());
          assertEquals(0, Shell.run("explain", "check", "--help").code());
        });
  }
}
