package sc.fiji.spyhop.cli;

import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import sc.fiji.spyhop.job.batch.BatchJob;
import sc.fiji.spyhop.job.batch.ClassMapsJob;
import sc.fiji.spyhop.job.batch.ClassifyJob;

/** Classifies image files. */
@Command(
    name = "classify",
    sortOptions = false,
    description = {
      "Classifies images.",
      "Writes results.csv with the most likely classes of each image, slice or region and their",
      "probabilities. With --window it slides over each image (its first slice) and writes",
      "NAME_classes.tif instead, a probability image for each class."
    },
    footer = {
      "",
      "Examples:",
      "  spyhop classify --model my.spyhop --output results --top 3 images/",
      "  spyhop classify --model my.spyhop --output results --window 64 --stride 16 slide.tif"
    })
final class Classify extends ImagesJob {

  @Option(
      names = "--top",
      paramLabel = "K",
      description = "Classes to list of each, the most likely ones (default: 1).")
  private int top = 1;

  @Option(
      names = "--window",
      paramLabel = "PIXELS",
      description = "Slide a window of this size over each image.")
  private Optional<Integer> window = Optional.empty();

  @Option(
      names = "--stride",
      paramLabel = "PIXELS",
      description = "From one window to the next (default: a quarter of the window).")
  private Optional<Integer> stride = Optional.empty();

  @Override
  BatchJob job() {
    if (top < 1) throw misuse("--top: expected a number of at least 1, received " + top + ".");
    if (window.isEmpty() && stride.isPresent()) throw misuse("--stride goes with --window.");
    if (window.filter(w -> w < 1).isPresent() || stride.filter(s -> s < 1).isPresent()) {
      throw misuse("--window and --stride: expected at least 1 pixel.");
    }
    return window
        .<BatchJob>map(w -> new ClassMapsJob(model, w, stride.orElse(Math.max(1, w / 4))))
        .orElseGet(() -> new ClassifyJob(model, regions, top));
  }
}
