package sc.fiji.spyhop.cli;

import picocli.CommandLine.Command;
import sc.fiji.spyhop.job.batch.BatchJob;
import sc.fiji.spyhop.job.batch.RegressJob;

/** Measures image files. */
@Command(
    name = "regress",
    sortOptions = false,
    description = {
      "Measures images with a trained network.",
      "Writes results.csv with a row for each number of each image, slice or region."
    },
    footer = {"", "Example:", "  spyhop regress --model length.spyhop --output results images/"})
final class Regress extends ImagesJob {

  @Override
  BatchJob job() {
    return new RegressJob(model, regions);
  }
}
