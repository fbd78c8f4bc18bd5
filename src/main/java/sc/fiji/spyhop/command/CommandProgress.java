package sc.fiji.spyhop.command;

import ij.IJ;
import java.util.function.BooleanSupplier;
import org.scijava.app.StatusService;
import org.scijava.task.Task;
import org.scijava.task.TaskService;
import sc.fiji.spyhop.job.Caller;

/**
 * Progress in ImageJ's status bar, and in the list of tasks with its cancel button. Cancelled by
 * that button, by Esc, or through the command.
 */
final class CommandProgress implements Caller.Shown {

  private static final int STEPS = 1000;

  /** Words change this often at the same step: the first epoch of a long training lasts. */
  private static final long PATIENCE_NANOS = 200_000_000;

  private final StatusService status;
  private final Task task;
  private final BooleanSupplier cancelled;
  private int shown = -1;
  private long time;

  CommandProgress(
      StatusService status, TaskService tasks, String title, BooleanSupplier cancelled) {
    this.status = status;
    this.cancelled = cancelled;
    this.task = tasks.createTask(title);
    task.setProgressMaximum(STEPS);
    task.start();
  }

  @Override
  public void update(String message, long done, long total) {
    int step = total <= 0 ? 0 : (int) Math.min(STEPS, Math.floor((double) STEPS * done / total));
    long now = System.nanoTime();
    if (step == shown && done > 0 && now - time < PATIENCE_NANOS) return;
    shown = step;
    time = now;
    status.showStatus(step, STEPS, message);
    task.setStatusMessage(message);
    task.setProgressValue(step);
  }

  @Override
  public boolean isCancelled() {
    return cancelled.getAsBoolean() || task.isCanceled() || IJ.escapePressed();
  }

  @Override
  public void close() {
    status.showStatus(STEPS, STEPS, "");
    task.finish();
  }
}
