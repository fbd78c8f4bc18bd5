package sc.fiji.spyhop.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

/** Leads to the explanations. */
@Command(
    name = "explain",
    description = "Explains predictions: which parts of an image they depend on.",
    footer = {
      "",
      "Example:",
      "  spyhop explain occlusion --model species.spyhop --output why image.tif"
    })
final class ExplainGroup extends Job {

  @Override
  public Integer call() {
    throw new ParameterException(
        spec.commandLine(),
        "Expected how to explain: " + String.join(" or ", spec.subcommands().keySet()) + ".");
  }
}
