package sc.fiji.spyhop.command;

import ij.ImagePlus;
import org.scijava.ItemIO;
import org.scijava.command.Command;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;
import sc.fiji.spyhop.ij.Frames;
import sc.fiji.spyhop.ij.HyperstackRestoration.Depth;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.inference.Runner;
import sc.fiji.spyhop.job.Caller;
import sc.fiji.spyhop.job.batch.BatchJob;
import sc.fiji.spyhop.job.batch.RestoreJob;
import sc.fiji.spyhop.task.Restoration;
import sc.fiji.spyhop.task.TaskKind;

/**
 * Restores an open image with a trained network: a new image of the same size, slices, time points
 * and calibration. In a macro:
 *
 * <pre>run("Spyhop Restore", "model=/models/denoise.spyhop type=same");</pre>
 */
@Plugin(
    type = Command.class,
    menuPath = "Plugins>Spyhop>Spyhop Restore",
    headless = true,
    initializer = "offerModels",
    description = "Restores images with a trained network: without noise, sharper, or stained.")
public final class RestoreCommand extends PredictCommand {

  static final String TYPE_HELP =
      "float: 32 bits, values as the network tells them; same: as the image, rounded, and clipped"
          + " to what its pixels can be.";

  @Parameter(
      label = "Type of the result",
      choices = {"float", "same"},
      persist = false,
      description = TYPE_HELP)
  private String type = "float";

  @Parameter(type = ItemIO.OUTPUT, label = "Restored", description = "The restored image.")
  private ImagePlus restored;

  /**
   * Made by ImageJ and by the shell, which then fill in the parameters; no model is chosen at
   * first.
   */
  public RestoreCommand() {
    super("");
  }

  @Override
  Class<?> kind() {
    return Restoration.class;
  }

  @Override
  String activity() {
    return "Restoring";
  }

  private Depth depth() {
    return depth(type);
  }

  /** What pixels are stored as. */
  static Depth depth(String type) {
    return type.equals("same") ? Depth.SAME : Depth.FLOAT;
  }

  @Override
  BatchJob job(Caller caller) {
    return new RestoreJob(model(), depth(), precision());
  }

  @Override
  void look(Caller caller) {
    Runner.Options options = Runner.Options.DEFAULT.withPrecision(precision());
    try (Runner<Frame> restorer = Runner.open(model(), TaskKind.RESTORATION, options);
        Caller.Shown progress = caller.progress(activity())) {
      Frames frames = frames(restorer.spec().input());
      RestoreJob.Restored found =
          RestoreJob.found(image().getTitle(), frames, restorer, depth(), progress);
      warn(restorer.spec(), found.unlike());
      restored = found.made().image();
      makeCurrent(restored);
      caller.seen(image().getTitle() + ": " + found.summary() + "; on " + restorer.device());
    }
  }
}
