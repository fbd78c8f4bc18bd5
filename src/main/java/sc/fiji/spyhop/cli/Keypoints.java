package sc.fiji.spyhop.cli;

import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import sc.fiji.spyhop.dataset.format.EvaluationTables;
import sc.fiji.spyhop.dataset.format.Problems;
import sc.fiji.spyhop.job.batch.BatchJob;
import sc.fiji.spyhop.job.batch.KeypointsJob;

/** Finds named points in image files. */
@Command(
    name = "keypoints",
    description = {
      "Finds keypoints in images, one of each name, or in the boxes of objects.",
      "Of all images together it writes keypoints.csv (image, keypoint, x, y in pixels, score;",
      "slice and frame of stacks; no x and y where a point is not to be seen), and of each image",
      "NAME_rois.zip (points for the ROI Manager) and NAME_overlay.png (to look at)."
    },
    footer = {
      "",
      "Examples:",
      "  spyhop keypoints --model mouse.spyhop --output results frames/",
      "  spyhop keypoints --model mice.spyhop --boxes boxes.csv --output results frames/",
    })
final class Keypoints extends ScenesJob {

  @Option(
      names = "--boxes",
      paramLabel = "CSV",
      description =
          "Boxes of the objects to find the keypoints of, as spyhop localize writes them; for models"
              + " that were trained with --objects.")
  private Optional<Path> boxes = Optional.empty();

  @Override
  BatchJob job() {
    return new KeypointsJob(model, score(), boxes.map(this::read));
  }

  private KeypointsJob.Boxes read(Path table) {
    Problems problems = new Problems();
    KeypointsJob.Boxes read =
        new KeypointsJob.Boxes(table, EvaluationTables.boxes(table, problems));
    problems.summary().forEach(console()::say);
    return read;
  }
}
