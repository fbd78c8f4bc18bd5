package sc.fiji.spyhop.command;

import java.io.File;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.scijava.ItemVisibility;
import org.scijava.command.Command;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.dataset.Dataset;
import sc.fiji.spyhop.dataset.SegmentationFolder;
import sc.fiji.spyhop.generate.adversarial.AdversarialNetworks;
import sc.fiji.spyhop.generate.adversarial.AdversarialOptions;
import sc.fiji.spyhop.generate.adversarial.AdversarialTraining;
import sc.fiji.spyhop.generate.adversarial.GeneratorLessons;
import sc.fiji.spyhop.generate.adversarial.RealView;
import sc.fiji.spyhop.generate.rendering.Pixels;
import sc.fiji.spyhop.generate.rendering.RenderNetwork;
import sc.fiji.spyhop.ij.ChannelChoice;
import sc.fiji.spyhop.ij.ImageFiles;
import sc.fiji.spyhop.image.Colors;
import sc.fiji.spyhop.image.PixelSize;
import sc.fiji.spyhop.job.Caller;
import sc.fiji.spyhop.job.GeneratorLearning;
import sc.fiji.spyhop.job.ModelTarget;
import sc.fiji.spyhop.job.SettingException;
import sc.fiji.spyhop.model.GeneratorSpec;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.prediction.LabelMap;
import sc.fiji.spyhop.training.Checkpoints;
import sc.fiji.spyhop.training.GeneratorTraining;
import sc.fiji.spyhop.training.ModelTraining;
import sc.fiji.spyhop.util.FileNames;
import sc.fiji.spyhop.util.Folders;
import sc.fiji.spyhop.util.Version;

/**
 * Trains a model that makes images like those it is shown. In a macro:
 *
 * <pre>
 * run("Spyhop Train Generator", "data=/data/cells output=/data/cells.spyhop size=64 symmetry=all");
 * </pre>
 */
@Plugin(
    type = Command.class,
    menuPath = "Plugins>Spyhop>Spyhop Train Generator",
    headless = true,
    description = "Trains a model that makes images like those it is shown (DCGAN).")
public final class TrainGeneratorCommand extends AboutCommand {

  private static final AdversarialOptions DEFAULT = AdversarialOptions.DEFAULT;

  @Parameter(
      label = "Images",
      style = "directory",
      persist = false,
      description =
          "Folder of images, searched to any depth, or of files as those of MNIST; with label images,"
              + " of pairs of both.")
  @InShell("DIR")
  private File data = new File("");

  @Parameter(
      label = "Model to write",
      style = "save",
      persist = false,
      description = "Model to write: a file that ends in .spyhop.")
  private File output = new File("");

  @Parameter(
      label = "Size (pixels)",
      min = "0",
      max = "512",
      persist = false,
      description =
          "Width and height of the images that are made, such as 28, 32, 64 or 128; 0 for that of the"
              + " images, or the nearest one that suits.")
  @InShell("N")
  private int size;

  @Parameter(
      label = "Parts of images",
      persist = false,
      description =
          "Learns parts of that size as they are, at places that are drawn each time, instead of"
              + " whole images, cropped to a square and resized.")
  private boolean crops = false;

  @Parameter(
      label = "With label images",
      persist = false,
      description =
          "Learns images together with the label images of their objects, and makes both: images to"
              + " train with.")
  private boolean labels = false;

  @Parameter(
      label = "Mirror and turn",
      choices = {"none", "mirror", "all"},
      persist = false,
      description =
          "Shows images as they are, mirrored as well, or in all eight orientations of a square: for"
              + " images that have no up.")
  private String symmetry = "none";

  @Parameter(
      label = "Epochs",
      min = "1",
      persist = false,
      description = "How often every image is shown about once.")
  private int epochs = DEFAULT.epochs();

  @Parameter(
      label = "Replace what exists",
      persist = false,
      description = "Replaces a model or a training that exists; else it is left as it is.")
  @InShell(names = "--force")
  private boolean replace = false;

  @Parameter(
      label = "Resume an interrupted training",
      persist = false,
      description = "Goes on after the last epoch that was completed.")
  private boolean resume = false;

  @Parameter(
      label = "Intensities",
      choices = {"common", "each"},
      visibility = ItemVisibility.INVISIBLE,
      persist = false,
      description =
          "common: pixel values as they are, in a range common to all images; each: the range of each"
              + " image, from percentile 1 to 99.8, becomes the whole range of 8 bits.")
  private String intensity = "common";

