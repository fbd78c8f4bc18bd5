package sc.fiji.spyhop.command;

import ij.IJ;
import ij.ImagePlus;
import ij.gui.Roi;
import ij.macro.Interpreter;
import java.awt.GraphicsEnvironment;
import java.awt.Rectangle;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.scijava.ItemIO;
import org.scijava.app.StatusService;
import org.scijava.command.Command;
import org.scijava.command.DynamicCommand;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;
import org.scijava.task.TaskService;
import org.scijava.thread.ThreadService;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.explain.Explainer;
import sc.fiji.spyhop.explain.Occlusion;
import sc.fiji.spyhop.explain.SaliencyMap;
import sc.fiji.spyhop.ij.ChannelChoice;
import sc.fiji.spyhop.ij.CommandOverlay;
import sc.fiji.spyhop.ij.Frames;
import sc.fiji.spyhop.ij.HeatMaps;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.task.ImageTask;
import sc.fiji.spyhop.util.Strings;

/**
 * Shows which regions of an image made a network say so: a 32-bit map, and the map in colours over
 * the image. Of a stack, the current slice; with a selection, the network is shown its bounding box
 * alone. In a macro:
 *
 * <pre>run("Spyhop Saliency Map", "model=/data/species.spyhop category=orca fill=blur");</pre>
 */
@Plugin(
    type = Command.class,
    menuPath = "Plugins>Spyhop>Spyhop Saliency Map",
    headless = true,
    initializer = "offerModels",
    description = "Shows which regions of an image made a network say what it said.")
public final class SaliencyMapCommand extends DynamicCommand {

  @Parameter(
      label = "Image",
      description = "The image; of a stack, its current slice; with a selection, only that.")
  private ImagePlus image;

  @Parameter(
      label = "Model",
      persist = false,
      description = "Name of a model that classifies, or in macros also the path of its file.")
  private String model = "";

  @Parameter(
      label = "Class",
      required = false,
      persist = false,
      description = "What to explain; empty for the most likely class.")
  private String category = "";

  @Parameter(
      label = "Window",
      persist = false,
      description =
          "Width and height of what is hidden at once, pixels; 0 for a sixth of the image.")
  private int window = 0;

  @Parameter(
      label = "Stride",
      persist = false,
      description = "From one window to the next, pixels; 0 for a third of the window.")
  private int stride = 0;

  @Parameter(
      label = "Shown instead",
      choices = {"mean", "grey", "blur"},
      persist = false,
      description = "What takes the place of what is hidden.")
  private String fill = "mean";

  @Parameter(
      label = "Channel",
      persist = false,
      description =
          "auto: all channels, which must be as many as the model expects; grey: all in one; or"
              + " the number of a channel.")
  private String channel = "auto";

  @Parameter(type = ItemIO.OUTPUT, label = "Saliency", description = "How much pixels matter.")
  private ImagePlus saliency;

  @Parameter private StatusService statusService;
  @Parameter private TaskService taskService;
  @Parameter private ThreadService threadService;

  /** Puts the known models that suit into the dialog. */
  void offerModels() {
    model = Models.offer(getInfo().getMutableInput("model", String.class), model, ImageTask.class);
  }

  /**
   * Blocks until all is done.
   *
   * @throws SpyhopException if something is wrong with the image or the parameters
   */
  @Override
  public void run() {
    ImageCheck.require(image);
    ChannelChoice choice = ChannelChoice.parse(channel);
    Occlusion occlusion = new Occlusion(window, stride, Occlusion.Fill.parse(fill));
    Models.require(model, ImageTask.class);
    Optional<String> name = Optional.of(category.strip()).filter(c -> !c.isEmpty());
    try (Explainer explainer = Explainer.open(model.strip());
        CommandProgress progress =
            new CommandProgress(
                statusService, taskService, "Spyhop Saliency Map", this::isCanceled)) {
      ModelSpec.Input input = explainer.runner().spec().input();
      Frame frame =
          Frames.of(image, choice, input.channels(), input.colors())
              .get(image.getZ(), image.getT());
      Rectangle part = part();
      Occlusion fitted = occlusion.fittedTo(part.width, part.height);
      SaliencyMap map =
          explainer.explain(
              frame.crop(part.x, part.y, part.width, part.height), name, fitted, progress);
      IJ.log(
          Strings.format(
              "Spyhop: %s is %s (%.4g); hiding a part of %d pixels lowers it by up to %.4g; on %s",
              frame.name(),
              map.name(),
              map.score(),
              fitted.window(),
              map.largest(),
              explainer.runner().device()));
      show(whole(map, part));
    } catch (CancellationException e) {
      Cancellations.end(this, "Spyhop Saliency Map was cancelled; nothing was changed.");
    }
  }

  /** What the network is shown. */
  private Rectangle part() {
    Rectangle all = new Rectangle(image.getWidth(), image.getHeight());
    Roi roi = image.getRoi();
    if (roi == null || !roi.isArea()) return all;
    Rectangle part = roi.getBounds().intersection(all);
    if (!part.isEmpty()) return part;
    throw new SpyhopException(
        "Selection: expected one within " + image.getTitle() + ", received one outside. Move it.");
  }

  /** The map in its place; 0 around it. */
  private float[] whole(SaliencyMap map, Rectangle part) {
    float[] values = new float[image.getWidth() * image.getHeight()];
    for (int y = 0; y < part.height; y++) {
      System.arraycopy(
          map.values(),
          y * part.width,
          values,
          (part.y + y) * image.getWidth() + part.x,
          part.width);
    }
    return values;
  }

  private void show(float[] values) {
    String title = image.getShortTitle() + "_saliency";
    saliency = HeatMaps.image(image, title, values);
    CommandOverlay.replace(
        image, "saliency", HeatMaps.overlay(image, image.getZ(), image.getT(), values));
    if (Interpreter.isBatchMode() || GraphicsEnvironment.isHeadless()) {
      ImageCheck.makeCurrent(saliency, threadService);
    }
  }
}
