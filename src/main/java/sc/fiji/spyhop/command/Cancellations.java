package sc.fiji.spyhop.command;

import ij.IJ;
import java.util.concurrent.CancellationException;
import org.scijava.Cancelable;

/** How commands end when the user asked them to. */
final class Cancellations {

  private Cancellations() {}

  /**
   * Ends quietly for a person, but not for a macro, which would go on as if all were done.
   *
   * @throws CancellationException in a macro
   */
  static void end(Cancelable command, String reason) {
    if (IJ.isMacro()) throw new CancellationException(reason);
    command.cancel(reason);
  }
}
