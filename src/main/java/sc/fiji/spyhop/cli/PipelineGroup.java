package sc.fiji.spyhop.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

/** Leads to what can be done with pipelines. */
@Command(
    name = "pipeline",
    description = {
      "Runs, builds, checks and trains pipelines of networks.",
      "A pipeline localizes, crops, finds keypoints, aligns, then classifies, segments or measures."
    },
    subcommands = CheckPipeline.class,
    footer = {
      "",
      "Examples:",
      "  spyhop pipeline run --pipeline whales --output results photographs/",
      "  spyhop pipeline check whales",
      "  spyhop pipeline train --data mydata --output mine.spyhop"
    })
final class PipelineGroup extends Job {

  @Override
  public Integer call() {
    throw new ParameterException(
        spec.commandLine(), "Expected what to do with pipelines: run, build, check or train.");
  }
}
