package sc.fiji.spyhop.cli;

import picocli.CommandLine.Command;
import sc.fiji.spyhop.job.batch.BatchJob;
import sc.fiji.spyhop.job.batch.LocalizeJob;

/** Draws boxes around objects in image files. */
@Command(
    name = "localize",
    description = {
      "Localizes objects in images with boxes.",
      "Of all images together it writes boxes.csv (image, class, x, y, width, height in pixels,",
      "score; slice and frame of stacks), and of each image NAME_rois.zip (boxes for the ROI",
      "Manager) and NAME_overlay.png (to look at)."
    },
    footer = {
      "",
      "Examples:",
      "  spyhop localize --model cells.spyhop --output results images/",
      "  spyhop localize --model cells.spyhop --score 0.5 --output results \"day?/*.tif\""
    })
final class Localize extends ScenesJob {

  @Override
  BatchJob job() {
    return new LocalizeJob(model, score());
  }
}
