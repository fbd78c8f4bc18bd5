package sc.fiji.spyhop.command;

import ij.ImagePlus;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.scijava.ItemVisibility;
import org.scijava.command.Command;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.dataset.Augmentation;
import sc.fiji.spyhop.dataset.Dataset;
import sc.fiji.spyhop.dataset.ImagePairs;
import sc.fiji.spyhop.dataset.Sample;
import sc.fiji.spyhop.dataset.Split;
import sc.fiji.spyhop.ij.ChannelChoice;
import sc.fiji.spyhop.ij.Frames;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.Normalization;
import sc.fiji.spyhop.image.NormalizationPlugin;
import sc.fiji.spyhop.job.Caller;
import sc.fiji.spyhop.job.SettingException;
import sc.fiji.spyhop.model.ModelRegistry;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.task.Restoration;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.training.ImageInputs;
import sc.fiji.spyhop.training.RestorationNetwork;
import sc.fiji.spyhop.training.RestorationUnits;
import sc.fiji.spyhop.training.TrainingOptions;
import sc.fiji.spyhop.util.Strings;

/**
 * Trains a model that restores images: on images and others that show how they should be, or on
 * noisy images alone. In a macro:
 *
 * <pre>run("Spyhop Train Restorer", "data=/data/exposures output=/data/denoise.spyhop");</pre>
 */
@Plugin(
    type = Command.class,
    menuPath = "Plugins>Spyhop>Spyhop Train Restorer",
    headless = true,
    initializer = "offer",
    description = "Trains a model that restores images: without noise, sharper, or stained.")
public final class TrainRestorerCommand extends TrainModelCommand<Frame> {

  @Parameter(
      label = "Method",
      choices = {"pairs", "blindspots"},
      persist = false,
      description =
          "pairs: from images and targets, which show how they should be (CARE); blindspots: from"
              + " noisy images alone, whose pixels are told from those around (Noise2Void).")
  private String method = "pairs";

  @Parameter(
      label = "Targets",
      style = ModelChoice.STYLE,
      required = false,
      persist = false,
      description =
          "Name of the folder of targets in the data, empty for target, high or clean; of an open"
              + " image, the title of the open target, slice by slice.")
  @InShell("NAME")
  private String target = "";

  @Parameter(
      label = "Error",
      required = false,
      persist = false,
      description =
          "What is to become small: l2, the squared error; l1, the absolute error; ssim, 1 -"
              + " structural similarity; or several with weights, such as l1:0.2,ssim:0.8.")
  @InShell("l1|l2|ssim,...")
  private String error = "l2";

  @Parameter(
      label = "Folder of images",
      visibility = ItemVisibility.INVISIBLE,
      required = false,
      persist = false,
      description = "Name of the folder of images in the data; empty for input, low or noisy.")
  @InShell("NAME")
  private String input = "";

  @Parameter(
      label = "Units of the result",
      visibility = ItemVisibility.INVISIBLE,
      choices = {"auto", "image", "target"},
      persist = false,
      description =
          "What values of restored images mean. image: the same as those of the image, however bright"
              + " it is; target: what those of the targets do; auto: image where targets have about"
              + " the same values.")
  private String units = "auto";

  @Parameter(
      label = "Network",
      visibility = ItemVisibility.INVISIBLE,
      choices = {"unet", "care"},
      persist = false,
      description =
          "Architecture of the network; care is shallower and wider, without batch normalization.")
  private String network = "unet";

  @Parameter(
      label = "Residual",
      visibility = ItemVisibility.INVISIBLE,
      choices = {"auto", "true", "false"},
      persist = false,
      description =
          "Whether the network tells the difference to the image, which is then added; auto: from pairs"
              + " where channels are as many and values of the image are told.")
  private String residual = "auto";

  @Parameter(
      label = "Size of crops (pixels)",
      visibility = ItemVisibility.INVISIBLE,
      min = "1",
      max = "16384",
      persist = false,
      description = "Width and height of crops; a multiple of 32 is best.")
  private int crop = TrainingOptions.RESTORATION.crop();

  @Parameter(
      label = "Widths of the network",
      visibility = ItemVisibility.INVISIBLE,
      required = false,
      persist = false,
      description =
          "Channels of each level, finest first, with commas; each level halves the image. Empty for"
              + " 16,32,64,128,256 or, with care, 32,64,128.")
  @InShell("N,...")
  private String widths = "";

  @Parameter(
      label = "Weights to start from",
      visibility = ItemVisibility.INVISIBLE,
      required = false,
      persist = false,
      description =
          "Name or file of a model of the same network and task; empty for random weights.")
  @InShell("NAME|FILE")
  private String start = "";

  @Parameter(
      label = "Normalization",
      choices = {"percentile", "min_max", "z_score"},
      visibility = ItemVisibility.INVISIBLE,
      persist = false,
      description =
          "How intensities of each image are normalized; percentile: 1 to 99.8. Plugins may"
              + " bring more, with settings such as logarithm(floor=5).")
  @FromPlugins(NormalizationPlugin.class)
  private String normalization = "percentile";

  /** Made by ImageJ and by the shell, which then fill in the parameters. */
  public TrainRestorerCommand() {
    super(TrainingOptions.RESTORATION);
  }

