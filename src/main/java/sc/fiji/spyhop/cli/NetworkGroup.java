package sc.fiji.spyhop.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

/** Leads to what shows networks. */
@Command(
    name = "network",
    description = "Shows networks: their layers, and what they have learnt.",
    footer = {
      "",
      "Examples:",
      "  spyhop network show \"20C5 MP2 50C5 MP2 FC256 FC10\" --input 1x28x28",
      "  spyhop network kernels nuclei --output learnt"
    })
final class NetworkGroup extends Job {

  @Override
  public Integer call() {
    throw new ParameterException(
        spec.commandLine(), "Expected what to do: show, kernels or patches.");
  }
}