  @Parameter(
      label = "Subset",
      visibility = ItemVisibility.INVISIBLE,
      required = false,
      persist = false,
      description =
          "Only this subset: of MNIST train or test; with label images one of index.csv; else a"
              + " folder of the data. Empty for all.")
  @InShell("NAME")
  private String subset = "";

  @Parameter(
      label = "Channel",
      visibility = ItemVisibility.INVISIBLE,
      persist = false,
      description =
          "Which channels to learn from: auto for all; grey for one made of all; or the number of"
              + " one.")
  @InShell(value = "N", flags = "--grey=grey")
  private String channel = "auto";

  @Parameter(
      label = "Seed",
      visibility = ItemVisibility.INVISIBLE,
      persist = false,
      description = "With the same seed, the same choices are made at random.")
  private long seed = DEFAULT.seed();

  @Parameter(
      label = "Numbers of noise",
      visibility = ItemVisibility.INVISIBLE,
      min = "1",
      max = "10000",
      persist = false,
      description = "How many numbers drawn at random an image is made from.")
  private int noise = 100;

  @Parameter(
      label = "Channels of the networks",
      visibility = ItemVisibility.INVISIBLE,
      min = "1",
      max = "1024",
      persist = false,
      description =
          "Channels of the largest maps, doubled with each halving, up to eight times as many: more"
              + " for more detail, which takes longer.")
  private int width = 64;

  @Parameter(
      label = "Generator",
      visibility = ItemVisibility.INVISIBLE,
      required = false,
      persist = false,
      description =
          "Layers from 1 x 1 to the image, such as 128T7v BN 64T4/2 BN 1T4/2 tanh, see"
              + " docs/notation.md; empty for those of DCGAN. Needs a discriminator and a size.")
  @InShell("LAYERS")
  private String generator = "";

  @Parameter(
      label = "Discriminator",
      visibility = ItemVisibility.INVISIBLE,
      required = false,
      persist = false,
      description =
          "Layers from the image to one number, such as 64C4/2s lrelu 128C4/2s BN lrelu 1C7v linear;"
              + " empty for those of DCGAN.")
  @InShell("LAYERS")
  private String discriminator = "";

  @Parameter(
      label = "Minibatches per epoch",
      visibility = ItemVisibility.INVISIBLE,
      min = "0",
      persist = false,
      description = "Minibatches in an epoch; 0 for as many as show every image about once.")
  private int steps = DEFAULT.stepsPerEpoch();

  @Parameter(
      label = "Minibatch size",
      visibility = ItemVisibility.INVISIBLE,
      min = "2",
      persist = false,
      description = "Images in a minibatch.")
  private int batch = DEFAULT.batch();

  @Parameter(
      label = "Learning rate",
      visibility = ItemVisibility.INVISIBLE,
      min = "0",
      persist = false,
      description = "Learning rate of both networks.")
  private double rate = DEFAULT.learningRate();

  @Parameter(
      label = "Momentum",
      visibility = ItemVisibility.INVISIBLE,
      min = "0",
      max = "0.999",
      persist = false,
      description = "Decay of Adam's average of gradients.")
  private double momentum = DEFAULT.momentum();

  @Parameter(
      label = "Smoothing of labels",
      visibility = ItemVisibility.INVISIBLE,
      min = "0",
      max = "0.49",
      persist = false,
      description =
          "By how much labels of real images are below 1, so that the discriminator is less sure.")
  private double smoothing = DEFAULT.smoothing();

  @Parameter(
      label = "Moving average of weights",
      visibility = ItemVisibility.INVISIBLE,
      min = "0",
      max = "0.99999",
      persist = false,
      description = "Decay of the moving average of the generator's weights; 0 for none.")
  private double averaging = DEFAULT.averaging();

  @Parameter(
      label = "Precision",
      choices = {"auto", "float32", "bfloat16"},
      visibility = ItemVisibility.INVISIBLE,
      persist = false,
      description = LearningCommand.PRECISION_HELP)
  private String precision = "float32";

  @Parameter(
      label = "Folder of checkpoints",
      style = "directory",
      visibility = ItemVisibility.INVISIBLE,
      required = false,
      persist = false,
      description =
          "Folder for history.csv and what is needed to resume; empty for one beside the model, named"
              + " after it.")
  private File checkpoints = new File("");

