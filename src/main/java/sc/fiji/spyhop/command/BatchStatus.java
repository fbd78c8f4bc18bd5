package sc.fiji.spyhop.command;

import ij.IJ;
import java.awt.GraphicsEnvironment;
import java.util.ArrayDeque;
import java.util.Deque;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.job.Caller;
import sc.fiji.spyhop.util.Durations;
import sc.fiji.spyhop.util.Strings;

/**
 * Shows a batch in ImageJ: how far it is and the time left in the status bar, without a display
 * files in the log.
 */
final class BatchStatus implements Caller.Images {

  private static final int STEPS = 1000;

  private final Caller.Shown progress;
  private final Deque<Part> running = new ArrayDeque<>();
  private final long began = System.nanoTime();
  private int images;
  private int ended;

  /** Where the whole is shown. */
  BatchStatus(Caller.Shown progress) {
    this.progress = progress;
  }

  @Override
  public synchronized void start(String title, int images, int before) {
    this.images = images;
    log(title);
    if (before > 0) {
      log(before + " of " + Strings.count(before + images, "image") + " finished already.");
    }
  }

  @Override
  public synchronized Progress begin(String name) {
    Part part = new Part();
    running.add(part);
    return part;
  }

  @Override
  public synchronized void end(String line) {
    ended++;
    running.poll();
    log(ended + "/" + images + " " + line);
    show();
  }

  @Override
  public boolean isCancelled() {
    return progress.isCancelled();
  }

  @Override
  public void close() {
    progress.close();
  }

  /** In windows the status bar tells how far it is, and the end what failed. */
  private static void log(String line) {
    if (GraphicsEnvironment.isHeadless()) IJ.log("Spyhop: " + line);
  }

  private void show() {
    double done = ended;
    for (Part part : running) done += part.fraction;
    double seconds = (System.nanoTime() - began) / 1e9;
    String left =
        ended == 0 ? "" : ", " + Durations.text(seconds / done * (images - done)) + " left";
    progress.update(
        Strings.format("%d of %d images%s", ended, images, left),
        Math.round(done * STEPS),
        (long) images * STEPS);
  }

  /** One of several images at the same time. */
  private final class Part implements Progress {

    private double fraction;

    @Override
    public void update(String message, long done, long total) {
      synchronized (BatchStatus.this) {
        fraction = total <= 0 ? 0 : Math.min(1, (double) done / total);
        show();
      }
    }

    @Override
    public boolean isCancelled() {
      return progress.isCancelled();
    }
  }
}
