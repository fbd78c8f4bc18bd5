package sc.fiji.spyhop.host;

import ij.Macro;
import ij.macro.Interpreter;
import java.util.concurrent.CancellationException;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.host.headless.MacroFailure;
import sc.fiji.spyhop.util.Strings;

/** Runs ImageJ macros in which Spyhop's commands are known. */
public final class Macros {

  private Macros() {}

  /**
   * Runs a macro in batch mode, to its end.
   *
   * @param argument what {@code getArgument()} gives
   * @return what it returns; empty if nothing
   * @throws SpyhopException if it stopped on an error or gave up with {@code exit(message)}; names
   *     the line
   */
  public static String run(String macro, String argument) {
    Host host = Host.instance();
    host.install();
    host.takeFailure();
    MacroFailure.begin();
    Interpreter interpreter = new Interpreter();
    try {
      String result = interpreter.run(macro, argument);
      check(host, interpreter.getLineNumber());
      return result == null ? "" : result;
    } catch (SpyhopException | CancellationException e) {
      throw e;
    } catch (RuntimeException | LinkageError e) {
      int line = interpreter.getLineNumber();
      check(host, line);
      if (MacroFailure.wasLeft()) return "";
      boolean cancelled = Macro.MACRO_CANCELED.equals(e.getMessage());
      throw stopped(line, cancelled ? MacroFailure.NO_WINDOW : MacroFailure.sentence(e), e);
    } finally {
      Interpreter.batchMode = false;
    }
  }

  /** Throws what a command of Spyhop failed with, or else what ImageJ had to say. */
  private static void check(Host host, int line) {
    host.takeFailure().ifPresent(f -> rethrow(f, line));
    MacroFailure.first().ifPresent(f -> rethrow(f, line));
  }

  private static void rethrow(MacroFailure failure, int line) {
    int at = failure.line() == 0 ? line : failure.line();
    throw stopped(at, failure.sentence(), failure.cause().orElse(null));
  }

  private static void rethrow(RuntimeException failure, int line) {
    if (failure instanceof CancellationException) throw failure;
    String reason = failure instanceof SpyhopException ? failure.getMessage() : failure.toString();
    throw stopped(line, reason, failure);
  }

  private static SpyhopException stopped(int line, String why, Throwable cause) {
    String sentence = why == null ? "unknown error" : why.strip();
    return new SpyhopException(
        Strings.format(
            "The macro stopped in line %d: %s%s",
            line, sentence, sentence.matches("(?s).*[.!?]") ? "" : "."),
        cause);
  }
}
