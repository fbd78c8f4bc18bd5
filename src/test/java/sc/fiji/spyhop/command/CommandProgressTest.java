package sc.fiji.spyhop.command;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.IJ;
import java.awt.event.KeyEvent;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.scijava.Context;
import org.scijava.app.StatusService;
import org.scijava.task.TaskService;

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
  void escapeCancelsButNotTheNextCommand() {
    try (CommandProgress progress = progress()) {
      progress.update("working", 1, 3);
      assertFalse(progress.isCancelled());
      IJ.setKeyDown(KeyEvent.VK_ESCAPE);
      assertTrue(progress.isCancelled());
      assertThrows(CancellationException.class, progress::checkCancelled);
    }
    try (CommandProgress next = progress()) {
      assertFalse(next.isCancelled());
    }
  }

  @Test
  void theCommandCancels() {
    try (CommandProgress progress = progress()) {
      cancelled.set(true);
      assertTrue(progress.isCancelled());
    }
  }
}
