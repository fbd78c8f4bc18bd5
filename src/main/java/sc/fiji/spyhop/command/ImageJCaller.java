package sc.fiji.spyhop.command;

import ij.IJ;
import java.awt.GraphicsEnvironment;
import java.util.List;
import java.util.stream.Collectors;
import org.scijava.app.StatusService;
import org.scijava.task.TaskService;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.ij.Tables;
import sc.fiji.spyhop.job.Caller;
import sc.fiji.spyhop.job.Learning;
import sc.fiji.spyhop.job.StoppedException;
import sc.fiji.spyhop.job.TrainingEnd;
import sc.fiji.spyhop.training.StopReason;
import sc.fiji.spyhop.training.TrainingHistory.Epoch;
import sc.fiji.spyhop.training.TrainingListener;
import sc.fiji.spyhop.ui.TrainingView;
import sc.fiji.spyhop.util.Strings;
import sc.fiji.spyhop.util.TableRow;

/**
 * Who asks for a job in ImageJ: is answered in its log, its status bar and, in training, a window.
 */
final class ImageJCaller implements Caller {

  /** Failures that fit into a dialog. */
  private static final int MAX_TOLD = 10;

  private final JobCommand command;
  private final StatusService status;
  private final TaskService tasks;

  ImageJCaller(JobCommand command, StatusService status, TaskService tasks) {
    this.command = command;
    this.status = status;
    this.tasks = tasks;
  }

  /** Tells a training in the log unless its window is to be seen, which tells it as well. */
  private record Untold(TrainingView view) implements TrainingListener {
    @Override
    public void message(String text) {
      if (!view.isShown()) log(text);
    }

    @Override
    public void epoch(Epoch epoch, int epochs) {
      if (!view.isShown()) log(epoch.line(epochs));
    }
  }

  private static void log(String line) {
    IJ.log("Spyhop: " + line);
  }

  @Override
  public void note(String line) {
    log(line);
  }

  @Override
  public void result(String line) {
    log(line);
  }

  /** In windows the log would open over what is to be seen. */
  @Override
  public void seen(String line) {
    if (GraphicsEnvironment.isHeadless()) log(line);
    else status.showStatus(line);
  }

  @Override
  public void report(String text) {
    text.lines().forEach(IJ::log);
  }

  @Override
  public void table(String title, List<TableRow> rows) {
    Tables.show(rows, title);
  }

  @Override
  public String request() {
    return command.request();
  }

  @Override
  public Shown progress(String activity) {
    return new CommandProgress(status, tasks, command.title(), command::isCanceled);
  }

  @Override
  public Images images(String activity) {
    return new BatchStatus(progress(activity));
  }

  /**
   * @throws SpyhopException that tells of the first; the log tells of all
   */
  @Override
  public void failed(List<String> failures, int of) {
    failures.forEach(ImageJCaller::log);
    String more = failures.size() > MAX_TOLD ? "\nThe log lists all." : "";
    throw new SpyhopException(
        Strings.format("%d of %d inputs failed:\n", failures.size(), of)
            + failures.stream().limit(MAX_TOLD).collect(Collectors.joining("\n"))
            + more);
  }

  @Override
  public void train(String name, Learning learning) {
    try (Shown progress = progress(name);
        TrainingView view = TrainingView.open(name)) {
      train(learning, view, progress);
    }
  }

  /**
   * Trains, and ends the command as the user would expect. A training that was stopped by its
   * button ends as one that ran to its end, so that a macro goes on with the model; one that was
   * cancelled, or has no model, ends the macro.
   *
   * @throws SpyhopException if the training came to no good end by itself
   */
  void train(Learning learning, TrainingView view, Progress progress) {
    try {
      TrainingEnd end =
          learning.learn(new Untold(view).and(view.listener()), view.progress(progress));
      boolean discarded = view.isDiscarded();
      if (discarded) end.discard().run();
      String said = discarded ? "Cancelled; nothing of the training is kept." : end.written();
      if (!view.isShown()) log(said);
      view.ended(said);
      boolean kept = end.write().isPresent() && !discarded;
      if (kept) RecentModels.train(end.file());
      if (end.reason() == StopReason.NOT_FINITE && !discarded) throw new SpyhopException(said);
      if (discarded || end.reason() == StopReason.CANCELLED && !(view.isStopped() && kept)) {
        command.end(new StoppedException(said));
      }
    } catch (SpyhopException e) {
      view.ended(e.getMessage());
      throw e;
    }
  }
}
