package sc.fiji.spyhop.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import sc.fiji.spyhop.job.batch.BatchJob;
import sc.fiji.spyhop.job.batch.SegmentJob;

/** Segments image files. */
@Command(
    name = "segment",
    description = {
      "Segments the objects, or the classes of pixels, in images.",
      "Of each image NAME it writes NAME_labels.tif (a number for each object), NAME_rois.zip",
      "(outlines for the ROI Manager) and NAME_overlay.png (to look at), and of all together",
      "results.csv (area, position, probability). Stacks are done slice by slice."
    },
    footer = {
      "",
      "Examples:",
      "  spyhop segment --model nuclei --output results image.tif",
      "  spyhop segment --model nuclei --output results --recursive plates/",
      "  spyhop segment --model my.spyhop --channel 2 --output results \"day?/*.tif\""
    })
final class Segment extends FolderJob {

  @Option(
      names = "--model",
      defaultValue = "nuclei",
      paramLabel = "NAME|FILE",
      description = "Name of a model (see spyhop models) or its file (default: ${DEFAULT-VALUE}).")
  private String model;

  @Override
  BatchJob job() {
    return new SegmentJob(model);
  }

  @Override
  String activity() {
    return "Segmenting";
  }
}
