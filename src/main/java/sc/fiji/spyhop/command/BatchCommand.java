package sc.fiji.spyhop.command;

import ij.IJ;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.stream.Collectors;
import org.scijava.ItemVisibility;
import org.scijava.app.StatusService;
import org.scijava.command.Command;
import org.scijava.command.DynamicCommand;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;
import org.scijava.task.TaskService;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.ij.ChannelChoice;
import sc.fiji.spyhop.job.batch.Batch;
import sc.fiji.spyhop.job.batch.BatchJob;
import sc.fiji.spyhop.job.batch.Existing;
import sc.fiji.spyhop.job.batch.Inputs;
import sc.fiji.spyhop.job.batch.Parts;
import sc.fiji.spyhop.job.batch.UsualJob;
import sc.fiji.spyhop.util.Strings;

/**
 * Does with all images of a folder what a model is for, and writes tables, regions and pictures
 * into another. In a macro:
 *
 * <pre>run("Spyhop Batch", "input=/data/images output=/data/results model=nuclei");</pre>
 */
@Plugin(
    type = Command.class,
    menuPath = "Plugins>Spyhop>Spyhop Batch",
    headless = true,
    initializer = "offerModels",
    description = "Looks at all images of a folder with a trained network or a pipeline.")
public final class BatchCommand extends DynamicCommand {

  private static final String TITLE = "Spyhop Batch";

  /** Failures that fit into a dialog. */
  private static final int MOST_TOLD = 10;

  @Parameter(
      label = "Folder of images",
      style = "directory",
      required = false,
      persist = false,
      description = "Its images are looked at one by one; none is shown.")
  private File input = new File("");

  @Parameter(
      label = "Folder for the results",
      style = "directory",
      required = false,
      persist = false,
      description = "Made if it is not there.")
  private File output = new File("");

  @Parameter(
      label = "Model or pipeline",
      required = false,
      persist = false,
      description =
          "What it is for is done. Name of one, or in macros also the path of a .spyhop file.")
  private String model = "";

  @Parameter(
      label = "Channel",
      persist = false,
      description =
          "auto: all channels, which must be as many as the model expects; grey: all in one; or"
              + " the number of a channel.")
  private String channel = "auto";

  @Parameter(
      label = "Subfolders too",
      persist = false,
      description = "Searches the folder to any depth.")
  private boolean recursive = false;

  @Parameter(
      label = "Earlier results",
      choices = {"resume", "replace", "refuse"},
      persist = false,
      description =
          "resume: go on with a run that was interrupted, images that are finished are passed over;"
              + " replace: do all anew; refuse: do nothing if there are some.")
  private String existing = "resume";

  @Parameter(
      label = "What to classify or measure",
      choices = {"slices", "overlay"},
      visibility = ItemVisibility.INVISIBLE,
      persist = false,
      description =
          "Each slice as a whole, or each region of the overlay that is saved with an image.")
  private String regions = "slices";

  @Parameter(
      label = "Classes to tell",
      visibility = ItemVisibility.INVISIBLE,
      persist = false,
      description = "How many, the most likely first, for models and pipelines that classify.")
  private int top = 1;

  @Parameter(
      label = "Least score",
      visibility = ItemVisibility.INVISIBLE,
      required = false,
      persist = false,
      description =
          "Of boxes and keypoints, from 0 to 1; empty for what was best when the model was made.")
  private String score = "";

  @Parameter private StatusService statusService;
  @Parameter private TaskService taskService;

  /** Puts the known models and pipelines into the dialog. */
  void offerModels() {
    Models.offerAll(getInfo().getMutableInput("model", String.class), model);
  }

  /**
   * Blocks until all is done.
   *
   * @throws SpyhopException if a parameter makes no sense, before anything is done; or if images
   *     could not be looked at, after all others were
   */
  @Override
  public void run() {
    Path from = folder("Folder of images", input);
    Path to = folder("Folder for the results", output);
    Models.requireAny(model);
    ChannelChoice channels = ChannelChoice.parse(channel);
    Existing earlier = Existing.parse(existing);
    if (top < 1) {
      throw new SpyhopException("Classes to tell: expected a number from 1, received " + top + ".");
    }
    BatchJob job =
        UsualJob.of(model.strip(), new UsualJob.Options(parts(), top, LeastScore.parse(score)));
    Inputs inputs = Inputs.expand(List.of(from.toString()), recursive, to);
    List<String> failures = new ArrayList<>(inputs.problems());
    if (!inputs.files().isEmpty()) {
      try (CommandProgress progress =
          new CommandProgress(statusService, taskService, TITLE, this::isCanceled)) {
        Batch.Summary summary =
            Batch.run(job, inputs.files(), to, channels, earlier, new BatchStatus(progress));
        failures.addAll(summary.failures());
        IJ.log("Spyhop: " + summary.text() + ", written to " + to);
      } catch (CancellationException e) {
        Cancellations.end(this, TITLE + ": " + e.getMessage());
        return;
      }
    }
    if (failures.isEmpty()) return;
    failures.forEach(f -> IJ.log("Spyhop: " + f));
    int wanted = inputs.files().size() + inputs.problems().size();
    String more = failures.size() > MOST_TOLD ? "\nThe log tells of all." : "";
    throw new SpyhopException(
        Strings.format("%d of %d inputs failed:\n", failures.size(), wanted)
            + failures.stream().limit(MOST_TOLD).collect(Collectors.joining("\n"))
            + more);
  }

  private static Path folder(String label, File file) {
    if (file == null || file.getPath().isBlank()) {
      throw new SpyhopException(label + ": expected a folder, received nothing.");
    }
    return file.toPath();
  }

  private Parts parts() {
    for (Parts p : Parts.values()) if (p.name().equalsIgnoreCase(regions.strip())) return p;
    throw new SpyhopException(
        "What to classify or measure: expected slices or overlay, received \"" + regions + "\".");
  }
}
