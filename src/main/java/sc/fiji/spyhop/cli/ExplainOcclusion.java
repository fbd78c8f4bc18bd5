package sc.fiji.spyhop.cli;

import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import sc.fiji.spyhop.explain.Occlusion;
import sc.fiji.spyhop.job.batch.BatchJob;
import sc.fiji.spyhop.job.batch.ExplainJob;

/** Hides one part of an image after the other from a network. */
@Command(
    name = "occlusion",
    sortOptions = false,
    description = {
      "Finds the regions of images that a prediction depends on.",
      "Each part is hidden in turn, and the map tells how far that lowers the probability of the",
      "class.",
      "Of each image NAME it writes NAME_saliency.tif (the map, 32-bit) and NAME_saliency.png (the",
      "image with the map in colours over it), and of all together results.csv. Of stacks, one",
      "slice is done."
    },
    footer = {
      "",
      "Examples:",
      "  spyhop explain occlusion --model species.spyhop --output why image.tif",
      "  spyhop explain occlusion --model species.spyhop --class orca --fill blur --output why *.jpg"
    })
final class ExplainOcclusion extends FolderJob {

  @Option(
      names = "--model",
      required = true,
      paramLabel = "NAME|FILE",
      description = "Name or file of a model that classifies images, or measures them.")
  private String model;

  @Option(
      names = "--class",
      paramLabel = "NAME",
      description = "What to explain (default: the most likely class of each image).")
  private Optional<String> name;

  @Option(
      names = "--window",
      paramLabel = "PIXELS",
      description = "Width and height of what is hidden (default: a sixth of the image).")
  private int window;

  @Option(
      names = "--stride",
      paramLabel = "PIXELS",
      description = "From one window to the next (default: a third of the window).")
  private int stride;

  @Option(
      names = "--fill",
      paramLabel = "KIND",
      description = "What is shown instead: mean, grey or blur (default: mean).")
  private String fill = "mean";

  @Option(
      names = "--slice",
      paramLabel = "N",
      description = "Which slice of stacks, from 1 (default: 1).")
  private int slice = 1;

  @Option(
      names = "--frame",
      paramLabel = "N",
      description = "Which time point, from 1 (default: 1).")
  private int frame = 1;

  @Override
  BatchJob job() {
    if (slice < 1 || frame < 1) throw misuse("--slice and --frame: expected numbers from 1.");
    Occlusion occlusion = new Occlusion(window, stride, Occlusion.Fill.parse(fill));
    return new ExplainJob(model, name, occlusion, slice, frame);
  }

  @Override
  String activity() {
    return "Explaining";
  }
}
