package sc.fiji.spyhop.command;

import ij.ImagePlus;
import ij.WindowManager;
import java.util.List;
import java.util.Locale;
import org.scijava.ItemIO;
import org.scijava.ItemVisibility;
import org.scijava.command.Command;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;
import sc.fiji.spyhop.generate.style.StyleOptions;
import sc.fiji.spyhop.generate.style.StyleTransfer;
import sc.fiji.spyhop.generate.style.StyledImage;
import sc.fiji.spyhop.ij.ChannelChoice;
import sc.fiji.spyhop.ij.FrameImages;
import sc.fiji.spyhop.ij.Frames;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.job.Caller;
import sc.fiji.spyhop.job.SettingException;
import sc.fiji.spyhop.job.StoppedException;
import sc.fiji.spyhop.job.batch.BatchJob;
import sc.fiji.spyhop.job.batch.ExplainJob;
import sc.fiji.spyhop.job.batch.StyleJob;
import sc.fiji.spyhop.task.Task;

/**
 * Paints an image in the style of another. In a macro:
 *
 * <pre>run("Spyhop Transfer Style", "style=[/data/painting.png] iterations=200");</pre>
 */
@Plugin(
    type = Command.class,
    menuPath = "Plugins>Spyhop>Spyhop Transfer Style",
    headless = true,
    initializer = "offer",
    description =
        "Paints an image anew in the style of another, such as a photograph in a painter's.")
public final class TransferStyleCommand extends LookCommand {

  @Parameter(label = "Image", description = "The image that is painted; of a stack, one slice.")
  private ImagePlus image;

  @Parameter(
      label = "Style",
      style = ModelChoice.STYLE,
      persist = false,
      description = "The image whose style it is: title of one that is open, or a file.")
  @InShell("FILE")
  private String style = "";

  @Parameter(
      label = "Model",
      style = ModelChoice.STYLE,
      required = false,
      persist = false,
      description =
          "Name of a model, or path of its .spyhop file, by whose network images are compared; empty"
              + " for vgg19 if it was downloaded, or else nuclei-tissue.")
  @InShell("NAME|FILE")
  private String model = "";

  @Parameter(
      label = "Strength of the style",
      min = "0",
      persist = false,
      description = "How much the style counts; the content counts 1.")
  private double strength = StyleOptions.DEFAULT.strength();

  @Parameter(
      label = "Iterations",
      min = "1",
      max = "100000",
      persist = false,
      description = "How many steps are made.")
  private int iterations = StyleOptions.DEFAULT.iterations();

  @Parameter(
      label = "Size (pixels)",
      min = "0",
      max = "16384",
      persist = false,
      description =
          "Longer side of the result: larger images are made smaller first, since time and memory"
              + " grow with the area; 0 for that of the image.")
  private int size = StyleOptions.DEFAULT.size();

  @Parameter(
      label = "Colours",
      choices = {"style", "luminance", "match"},
      persist = false,
      description =
          "style: those of the style; luminance: those of the image, only its brightness is painted;"
              + " match: the style is given the colours of the image first.")
  private String colors = "style";

  @Parameter(
      label = "Begin with",
      choices = {"image", "noise"},
      persist = false,
      description = "image: the image itself; noise: random pixels, so that less of it is kept.")
  private String start = "image";

  @Parameter(
      label = "Show every so many steps",
      min = "0",
      max = "100000",
      persist = false,
      description =
          "Also makes a stack of how it became so, a slice after so many steps; 0 for none.")
  private int steps = 0;

  @Parameter(
      label = "Results table",
      persist = false,
      description = "Adds a row to the Results table.")
  @InImageJ
  private boolean table = true;

  @Parameter(
      label = "Smoothness",
      visibility = ItemVisibility.INVISIBLE,
      min = "0",
      persist = false,
      description = "How much differences between neighbouring pixels count: more for less noise.")
  private double smoothness = StyleOptions.DEFAULT.smoothness();

  @Parameter(
      label = "Brush (pixels)",
      visibility = ItemVisibility.INVISIBLE,
      min = "0",
      max = "16384",
      persist = false,
      description =
          "Longer side in which the style is looked at: less for finer strokes; 0 for the size of the"
              + " result.")
  private int brush = 0;

  @Parameter(
      label = "Optimizer",
      visibility = ItemVisibility.INVISIBLE,
      choices = {"lbfgs", "adam"},
      persist = false,
      description = "How pixels are looked for. lbfgs takes fewer steps, adam less memory.")
  private String optimizer = "lbfgs";

  @Parameter(
      label = "Pooling",
      visibility = ItemVisibility.INVISIBLE,
      choices = {"average", "max"},
      persist = false,
      description =
          "What becomes of windows in the network. average: their mean, which is smoother; max: their"
              + " maximum, if the network has learnt so.")
  private String pooling = "average";

