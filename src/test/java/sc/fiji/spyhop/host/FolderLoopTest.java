package sc.fiji.spyhop.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import ij.ImagePlus;
import ij.WindowManager;
import ij.macro.Interpreter;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scijava.Context;
import org.scijava.app.StatusService;
import org.scijava.command.Command;
import org.scijava.command.CommandService;
import org.scijava.module.Module;
import org.scijava.module.ModuleService;
import org.scijava.task.TaskService;
import org.scijava.thread.DefaultThreadService;
import org.scijava.thread.ThreadService;
import sc.fiji.spyhop.cli.Discs;
import sc.fiji.spyhop.cli.Lamp;
import sc.fiji.spyhop.command.ClassifyCommand;
import sc.fiji.spyhop.command.SaliencyMapCommand;
import sc.fiji.spyhop.command.SegmentCommand;

/**
 * Commands in a loop over images in batch mode, as a macro runs them in Fiji: in threads of
 * SciJava's pool, here in one thread, so that whatever a command leaves on it meets the next one.
 */
class FolderLoopTest {

  @TempDir static Path folder;

  private final ExecutorService pool = Executors.newSingleThreadExecutor();
  private Context context;

  @BeforeEach
  void start() {
    context =
        new Context(
            CommandService.class, StatusService.class, TaskService.class, ThreadService.class);
    ((DefaultThreadService) context.service(ThreadService.class)).setExecutorService(pool);
    Interpreter.batchMode = true;
  }

  @AfterEach
  void stop() {
    WindowManager.setTempCurrentImage(null);
    while (WindowManager.getImageCount() > 0) close(WindowManager.getCurrentImage());
    Interpreter.batchMode = false;
    context.dispose();
    pool.shutdown();
  }

  private static void close(ImagePlus image) {
    WindowManager.setTempCurrentImage(null);
    Interpreter.removeBatchModeImage(image);
  }

  /** Discs in a row, apart from each other. */
  private static ImagePlus row(int discs) {
    int[][] centers = new int[discs][];
    for (int i = 0; i < discs; i++) centers[i] = new int[] {20 + 30 * i, 20};
    return new ImagePlus(discs + ".tif", Discs.plane(40 + 30 * discs, 40, centers));
  }

  private Module run(Class<? extends Command> command, Map<String, Object> inputs)
      throws Exception {
    var info = context.service(CommandService.class).getCommand(command);
    return context.service(ModuleService.class).run(info, true, inputs).get();
  }

  private void openInBatchMode(ImagePlus image) {
    Interpreter.addBatchModeImage(image);
    WindowManager.setTempCurrentImage(null);
  }

  @Test
  void everyImageIsSegmentedItself() throws Exception {
    String model = Discs.model(folder).toString();
    for (int discs : new int[] {4, 1, 5, 2, 3}) {
      ImagePlus image = row(discs);
      openInBatchMode(image);
      ImagePlus labels =
          (ImagePlus) run(SegmentCommand.class, Map.of("model", model)).getOutput("labels");
      assertEquals(discs + "_labels", labels.getShortTitle());
      assertEquals(discs, labels.getStatistics().max, "the labels are numbered");
      assertSame(labels, WindowManager.getCurrentImage(), "for the rest of the macro");
      assertEquals(2, WindowManager.getImageCount(), "the label image counts once");
      close(labels);
      close(image);
      assertEquals(0, WindowManager.getImageCount());
    }
  }

  @Test
  void noCommandLeavesAnImageOnTheThread() throws Exception {
    String lamp = Lamp.model(folder).toString();
    openInBatchMode(row(2));
    run(ClassifyCommand.class, Map.of("model", lamp, "window", 16));
    assertNull(pool.submit(WindowManager::getTempCurrentImage).get());
    run(SaliencyMapCommand.class, Map.of("model", lamp));
    assertNull(pool.submit(WindowManager::getTempCurrentImage).get());
  }
}
