package sc.fiji.spyhop.command;

import ij.macro.Interpreter;

/** The ImageJ macro that runs now. */
final class RunningMacro {

  private RunningMacro() {}

  /**
   * Ends it as soon as the command that it runs returns. ImageJ waits for a macro that it ends, and
   * the macro may be waiting for the thread that ends it: so another thread does.
   */
  static void end() {
    Interpreter macro = Interpreter.getInstance();
    if (macro == null) return;
    Thread ending = new Thread(macro::abortMacro, "Spyhop ends a macro");
    ending.setDaemon(true);
    ending.start();
    try {
      while (!macro.done() && ending.isAlive()) Thread.sleep(1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
