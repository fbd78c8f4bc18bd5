package sc.fiji.spyhop.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import sc.fiji.spyhop.util.Strings;

/** Where a command line talks to: results on one stream, progress and errors on the other. */
final class Console {

  /** The root of all commands, whose console they share. */
  interface Owner {
    Console console();
  }

  /** That of a command. */
  static Console of(CommandSpec command) {
    return ((Owner) command.root().userObject()).console();
  }

  private static final String LOST = "The results cannot be written to standard output";

  private final PrintWriter rawOut;
  private final PrintWriter rawErr;
  private final PrintWriter out;
  private final PrintWriter err;
  private final boolean terminal;
  private boolean isSystem;
  private volatile boolean stopRequested;

  /**
   * @param terminal whether a person watches, so that a progress bar makes sense
   */
  Console(PrintWriter out, PrintWriter err, boolean terminal) {
    this.rawOut = out;
    this.rawErr = err;
    this.out = new PrintWriter(new SafeWriter(out), true);
    this.err = new PrintWriter(new SafeWriter(err), true);
    this.terminal = terminal;
  }

  /** The process's own streams. What is not read by a person is in UTF-8. */
  static Console system() {
    boolean interactive = isInteractive();
    Charset charset = interactive ? System.console().charset() : UTF_8;
    Console console =
        new Console(
            new PrintWriter(System.out, true, charset),
            new PrintWriter(System.err, true, charset),
            interactive && !"dumb".equals(System.getenv("TERM")));
    console.isSystem = true;
    return console;
  }

  /** Whether a person sits at a terminal. Java 22 to 24 have a console even where there is none. */
  private static boolean isInteractive() {
    if (System.console() == null) return false;
    try {
      return (boolean) java.io.Console.class.getMethod("isTerminal").invoke(System.console());
    } catch (ReflectiveOperationException e) {
      return true; // Java before 22
    }
  }

  /** Prints results, as {@link Strings#format} makes them. */
  void print(String format, Object... values) {
    out.print(Strings.format(format, values));
  }

  PrintWriter out() {
    return out;
  }

  PrintWriter err() {
    return err;
  }

  /** For what is all our own, as the help with its colours. */
  PrintWriter rawOut() {
    return rawOut;
  }

  PrintWriter rawErr() {
    return rawErr;
  }

  boolean isTerminal() {
    return terminal;
  }

  /** A line about how the work goes. */
  void say(String line) {
    err.println(line);
    err.flush();
  }

  /** A line over the one that was written last. */
  void sayOver(String line) {
    rawErr.print("\r");
    say(line);
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

  /**
   * Brings everything to where it is read.
   *
   * @return whether all results have arrived; if not, that is said
   */
  boolean flush() {
    out.flush();
    boolean arrived = !rawOut.checkError();
    if (!arrived) lost().ifPresent(this::error);
    err.flush();
    return arrived;
  }

  /** Why results did not arrive; nothing if a program that read them has had enough of them. */
  private Optional<String> lost() {
    String reason = "";
    if (!isSystem) return Optional.of(LOST + ".");
    try {
      new FileOutputStream(FileDescriptor.out).write(System.lineSeparator().getBytes(UTF_8));
    } catch (IOException e) {
      reason = String.valueOf(e.getMessage());
      if (reason.toLowerCase(Locale.ROOT).contains("pipe")) return Optional.empty();
    }
    return Optional.of(
        LOST + (reason.isEmpty() ? "" : ": " + reason) + ". Lead it to where there is room.");
  }
}
