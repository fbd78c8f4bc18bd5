package sc.fiji.spyhop.command;

import org.scijava.command.Command;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;
import sc.fiji.spyhop.explain.Explanation;
import sc.fiji.spyhop.explain.Occlusion;

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
    description = "Finds the regions of images that a prediction depends on.")
public final class SaliencyMapCommand extends ExplainCommand {

  @Parameter(
      label = "Window (pixels)",
      min = "0",
      persist = false,
      description =
          "Width and height of what is hidden at once, pixels; 0 for a sixth of the image.")
  private int window = 0;

  @Parameter(
      label = "Stride (pixels)",
      min = "0",
      persist = false,
      description = "From one window to the next, pixels; 0 for a third of the window.")
  private int stride = 0;

  @Parameter(
      label = "Shown instead",
      choices = {"mean", "grey", "blur"},
      persist = false,
      description = "What takes the place of what is hidden.")
  private String fill = "mean";

  @Override
  Explanation explanation() {
    return new Occlusion(window, stride, Occlusion.Fill.parse(fill));
  }
}
