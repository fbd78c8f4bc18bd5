package sc.fiji.spyhop.cli;

import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.job.Caller;
import sc.fiji.spyhop.util.Strings;

/** Shows a batch on a console. */
final class BatchConsole implements Caller.Images {

  private final Console console;
  private final String activity;
  private ConsoleProgress progress;

  /**
   * @param activity what is done, such as {@code Segmenting}
   */
  BatchConsole(Console console, String activity) {
    this.console = console;
    this.activity = activity;
  }

  @Override
  public void start(String title, int images, int before) {
    console.say(title);
    if (before > 0) {
      console.say(before + " of " + Strings.count(before + images, "image") + " finished already.");
    }
    progress = new ConsoleProgress(console, activity, images);
  }

  @Override
  public Progress begin(String name) {
    return progress.begin(SafeWriter.line(name));
  }

  @Override
  public void end(String line) {
    progress.end(SafeWriter.line(line));
  }

  @Override
  public boolean isCancelled() {
    return console.isStopRequested();
  }

  @Override
  public void close() {
    if (progress != null) progress.close();
  }
}
