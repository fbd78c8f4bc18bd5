package sc.fiji.spyhop.command;

import ij.IJ;
import org.scijava.command.Command;
import org.scijava.command.ContextCommand;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;
import sc.fiji.spyhop.engine.selection.Engines;

/**
 * Shows in ImageJ's log what computes on this machine. In a macro:
 *
 * <pre>run("Spyhop Engines", "check=true");</pre>
 */
@Plugin(
    type = Command.class,
    menuPath = "Plugins>Spyhop>Spyhop Engines",
    headless = true,
    description =
        "Shows which engines run networks on this machine, and whether they compute right. For bug"
            + " reports.")
public final class EnginesCommand extends ContextCommand {

  @Parameter(
      label = "Check anew",
      persist = false,
      description =
          "Check all engines again; otherwise what was found at their first use is shown.")
  private boolean check = false;

  @Override
  public void run() {
    Engines.report(check).lines().forEach(IJ::log);
  }
}
