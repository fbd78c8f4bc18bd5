package sc.fiji.spyhop.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

/** Leads to the generators. */
@Command(
    name = "sample",
    description = "Generates images with exact truth, to try and to test with.",
    subcommands = {
      SampleNuclei.class,
      SampleTissue.class,
      SampleBlood.class,
      SampleDigits.class,
      SampleMixtures.class,
      SampleWhales.class,
      SampleChairs.class,
      SampleNoise.class
    },
    footer = {
      "",
      "Examples:",
      "  spyhop sample nuclei --count 20 --output painted",
      "  spyhop sample whales --count 240 --output whales"
    })
final class SampleGroup extends Job {

  @Override
  public Integer call() {
    throw new ParameterException(
        spec.commandLine(),
        "Expected what to make: nuclei, tissue, blood, digits, whales, chairs or noise.");
  }
}