  @Parameter(
      label = "Content layers",
      visibility = ItemVisibility.INVISIBLE,
      required = false,
      persist = false,
      description =
          "Layers that tell what is to be seen, with commas, each perhaps with its weight, as in"
              + " conv4_2_relu:0.5; empty for conv4_2 of VGG-19, of others the last on the scale of 8"
              + " pixels.")
  @InShell("NAME[:WEIGHT],...")
  private String contentlayers = "";

  @Parameter(
      label = "Style layers",
      visibility = ItemVisibility.INVISIBLE,
      required = false,
      persist = false,
      description =
          "Layers that tell how it is painted, likewise; empty for conv1_1 to conv5_1 of VGG-19, of"
              + " others the last on each scale up to 16 pixels.")
  @InShell("NAME[:WEIGHT],...")
  private String stylelayers = "";

  @Parameter(
      label = "Seed",
      visibility = ItemVisibility.INVISIBLE,
      persist = false,
      description = "Of the noise that is begun with; the same seed gives the same result.")
  private long seed = StyleOptions.DEFAULT.seed();

  @Parameter(
      label = "Slice",
      visibility = ItemVisibility.INVISIBLE,
      min = "0",
      persist = false,
      description = "Slice of a stack; 0 for the current one, of files the first.")
  private int slice = 0;

  @Parameter(
      label = "Frame",
      visibility = ItemVisibility.INVISIBLE,
      min = "0",
      persist = false,
      description = "Time point; 0 for the current one, of files the first.")
  private int frame = 0;

  @Parameter(type = ItemIO.OUTPUT, label = "Painted", description = "The image in that style.")
  private ImagePlus painted;

  @Parameter(type = ItemIO.OUTPUT, label = "Steps", description = "How it became so.")
  private ImagePlus pictures;

  /** Puts the open images and the known models into the dialog. */
  void offer() {
    offer("style", List.of(WindowManager.getImageTitles()), "");
    ModelChoice.offer(this, "model", Task.class);
  }

  @Override
  void check() {
    options();
    if (style.isBlank()) {
      throw SettingException.missing("style", "an image whose style it is", "/path/to/it.png");
    }
  }

  private StyleOptions options() {
    return new StyleOptions(
        size,
        brush,
        strength,
        smoothness,
        iterations,
        StyleOptions.Palette.valueOf(upper(colors)),
        StyleOptions.Start.valueOf(upper(start)),
        StyleOptions.Optimizer.valueOf(upper(optimizer)),
        pooling.equals("average"),
        contentlayers.strip(),
        stylelayers.strip(),
        steps,
        seed);
  }

  private static String upper(String choice) {
    return choice.toUpperCase(Locale.ROOT);
  }

  @Override
  ChannelChoice channels() {
    return ChannelChoice.AUTO;
  }

  @Override
  String activity() {
    return "Painting";
  }

  @Override
  BatchJob job(Caller caller) {
    return new StyleJob(
        model.strip(),
        OpenImages.file("style", style),
        options(),
        Math.max(1, slice),
        Math.max(1, frame));
  }

  @Override
  void work(Caller caller) {
    try (ImageCheck.Held held = ImageCheck.hold(image)) {
      paint(caller);
    }
  }

  private void paint(Caller caller) {
    ImagePlus painting = OpenImages.openOrFile("style", "Style", style);
    StyledImage found;
    int z;
    int t;
    String device;
    String by;
    try (StyleTransfer transfer = StyleTransfer.of(StyleTransfer.model(model), options());
        Caller.Shown progress = caller.progress(activity());
        StylePreview preview = new StylePreview(image.getShortTitle() + "_style")) {
      Frames frames = StyleJob.frames(image, transfer.channels());
      z = slice == 0 ? image.getZ() : ExplainJob.within("slice", slice, frames.slices());
      t = frame == 0 ? image.getT() : ExplainJob.within("frame", frame, frames.timePoints());
      Frame brushed =
          StyleJob.frames(painting, transfer.channels()).get(painting.getZ(), painting.getT());
      found = transfer.paint(frames.get(z, t), brushed, preview, progress);
      device = transfer.device().name();
      by = transfer.model().spec().name() + " (" + transfer.layers().text() + ")";
    }
    show(found);
    if (table) {
      ResultsWindow.show(
          image, StyleJob.columns(), StyleJob.found(image.getTitle(), z, t, found), device);
    }
    String said =
        image.getTitle() + ": " + StyleJob.summary(found) + "; by " + by + " on " + device;
    if (found.stopped())
      throw new StoppedException(said + "; it was stopped, and is kept as it is.");
    caller.seen(said);
  }

  private void show(StyledImage found) {
    if (!found.pictures().isEmpty()) {
      pictures = StyleJob.steps(image.getShortTitle() + "_steps", found);
      makeCurrent(pictures);
    }
    painted = FrameImages.of(found.image());
    painted.setTitle(image.getShortTitle() + "_style");
    makeCurrent(painted);
  }
}
