package sc.fiji.spyhop.command;

import ij.macro.Interpreter;

/** The ImageJ macro that runs now. */
final class RunningMacro {

  private RunningMacro() {}

  /**
   * Ends it as soon as the command that it runs returns; ImageJ shows nothing of its own, since the
   * user is told what is wrong. Its {@code abortMacro} would stop the thread of a macro that has
   * not ended after two seconds, as where a message is waiting to be read, and show that as an
   * error.
   */
  static void end(String reason) {
    Interpreter macro = Interpreter.getInstance();
    if (macro == null) return;
    macro.setIgnoreErrors(true);
    macro.abort(reason);
  }
}
