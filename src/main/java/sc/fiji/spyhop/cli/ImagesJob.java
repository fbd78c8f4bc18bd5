package sc.fiji.spyhop.cli;

import picocli.CommandLine.Option;
import sc.fiji.spyhop.job.batch.Parts;

/** Says something about images as a whole, slice by slice or region by region. */
abstract class ImagesJob extends FolderJob {

  @Option(
      names = "--model",
      required = true,
      paramLabel = "NAME|FILE",
      description = "Name of a model (see spyhop models) or its file.")
  String model;

  @Option(
      names = "--regions",
      paramLabel = "slices|overlay",
      description =
          "Each slice as a whole, or each region of interest that is saved in the image's overlay"
              + " (default: slices).")
  Parts regions = Parts.SLICES;
}
