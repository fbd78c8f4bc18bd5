package sc.fiji.spyhop.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

/** Leads to the explanations. */
@Command(
    name = "explain",
    description = "Shows what in an image made a network say what it said.",
    subcommands = ExplainOcclusion.class)
final class Explain extends Job {

  @Override
  public Integer call() {
    throw new ParameterException(spec.commandLine(), "Expected how to explain: occlusion.");
  }
}
