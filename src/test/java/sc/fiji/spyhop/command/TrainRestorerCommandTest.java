package sc.fiji.spyhop.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.ImagePlus;
import ij.ImageStack;
import ij.WindowManager;
import ij.macro.Interpreter;
import ij.process.FloatProcessor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scijava.Context;
import org.scijava.app.StatusService;
import org.scijava.command.CommandService;
import org.scijava.log.LogLevel;
import org.scijava.log.LogService;
import org.scijava.module.ModuleService;
import org.scijava.task.TaskService;
import org.scijava.thread.ThreadService;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.inference.Runner;
import sc.fiji.spyhop.model.Model;
import sc.fiji.spyhop.model.ModelFile;
import sc.fiji.spyhop.task.Restoration;
import sc.fiji.spyhop.task.TaskKind;

/** Stacks that are open, one of which shows how the other should be. */
class TrainRestorerCommandTest {

  private static final int SIZE = 32;

  @TempDir Path folder;
  private Context context;

  @BeforeEach
  void start() {
    context =
        new Context(
            CommandService.class, StatusService.class, TaskService.class, ThreadService.class);
    context.service(LogService.class).setLevel(LogLevel.NONE); // refusals are expected here
    Interpreter.batchMode = true; // images are open, though they have no window
  }

  @AfterEach
  void stop() {
    while (Interpreter.getBatchModeImageCount() > 0) {
      Interpreter.removeBatchModeImage(Interpreter.getLastBatchModeImage());
    }
    WindowManager.setTempCurrentImage(null);
    Interpreter.batchMode = false;
    context.dispose();
  }

  /** Slopes from 0 to 100 in another direction in each slice, with noise of the given deviation. */
  private static ImagePlus open(String title, int slices, double noise) {
    ImageStack stack = new ImageStack(SIZE, SIZE);
    Random random = new Random(7);
    for (int z = 0; z < slices; z++) {
      float[] pixels = new float[SIZE * SIZE];
      double angle = z * 0.7;
      for (int i = 0; i < pixels.length; i++) {
        double along = i % SIZE * Math.cos(angle) + i / SIZE * Math.sin(angle);
        pixels[i] = (float) (50 + 50 * Math.sin(along / 6) + noise * random.nextGaussian());
      }
      stack.addSlice(new FloatProcessor(SIZE, SIZE, pixels));
    }
    ImagePlus image = new ImagePlus(title, stack);
    Interpreter.addBatchModeImage(image);
    return image;
  }

  private void run(Path output, String... keysAndValues) throws InterruptedException {
    Map<String, Object> inputs = new HashMap<>();
    inputs.put("output", output.toString());
    inputs.put("epochs", "2");
    inputs.put("steps", "20");
    inputs.put("batch", "4");
    inputs.put("crop", "32");
    inputs.put("widths", "8,16");
    inputs.put("rate", "0.005");
    for (int i = 0; i < keysAndValues.length; i += 2) {
      inputs.put(keysAndValues[i], keysAndValues[i + 1]);
    }
    try {
      var info = context.service(CommandService.class).getCommand(TrainRestorerCommand.class);
      context.service(ModuleService.class).run(info, true, inputs).get();
    } catch (ExecutionException e) {
      Throwable cause = e;
      while (cause.getCause() != null && !(cause instanceof SpyhopException)) {
        cause = cause.getCause();
      }
      throw cause instanceof RuntimeException r ? r : new IllegalStateException(cause);
    }
  }

  private static Frame slice(ImagePlus image, int z) {
    float[] pixels = (float[]) image.getStack().getPixels(z);
    return Frame.ofPlanes(java.util.List.of(pixels.clone()), SIZE, SIZE);
  }

  @Test
  void slicesOfOpenStacksAreTrainedOn() throws InterruptedException {
    ImagePlus noisy = open("noisy", 10, 15);
    ImagePlus clean = open("clean", 10, 0);
    Path file = folder.resolve("open.spyhop");
    run(file, "image", "noisy", "target", "clean", "validation", "20");
    Model model = ModelFile.read(file);
    String command = model.spec().training().command();
    assertTrue(command.contains("image=noisy") && command.contains("target=clean"), command);
    double after = 0;
    double before = 0;
    try (Runner<Frame> restorer = Runner.of(model, TaskKind.RESTORATION)) {
      for (int z = 1; z <= 10; z++) {
        Frame truth = slice(clean, z);
        Frame image = slice(noisy, z);
        after += Restoration.similarity(restorer.predict(image), truth, Double.NaN).psnr() / 10;
        before += Restoration.similarity(image, truth, Double.NaN).psnr() / 10;
      }
    }
    assertTrue(after > before + 1, before + " dB before, then " + after);
  }

  @Test
  void stacksHaveAsManySlices() {
    open("noisy", 4, 15);
    open("clean", 3, 0);
    Path file = folder.resolve("never.spyhop");
    String said =
        assertThrows(SpyhopException.class, () -> run(file, "image", "noisy", "target", "clean"))
            .getMessage();
    assertTrue(said.contains("noisy has 4 slices") && said.contains("clean has 3"), said);
    said = assertThrows(SpyhopException.class, () -> run(file, "image", "noisy")).getMessage();
    assertEquals(0, said.indexOf("Targets: "), said);
    assertFalse(Files.exists(file));
  }
}
