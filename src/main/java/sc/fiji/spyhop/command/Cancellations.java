package sc.fiji.spyhop.command;

import ij.IJ;
import org.scijava.Cancelable;
import sc.fiji.spyhop.job.StoppedException;

/** How commands end when the user asked them to. */
final class Cancellations {

  private Cancellations() {}

  /**
   * Ends quietly for a person, but not for a macro, which would go on as if all were done.
   *
   * @throws StoppedException in a macro
   */
  static void end(Cancelable command, String reason) {
    if (IJ.isMacro()) throw new StoppedException(reason);
    command.cancel(reason);
  }
}
