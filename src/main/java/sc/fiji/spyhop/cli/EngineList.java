package sc.fiji.spyhop.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import sc.fiji.spyhop.engine.selection.Engines;

/** What computes on this machine. */
@Command(
    name = "engines",
    description = {
      "Tells which engines there are to run networks, which of them predict and which train here,",
      "on what they compute, and whether they were found to compute right. For bug reports.",
      "An engine is checked before its first use on a machine, and passed over if it computes wrong."
    })
final class EngineList extends Job {

  @Option(names = "--check", description = "Check all engines anew; this takes some seconds.")
  private boolean check;

  @Override
  public Integer call() {
    console().out().print(Engines.report(check));
    return Spyhop.OK;
  }
}
