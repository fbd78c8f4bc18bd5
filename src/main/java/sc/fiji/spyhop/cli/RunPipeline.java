package sc.fiji.spyhop.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import sc.fiji.spyhop.job.batch.BatchJob;
import sc.fiji.spyhop.job.batch.PipelineJob;

/** Runs a pipeline on image files. */
@Command(
    name = "run",
    description = {
      "Runs a pipeline on images.",
      "Of all together it writes results.csv (image, object, rank, class, probability, box,",
      "keypoints, and what was not found), and of each image NAME_overlay.png (to look at) and",
      "NAME_rois.zip (for the ROI Manager). All coordinates are those of the image."
    },
    footer = {
      "",
      "Example:",
      "  spyhop pipeline run --pipeline whales --output results photographs/"
    })
final class RunPipeline extends FolderJob {

  @Option(
      names = "--pipeline",
      required = true,
      paramLabel = "NAME|FILE",
      description = "Name of a pipeline (see spyhop models) or its file.")
  private String pipeline;

  @Option(
      names = "--top",
      paramLabel = "N",
      defaultValue = "3",
      description = "How many classes to tell of each object (default: ${DEFAULT-VALUE}).")
  private int top;

  @Override
  BatchJob job() {
    if (top < 1) throw misuse("--top: expected a number from 1, received " + top + ".");
    return new PipelineJob(pipeline, top);
  }
}
