package sc.fiji.spyhop.command;

import org.scijava.command.Command;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;
import sc.fiji.spyhop.engine.selection.Engines;
import sc.fiji.spyhop.job.Caller;

/**
 * Shows what computes on this machine. In a macro:
 *
 * <pre>run("Spyhop Engines", "check=true");</pre>
 */
@Plugin(
    type = Command.class,
    menuPath = "Plugins>Spyhop>Spyhop Engines",
    headless = true,
    description = "Lists the engines that run networks, and whether they compute right here.")
public final class EnginesCommand extends JobCommand {

  @Parameter(
      label = "Check anew",
      persist = false,
      description =
          "Checks all engines again, which takes some seconds; else what was found at their first"
              + " use is shown.")
  private boolean check = false;

  @Override
  void work(Caller caller) {
    caller.report(Engines.report(check));
  }
}