  @Override
  void check() {
    if (data.getPath().isBlank()) {
      throw SettingException.missing("data", "a path", "/path/to/it");
    }
    if (resume && replace) {
      throw SettingException.wrong("resume", "it and replacing what exists exclude each other.");
    }
    if (generator.isBlank() != discriminator.isBlank()) {
      throw SettingException.wrong(
          generator.isBlank() ? "generator" : "discriminator",
          "expected both networks or none, as they have to fit each other.");
    }
    if (!generator.isBlank() && size == 0) {
      throw SettingException.wrong("size", "expected that of the images that the generator makes.");
    }
    if (generator.isBlank() && size > 0 && !AdversarialNetworks.suits(size)) {
      throw SettingException.wrong(
          "size",
          "expected a size that can be halved down to 4 to 7 pixels, such as "
              + AdversarialNetworks.suiting(size)
              + ", received "
              + size
              + ".");
    }
    options();
    channels(channel);
    precision(precision);
  }

  private AdversarialOptions options() {
    return new AdversarialOptions(epochs, steps, batch, rate, momentum, smoothing, averaging, seed);
  }

  @Override
  void work(Caller caller) {
    ModelTarget target = ModelTarget.of(output, replace || resume);
    about(target);
    Folders.require(data.toPath().toAbsolutePath(), "a folder of images");
    caller.train(
        target.name(),
        new GeneratorLearning(
            target,
            checkpoints(target),
            precision(precision),
            p -> labels ? labelled(target, caller, p) : plain(target, caller, p)));
  }

  private Checkpoints checkpoints(ModelTarget target) {
    Path folder = target.trainingFolder(word(checkpoints.getPath()).map(Path::of));
    if (resume) {
      Checkpoints kept = Checkpoints.resumeIn(folder);
      kept.requireResumable();
      return kept;
    }
    if (!replace && ModelTarget.holdsTraining(folder)) throw ModelTarget.canBeResumed(folder);
    return Checkpoints.startIn(folder);
  }

  private Path folder() {
    return data.toPath().toAbsolutePath();
  }

  private ImageFiles reader() {
    ChannelChoice choice = channels(channel);
    return choice.equals(ChannelChoice.AUTO) ? new ImageFiles() : new ImageFiles(choice, 1);
  }

  private GeneratorTraining labelled(ModelTarget target, Caller caller, Progress progress) {
    Dataset<LabelMap> images =
        SegmentationFolder.read(
            folder(), Optional.empty(), word(subset), reader(), LabelMap.UNLABELLED, caller::note);
    return training(target, caller, images, Optional.of(Function.identity()), progress);
  }

  private GeneratorTraining plain(ModelTarget target, Caller caller, Progress progress) {
    return training(
        target, caller, PlainImages.read(folder(), subset, reader()), Optional.empty(), progress);
  }

  private <T> GeneratorTraining training(
      ModelTarget target,
      Caller caller,
      Dataset<T> images,
      Optional<Function<T, LabelMap>> truth,
      Progress progress) {
    Pixels pixels = Pixels.of(images, new RenderNetwork.Side(0, 0), false, progress);
    boolean own = !generator.isBlank();
    int rows = size > 0 ? size : AdversarialNetworks.suiting(pixels.height());
    int columns = size > 0 ? size : AdversarialNetworks.suiting(pixels.width());
    // pixels keep their size where they are shown as they are
    boolean kept = crops || rows == pixels.height() && columns == pixels.width();
    GeneratorSpec.Output made = output(pixels.output(), kept, truth.isPresent());
    Shape image = Shape.of(made.mapChannels(), rows, columns);
    AdversarialNetworks networks =
        own
            ? setting(
                "generator", () -> AdversarialNetworks.of(generator, discriminator, noise, image))
            : setting("size", () -> AdversarialNetworks.dcgan(noise, image, width));
    RealView<T> view =
        setting(
            "symmetry",
            () ->
                new RealView<>(
                    made,
                    image,
                    crops,
                    intensity.equals("each"),
                    RealView.Symmetry.valueOf(symmetry.toUpperCase(Locale.ROOT)),
                    truth));
    return new GeneratorLessons<>(
        about(target),
        new ModelTraining.Origin(
            caller.request(), "Spyhop " + Version.number(), FileNames.last(folder())),
        made,
        new AdversarialTraining<>(networks, images, view, options()));
  }

  private GeneratorSpec.Output output(GeneratorSpec.Output found, boolean kept, boolean labelled) {
    boolean each = intensity.equals("each");
    return new GeneratorSpec.Output(
        found.channels(),
        found.colors(),
        each ? 0 : found.low(),
        each ? 255 : found.high(),
        each || found.colors() != Colors.NONE ? 8 : found.bits(),
        kept ? found.pixelSize() : PixelSize.UNCALIBRATED,
        labelled ? "object" : "");
  }
}
