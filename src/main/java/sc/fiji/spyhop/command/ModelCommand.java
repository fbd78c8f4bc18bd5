package sc.fiji.spyhop.command;

import ij.ImagePlus;
import java.util.List;
import org.scijava.plugin.Parameter;
import sc.fiji.spyhop.ij.ChannelChoice;
import sc.fiji.spyhop.ij.Frames;
import sc.fiji.spyhop.inference.ShownScale;
import sc.fiji.spyhop.job.Caller;
import sc.fiji.spyhop.model.ModelSpec;

/** Looks at an open image, or at files, with a model. */
abstract class ModelCommand extends LookCommand {

  @Parameter(label = "Image", description = "The image; stacks are done slice by slice.")
  private ImagePlus image;

  @Parameter(
      label = "Model",
      style = ModelChoice.STYLE,
      persist = false,
      description = "Name of a model, or path of its .spyhop file.")
  @InShell("NAME|FILE")
  private String model;

  @Parameter(label = "Channel", persist = false, description = CHANNEL_HELP)
  @InShell(value = "N", flags = "--grey=grey")
  private String channel = "auto";

  private Caller asking;

  /**
   * @param model the default; empty for none
   */
  ModelCommand(String model) {
    this.model = model;
  }

  /** What the model has to be for. */
  abstract Class<?> kind();

  /** Looks at the open image. */
  abstract void look(Caller caller);

  /** Whether the image is shown to the model in its own scale. */
  boolean scales() {
    return false;
  }

  /** Puts the known models into the dialog. */
  void offerModels() {
    model = ModelChoice.offer(this, "model", model, kind());
  }

  @Override
  final void work(Caller caller) {
    asking = caller;
    try (ImageCheck.Held held = ImageCheck.hold(image)) {
      look(caller);
    }
  }

  @Override
  void check() {
    channels();
    ModelChoice.require(model, kind());
  }

  @Override
  final ChannelChoice channels() {
    return channels(channel);
  }

  final ImagePlus image() {
    return image;
  }

  final String model() {
    return model.strip();
  }

  /**
   * Tells of an image that is unlike those that the model learned from.
   *
   * @param unlike in which respects, see {@link ShownScale#unlike}
   */
  final void warn(ModelSpec of, List<String> unlike) {
    ShownScale.warning(of.name(), unlike)
        .ifPresent(warning -> asking.note(image.getTitle() + ": " + warning));
  }

  /** The image as a model wants it. */
  Frames frames(ModelSpec.Input input) {
    if (!scales()) Frames.pixelSize(image).shownTo(input.pixelSize()).ifPresent(asking::note);
    return Frames.of(image, channels(), input.channels(), input.colors());
  }
}
