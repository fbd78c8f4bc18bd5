package sc.fiji.spyhop.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.IJ;
import java.awt.event.KeyEvent;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.scijava.Context;
import org.scijava.app.StatusService;
import org.scijava.task.TaskService;
import sc.fiji.spyhop.job.Caller;

class CommandProgressTest {

  private final Context context = new Context(StatusService.class, TaskService.class);
  private final AtomicBoolean cancelled = new AtomicBoolean();

  private CommandProgress progress() {
    return new CommandProgress(
        context.service(StatusService.class),
        context.service(TaskService.class),
        "test",
        cancelled::get);
  }

  @AfterEach
  void release() {
    IJ.resetEscape();
    context.dispose();
  }

  @Test
  void escapeCancels() {
    try (CommandProgress progress = progress()) {
      progress.update("working", 1, 3);
      assertFalse(progress.isCancelled());
      IJ.setKeyDown(KeyEvent.VK_ESCAPE);
      assertTrue(progress.isCancelled());
      assertThrows(CancellationException.class, progress::checkCancelled);
    }
  }

  @Test
  void escapeOfBeforeDoesNotCancelTheNextCommand() {
    IJ.setKeyDown(KeyEvent.VK_ESCAPE);
    boolean[] pressed = {true};
    new JobCommand() {
      @Override
      void work(Caller caller) {
        pressed[0] = IJ.escapePressed();
      }
    }.run();
    assertFalse(pressed[0]);
  }

  @Test
  void theCommandCancels() {
    try (CommandProgress progress = progress()) {
      cancelled.set(true);
      assertTrue(progress.isCancelled());
    }
  }

  /** A step of a training may be less than a thousandth of it, and last seconds. */
  @Test
  void wordsChangeThoughTheBarStands() throws InterruptedException {
    List<String> told = new ArrayList<>();
    StatusService status =
        (StatusService)
            Proxy.newProxyInstance(
                StatusService.class.getClassLoader(),
                new Class<?>[] {StatusService.class},
                (proxy, method, arguments) -> told.add((String) arguments[arguments.length - 1]));
    try (CommandProgress progress =
        new CommandProgress(status, context.service(TaskService.class), "test", () -> false)) {
      progress.update("reading", 0, 10);
      progress.update("step 1", 0, 100_000);
      Thread.sleep(250);
      progress.update("step 2", 1, 100_000);
      progress.update("at once", 2, 100_000);
    }
    assertEquals(List.of("reading", "step 1", "step 2", ""), told);
  }
}
