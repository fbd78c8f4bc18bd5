package sc.fiji.spyhop.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.ImagePlus;
import ij.ImageStack;
import ij.measure.ResultsTable;
import ij.process.ByteProcessor;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scijava.Context;
import org.scijava.app.StatusService;
import org.scijava.command.Command;
import org.scijava.command.CommandService;
import org.scijava.log.LogLevel;
import org.scijava.log.LogService;
import org.scijava.module.ModuleService;
import org.scijava.task.TaskService;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.model.ModelFile;
import sc.fiji.spyhop.model.PipelineFile;
import sc.fiji.spyhop.model.TestPipelines;

/** Puts pipelines together of models that know nothing, and runs them on images in ImageJ. */
class PipelineCommandsTest {

  @TempDir static Path folder;
  private static Context context;

  @BeforeAll
  static void start() {
    context = new Context(CommandService.class, StatusService.class, TaskService.class);
    context.service(LogService.class).setLevel(LogLevel.NONE); // refusals are expected here
    TestPipelines.MODELS.forEach((name, model) -> ModelFile.write(model, model(name)));
  }

  @AfterAll
  static void stop() {
    context.dispose();
  }

  private static Path model(String name) {
    return folder.resolve(name + ".spyhop");
  }

  /** As a macro would: values are texts. */
  private static void run(Class<? extends Command> command, Map<String, Object> inputs)
      throws InterruptedException {
    try {
      var info = context.service(CommandService.class).getCommand(command);
      context.service(ModuleService.class).run(info, true, new HashMap<>(inputs)).get();
    } catch (ExecutionException e) {
      Throwable cause = e;
      while (cause.getCause() != null && !(cause instanceof SpyhopException)) {
        cause = cause.getCause();
      }
      throw cause instanceof RuntimeException r ? r : new IllegalStateException(cause);
    }
  }

  private static String refusal(Class<? extends Command> command, Map<String, Object> inputs) {
    return assertThrows(SpyhopException.class, () -> run(command, inputs)).getMessage();
  }

  private static Map<String, Object> parts(Path output, String anchors) {
    return Map.of(
        "localizer",
        model("heads").toString(),
        "score",
        "0",
        "points",
        model("points").toString(),
        "anchors",
        anchors,
        "classifier",
        model("who").toString(),
        "side",
        "32",
        "output",
        new File(output.toString()));
  }

  private static ImagePlus noise() {
    Random random = new Random(1);
    ImageStack slices = new ImageStack(48, 40);
    for (int n = 0; n < 2; n++) {
      ByteProcessor slice = new ByteProcessor(48, 40);
      for (int i = 0; i < 48 * 40; i++) slice.set(i, random.nextInt(256));
      slices.addSlice(slice);
    }
    return new ImagePlus("noise", slices);
  }

  /** Several objects in each of two slices, each with its class, in table and overlay. */
  @Test
  void whatIsBuiltRuns() throws InterruptedException {
    Path file = folder.resolve("whole.spyhop");
    run(BuildPipelineCommand.class, parts(file, "snout:16:6, tail:16:26"));
    assertEquals(
        List.of("localizer", "keypoints", "classifier"), PipelineFile.read(file).spec().models());
    ImagePlus image = noise();
    image.getCalibration().setUnit("mm");
    image.getCalibration().pixelWidth = 0.5;
    image.getCalibration().pixelHeight = 0.25;
    image.getCalibration().xOrigin = 4;
    ResultsTable table = ResultsTable.getResultsTable();
    table.reset();
    Map<String, Object> inputs =
        Map.of("image", image, "pipeline", file.toString(), "top", "2", "manager", "false");
    run(RunPipelineCommand.class, inputs);
    assertTrue(table.size() > 4, "" + table.size());
    for (int i = 0; i < table.size(); i++) {
      assertEquals((table.getValue("x", i) - 4) / 2, table.getValue("x_calibrated", i), 1e-4);
      assertEquals(table.getValue("y", i) / 4, table.getValue("y_calibrated", i), 1e-4);
      assertEquals(table.getValue("width", i) / 2, table.getValue("width_calibrated", i), 1e-4);
      assertEquals(table.getValue("height", i) / 4, table.getValue("height_calibrated", i), 1e-4);
      if (table.getStringValue("tail_x", i).isEmpty()) continue;
      assertEquals(
          (table.getValue("tail_x", i) - 4) / 2, table.getValue("tail_x_calibrated", i), 1e-4);
    }
    int second = 0;
    for (int i = 0; i < table.size(); i++) if (table.getValue("slice", i) == 2) second++;
    assertTrue(second > 0 && second < table.size(), second + " of " + table.size());
    int drawn = image.getOverlay().size();
    assertTrue(drawn > 4, "" + drawn);
    run(RunPipelineCommand.class, inputs);
    assertEquals(drawn, image.getOverlay().size(), "replaced");
  }

  @Test
  void whatDoesNotFitIsRefusedAndNothingIsWritten() {
    Path file = folder.resolve("bad.spyhop");
    String unknown = refusal(BuildPipelineCommand.class, parts(file, "snout:1:2, fin:3:4"));
    assertTrue(unknown.contains("(align)") && unknown.contains("received fin"), unknown);
    Map<String, Object> swapped = new HashMap<>(parts(file, "snout:16:6, tail:16:26"));
    swapped.put("localizer", model("who").toString());
    String wrong = refusal(BuildPipelineCommand.class, swapped);
    assertTrue(wrong.contains("step 1 (localize)") && wrong.contains("classification"), wrong);
    Map<String, Object> headless = new HashMap<>(parts(file, "snout:16:6, tail:16:26"));
    headless.remove("points");
    String joint = refusal(BuildPipelineCommand.class, headless);
    assertTrue(joint.contains("does not fit between") && joint.contains("(align)"), joint);
    assertFalse(Files.exists(file));
    String model =
        refusal(
            RunPipelineCommand.class,
            Map.of("image", noise(), "pipeline", model("who").toString()));
    assertTrue(model.contains("pipeline"), model);
    assertTrue(
        refusal(TrainPipelineCommand.class, Map.of("output", file.toFile())).contains("data="));
  }
}
