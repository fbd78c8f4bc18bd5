package sc.fiji.spyhop.cli;

import java.io.PrintWriter;
import java.nio.charset.Charset;

/** Where a command line talks to: results on one stream, progress and errors on the other. */
final class Console {

  private final PrintWriter out;
  private final PrintWriter err;
  private final boolean terminal;
  private volatile boolean stopRequested;

  /**
   * @param terminal whether a person watches, so that a progress bar makes sense
   */
  Console(PrintWriter out, PrintWriter err, boolean terminal) {
    this.out = out;
    this.err = err;
    this.terminal = terminal;
  }

  /** The process's own streams. */
  static Console system() {
    Charset charset = Charset.defaultCharset();
    boolean terminal = System.console() != null && !"dumb".equals(System.getenv("TERM"));
    return new Console(
        new PrintWriter(System.out, true, charset),
        new PrintWriter(System.err, true, charset),
        terminal);
  }

  PrintWriter out() {
    return out;
  }

  PrintWriter err() {
    return err;
  }

  boolean isTerminal() {
    return terminal;
  }

  /** A line about how the work goes. */
  void say(String line) {
    err.println(line);
    err.flush();
  }

  void error(String sentence) {
    say("spyhop: " + sentence);
  }

  /** Asks the command to stop at the next opportunity. */
  void requestStop() {
    stopRequested = true;
  }

  boolean isStopRequested() {
    return stopRequested;
  }

  void flush() {
    out.flush();
    err.flush();
  }
}
