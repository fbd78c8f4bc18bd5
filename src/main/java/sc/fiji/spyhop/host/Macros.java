package sc.fiji.spyhop.host;

import ij.Macro;
import ij.macro.Interpreter;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.regex.Pattern;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.util.Strings;

/** Runs ImageJ macros in which Spyhop's commands are known. */
public final class Macros {

  /** {@code exit("why")}, which ImageJ shows and then ends like {@code exit()}. */
  private static final Pattern GIVES_UP = Pattern.compile("\\bexit\\s*\\(\\s*[^)\\s]");

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
    Interpreter interpreter = new Interpreter();
    try {
      String result = interpreter.run(macro, argument);
      host.takeFailure().ifPresent(f -> rethrow(f, interpreter.getLineNumber()));
      return result == null ? "" : result;
    } catch (SpyhopException | CancellationException e) {
      throw e;
    } catch (RuntimeException e) {
      int line = interpreter.getLineNumber();
      host.takeFailure().ifPresent(f -> rethrow(f, line));
      if (interpreter.wasError()) throw stopped(line, interpreter.getErrorMessage(), e);
      if (!Macro.MACRO_CANCELED.equals(e.getMessage())) throw stopped(line, reason(e), e);
      List<String> lines = macro.lines().toList();
      if (line >= 1 && line <= lines.size() && GIVES_UP.matcher(lines.get(line - 1)).find()) {
        throw stopped(line, "it gave up", e);
      }
      return "";
    } finally {
      Interpreter.batchMode = false;
    }
  }

  private static void rethrow(RuntimeException failure, int line) {
    if (failure instanceof CancellationException) throw failure;
    throw stopped(line, reason(failure), failure);
  }

  private static String reason(RuntimeException e) {
    return e instanceof SpyhopException ? e.getMessage() : e.toString();
  }

  private static SpyhopException stopped(int line, String why, RuntimeException cause) {
    String sentence = why == null ? "unknown error" : why.strip();
    return new SpyhopException(
        Strings.format(
            "The macro stopped in line %d: %s%s",
            line, sentence, sentence.endsWith(".") ? "" : "."),
        cause);
  }
}
