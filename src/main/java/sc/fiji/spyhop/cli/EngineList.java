package sc.fiji.spyhop.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import sc.fiji.spyhop.engine.selection.Engines;

/** What computes on this machine. */
@Command(
    name = "engines",
    description = {
      "Lists the engines that run networks, and whether they compute right on this machine.",
      "Tells which of them predict and which train, and on what they compute. For bug reports.",
      "An engine is checked before its first use on a machine, and passed over if it computes wrong."
    },
    footer = {"", "Examples:", "  spyhop engines", "  spyhop engines --check"})
final class EngineList extends Job {

  @Option(names = "--check", description = "Check all engines anew; this takes some seconds.")
  private boolean check;

  @Override
  public Integer call() {
    console().out().print(Engines.report(check));
    return Spyhop.OK;
  }
}