  /** Puts the open images into the dialog. */
  void offer() {
    offerImages();
    OpenImages.offer(this, "target");
  }

  private boolean blind() {
    return method.equals("blindspots");
  }

  private Restoration.Errors errors() {
    return setting("error", () -> Restoration.Errors.parse(error.isBlank() ? "l2" : error));
  }

  /** Of one channel, as far as it is known before images are read. */
  private Restoration task(int channels) {
    Restoration task = Restoration.of(channels);
    return setting(
        "error",
        () -> blind() ? task.withErrors(errors()).withBlindSpots() : task.withErrors(errors()));
  }

  @Override
  void check() {
    super.check();
    integers("widths", widths);
    requireLossFor(task(1));
    if (blind() && !target.isBlank()) {
      throw SettingException.wrong(
          "target",
          "from blind spots images alone are learnt from: expected none, or the method pairs.");
    }
    if (blind() && units.equals("target")) {
      throw SettingException.wrong("units", "from blind spots there are none of a target.");
    }
    if (!image().isBlank() && !data().getPath().isBlank()) {
      throw SettingException.wrong(
          "data", "it and an open image exclude each other. Empty one of them.");
    }
    if (!image().isBlank() && !blind() && target.isBlank()) {
      throw SettingException.wrong(
          "target", "expected the title of the open image that shows how it should be.");
    }
  }

  @Override
  TrainingOptions options() {
    return options(epochs(), seed(), Augmentation.TURNS).with().crop(crop).build();
  }

  /** Open images are read where they are. */
  @Override
  TrainingData source(Caller caller) {
    return image().isBlank()
        ? TrainingData.of(this, marks -> null, true, caller)
        : new TrainingData(Path.of("").toAbsolutePath(), image().strip(), Optional.empty());
  }

  @Override
  Plan<Frame> plan(TrainingData source, Caller caller, Progress progress) {
    Split<Frame> split =
        split(
            source,
            read(source, subset(), caller),
            name -> read(source, Optional.of(name), caller),
            caller,
            progress);
    Normalization each =
        setting("normalization", () -> Normalization.ofEachImage(normalization)).orElseThrow();
    Sample<Frame> first = split.train().get(0);
    int channels = first.frame().channels();
    Restoration task =
        task(first.truth().channels()).withUnits(units(split.train(), each, progress));
    if (!blind() && units.equals("auto") && !task.units().ofImage()) {
      caller.note(
          "Targets have other values than images: restored images have values like the targets.");
    }
    List<Integer> levels = integers("widths", widths);
    RestorationNetwork design =
        residual.equals("auto")
            ? RestorationNetwork.suited(network, levels, channels, task)
            : new RestorationNetwork(network, levels, residual.equals("true"));
    Network made = design.network(channels, task);
    return new Plan<>(
        task,
        made,
        word(start)
            .map(s -> ModelRegistry.standard().find(s).weights())
            .or(() -> Optional.of(design.start(made, seed()))),
        new ModelSpec.Input(
            Axes.NCHW, channels, each, ImageInputs.pixelSize(split.train(), progress)),
        split,
        options());
  }

  private Restoration.Units units(Dataset<Frame> images, Normalization each, Progress progress) {
    if (blind() || units.equals("image")) return Restoration.Units.OF_IMAGE;
    return units.equals("target")
        ? RestorationUnits.ofTargets(images, progress)
        : RestorationUnits.of(images, each, progress);
  }

  private Dataset<Frame> read(TrainingData source, Optional<String> part, Caller caller) {
    if (!image().isBlank()) return open();
    ImagePairs found =
        blind()
            ? ImagePairs.alone(source.folder(), index(), part, reader())
            : ImagePairs.read(
                source.folder(),
                new ImagePairs.Places(word(input), word(target)),
                index(),
                part,
                reader());
    found.notes().forEach(caller::note);
    return found.samples();
  }

  /** Slices of open images, as they are now. */
  private Dataset<Frame> open() {
    Frames images = frames(OpenImages.find("Image", image()));
    if (blind()) return Dataset.ofSamples(samples(images, images));
    Frames targets = frames(OpenImages.find("Targets", target));
    if (images.slices() != targets.slices() || images.timePoints() != targets.timePoints()) {
      throw new SpyhopException(
          Strings.format(
              "%s has %d slices and %d time points, its target %s has %d and %d: expected as many.",
              image().strip(),
              images.slices(),
              images.timePoints(),
              target.strip(),
              targets.slices(),
              targets.timePoints()));
    }
    return Dataset.ofSamples(samples(images, targets));
  }

  private Frames frames(ImagePlus image) {
    String title = image.getTitle();
    ImagePlus copy = image.crop("stack");
    copy.setTitle(title);
    ChannelChoice choice = channels();
    return choice.equals(ChannelChoice.AUTO) ? Frames.of(copy) : Frames.of(copy, choice, 1);
  }

  private static List<Sample<Frame>> samples(Frames images, Frames targets) {
    List<Sample<Frame>> samples = new ArrayList<>();
    for (int t = 1; t <= images.timePoints(); t++) {
      for (int z = 1; z <= images.slices(); z++) {
        Frame frame = images.get(z, t);
        samples.add(
            Sample.of(frame, images == targets ? frame : targets.get(z, t).withName(frame.name())));
      }
    }
    return samples;
  }
}
