package sc.fiji.spyhop.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.ImagePlus;
import ij.process.ByteProcessor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scijava.Context;
import org.scijava.app.StatusService;
import org.scijava.command.CommandService;
import org.scijava.log.LogLevel;
import org.scijava.log.LogService;
import org.scijava.module.ModuleService;
import org.scijava.task.TaskService;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.cli.Discs;
import sc.fiji.spyhop.ij.LabelImages;
import sc.fiji.spyhop.model.ModelFile;

class TrainSegmenterCommandTest {

  @TempDir static Path folder;
  private static Context context;
  private static Path data;

  @BeforeAll
  static void prepare() throws IOException {
    context = new Context(CommandService.class, StatusService.class, TaskService.class);
    context.service(LogService.class).setLevel(LogLevel.NONE); // refusals are expected here
    data = Files.createDirectory(folder.resolve("data"));
    for (String name : new String[] {"a", "b"}) {
      ByteProcessor image = Discs.plane(140, 140, new int[] {40, 50}, new int[] {90, 70});
      LabelImages.save(new ImagePlus(name, image), data.resolve(name + ".tif"));
      ByteProcessor labels = new ByteProcessor(140, 140);
      for (int i = 0; i < 140 * 140; i++) {
        if (image.get(i) > 100) labels.set(i, i % 140 < 65 ? 1 : 2);
      }
      LabelImages.save(new ImagePlus(name, labels), data.resolve(name + "_labels.tif"));
    }
  }

  @AfterAll
  static void stop() {
    context.dispose();
  }

  private void run(String... keysAndValues) throws InterruptedException {
    Map<String, Object> inputs = new HashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      inputs.put(keysAndValues[i], keysAndValues[i + 1]);
    }
    try {
      var info = context.service(CommandService.class).getCommand(TrainSegmenterCommand.class);
      context.service(ModuleService.class).run(info, true, inputs).get();
    } catch (ExecutionException e) {
      Throwable cause = e;
      while (cause.getCause() != null && !(cause instanceof SpyhopException)) {
        cause = cause.getCause();
      }
      throw cause instanceof RuntimeException r ? r : new IllegalStateException(cause);
    }
  }

  private String refusal(String... keysAndValues) {
    return assertThrows(SpyhopException.class, () -> run(keysAndValues)).getMessage();
  }

  @Test
  void trainsAndWritesAModel() throws InterruptedException {
    Path file = folder.resolve("made.spyhop");
    run(
        "data",
        data.toString(),
        "output",
        file.toString(),
        "epochs",
        "1",
        "validation",
        "50",
        "network",
        "unet-half",
        "seed",
        "7",
        "steps",
        "2",
        "batch",
        "1",
        "crop",
        "32",
        "widths",
        "4,8");
    var training = ModelFile.read(file).spec().training();
    assertEquals(7, training.seed());
    assertTrue(training.command().contains("network=unet-half"));
    assertTrue(refusal("data", data.toString(), "output", file.toString()).contains("exists"));
  }

  @Test
  void nonsenseIsRefused() {
    String folderKey = data.toString();
    String file = folder.resolve("never.spyhop").toString();
    assertTrue(refusal().startsWith("Annotated images: "));
    assertTrue(refusal("data", folderKey).startsWith("Model to write: "));
    assertTrue(refusal("data", folderKey, "output", file + ".zip").contains(".spyhop"));
    assertTrue(
        refusal("data", folderKey, "output", Path.of("pom.xml") + "/x.spyhop")
            .contains("found a file"));
    assertTrue(refusal("data", folderKey, "output", file, "epochs", "-1").contains("Epochs"));
    assertTrue(refusal("data", folderKey, "output", file, "network", "vgg").contains("unet"));
    assertTrue(
        refusal("data", folderKey, "output", file, "validation", "100")
            .contains("from 0 to 99.99"));
    assertTrue(refusal("data", folder + "/no", "output", file).contains("folder"));
    assertTrue(refusal("data", folderKey, "output", file, "subset", "x").contains("index"));
    assertFalse(Files.exists(Path.of(file)));
  }
}
