package sc.fiji.spyhop.command;

import ij.ImagePlus;
import ij.WindowManager;
import java.util.List;
import org.scijava.ItemIO;
import org.scijava.command.Command;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;
import sc.fiji.spyhop.ij.ChannelChoice;
import sc.fiji.spyhop.image.stain.StainLook;
import sc.fiji.spyhop.image.stain.StainMethod;
import sc.fiji.spyhop.job.Caller;
import sc.fiji.spyhop.job.SettingException;
import sc.fiji.spyhop.job.batch.BatchJob;
import sc.fiji.spyhop.job.batch.StainJob;

/**
 * Brings the colours of stained tissue to those of a reference. In a macro:
 *
 * <pre>run("Spyhop Normalize Stain", "reference=[/data/slide1.png] method=macenko");</pre>
 */
@Plugin(
    type = Command.class,
    menuPath = "Plugins>Spyhop>Spyhop Normalize Stain",
    headless = true,
    initializer = "offer",
    description = "Brings the colours of stained tissue to those of a reference image.")
public final class NormalizeStainCommand extends LookCommand {

  @Parameter(label = "Image", description = "The image, in RGB; stacks are done slice by slice.")
  private ImagePlus image;

  @Parameter(
      label = "Reference",
      style = ModelChoice.STYLE,
      persist = false,
      description = "The image that it is to look like: title of one that is open, or a file.")
  @InShell("FILE")
  private String reference = "";

  @Parameter(
      label = "Method",
      choices = {"macenko", "reinhard"},
      persist = false,
      description =
          "macenko: by what two stains absorb, such as haematoxylin and eosin; reinhard: by mean and"
              + " deviation of colours, whatever the stains.")
  private String method = "macenko";

  @Parameter(
      label = "Results table",
      persist = false,
      description = "Adds a row for each slice to the Results table.")
  @InImageJ
  private boolean table = true;

  @Parameter(
      type = ItemIO.OUTPUT,
      label = "Normalized",
      description = "The image in these colours.")
  private ImagePlus normalized;

  /** Puts the open images into the dialog. */
  void offer() {
    offer("reference", List.of(WindowManager.getImageTitles()), "");
  }

  @Override
  void check() {
    if (reference.isBlank()) {
      throw SettingException.missing(
          "reference", "an image that it is to look like", "/path/to/it.png");
    }
  }

  @Override
  ChannelChoice channels() {
    return ChannelChoice.AUTO;
  }

  @Override
  String activity() {
    return "Normalizing stains";
  }

  @Override
  BatchJob job(Caller caller) {
    return new StainJob(StainMethod.of(method), OpenImages.file("reference", reference));
  }

  @Override
  void work(Caller caller) {
    try (ImageCheck.Held held = ImageCheck.hold(image);
        Caller.Shown progress = caller.progress(activity())) {
      StainLook look =
          StainJob.look(
              OpenImages.openOrFile("reference", "Reference", reference), StainMethod.of(method));
      StainJob.Stained found =
          StainJob.found(image.getTitle(), StainJob.frames(image), look, progress);
      normalized = found.image();
      makeCurrent(normalized);
      if (table) ResultsWindow.show(image, StainJob.columns(), found, "CPU");
      caller.seen(image.getTitle() + ": " + found.summary());
    }
  }
}
