package sc.fiji.spyhop.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.IJ;
import ij.ImagePlus;
import ij.measure.ResultsTable;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.scijava.Context;
import org.scijava.app.StatusService;
import org.scijava.command.CommandService;
import org.scijava.prefs.DefaultPrefService;
import org.scijava.prefs.PrefService;
import org.scijava.script.ScriptModule;
import org.scijava.script.ScriptService;
import org.scijava.task.TaskService;
import sc.fiji.spyhop.cli.Discs;
import sc.fiji.spyhop.model.ModelFile;
import sc.fiji.spyhop.util.NumpyArray;
import sc.fiji.spyhop.util.NumpyFile;

/** The scripts that {@code docs/scripting.md} shows, run by SciJava as Fiji runs them. */
class ScriptsTest {

  private static final Path SCRIPTS = Path.of("src/test/resources/scripts");

  /** Remembers nothing: what a user was last asked for is none of a test's business. */
  public static final class Forgetful extends DefaultPrefService {

    @Override
    public void put(Class<?> c, String name, String value) {}

    @Override
    public String get(Class<?> c, String name, String defaultValue) {
      return defaultValue;
    }
  }

  private static Context context;

  @TempDir Path folder;

  @BeforeAll
  static void start() {
    System.setProperty("python.cachedir.skip", "true"); // Jython would write beside its jar
    context =
        new Context(
            Forgetful.class,
            ScriptService.class,
            CommandService.class,
            StatusService.class,
            TaskService.class);
    assertEquals(Forgetful.class, context.service(PrefService.class).getClass());
    context.service(ScriptService.class).addAlias(ImagePlus.class); // as in Fiji
  }

  @AfterAll
  static void stop() {
    context.dispose();
    ResultsTable.getResultsTable().reset();
  }

  private static ScriptModule run(String name, Map<String, Object> inputs) throws Exception {
    return context
        .service(ScriptService.class)
        .run(SCRIPTS.resolve(name).toFile(), true, inputs)
        .get();
  }

  /** Two discs of radius 12, one of them at (50, 30). */
  @ParameterizedTest
  @ValueSource(strings = {"segment.groovy", "segment.py"})
  void anImageIsSegmented(String script) throws Exception {
    File output = folder.resolve("labels.npy").toFile();
    ScriptModule done =
        run(
            script,
            Map.of(
                "input", Discs.two(folder.resolve("two.tif")).toFile(),
                "output", output,
                "model", Discs.model(folder).toString()));
    assertEquals(2, done.getOutput("count"));
    NumpyArray labels = NumpyFile.read(output.toPath());
    assertTrue(labels.get(30 * labels.shape()[1] + 50) > 0);
    assertEquals(0, labels.get(0));
  }

  @ParameterizedTest
  @ValueSource(strings = {"command.groovy", "command.py"})
  void aCommandIsRun(String script) throws Exception {
    ImagePlus image = IJ.openImage(Discs.two(folder.resolve("two.tif")).toString());
    ScriptModule done =
        run(script, Map.of("image", image, "model", Discs.model(folder).toString()));
    ImagePlus labels = (ImagePlus) done.getOutput("labels");
    assertEquals(2, labels.getStatistics().max);
  }

  @Test
  void aModelIsTrainedFurther() throws Exception {
    Path data = folder.resolve("data");
    for (String kind : new String[] {"images", "labels"}) {
      Files.createDirectories(data.resolve(kind));
      for (String name : new String[] {"nuclei_000.tif", "nuclei_001.tif"}) {
        Files.copy(Path.of("test-images/nuclei", kind, name), data.resolve(kind).resolve(name));
      }
    }
    File output = folder.resolve("mine.spyhop").toFile();
    ScriptModule done =
        run(
            "finetune.groovy",
            Map.of(
                "folder",
                data.toFile(),
                "output",
                output,
                "model",
                Discs.model(folder).toString(),
                "epochs",
                1));
    assertTrue(done.getOutput("figures").toString().contains("training loss"));
    assertEquals("mine", ModelFile.readSpec(output.toPath()).name());
  }
}
