package sc.fiji.spyhop.command;

import java.io.File;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.scijava.ItemVisibility;
import org.scijava.plugin.Parameter;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.dataset.Dataset;
import sc.fiji.spyhop.dataset.Grouping;
import sc.fiji.spyhop.dataset.ReadableSamples;
import sc.fiji.spyhop.dataset.Split;
import sc.fiji.spyhop.dataset.Splitter;
import sc.fiji.spyhop.dataset.format.AnnotationFiles;
import sc.fiji.spyhop.ij.ChannelChoice;
import sc.fiji.spyhop.ij.ImageFiles;
import sc.fiji.spyhop.job.Caller;
import sc.fiji.spyhop.job.ModelLearning;
import sc.fiji.spyhop.job.ModelTarget;
import sc.fiji.spyhop.job.SettingException;
import sc.fiji.spyhop.task.Task;
import sc.fiji.spyhop.task.WrittenLoss;
import sc.fiji.spyhop.task.metrics.PluginMetrics;
import sc.fiji.spyhop.training.Checkpoints;
import sc.fiji.spyhop.training.ModelTraining;
import sc.fiji.spyhop.training.TrainingOptions;
import sc.fiji.spyhop.training.TrainingRun;
import sc.fiji.spyhop.util.Version;

/**
 * Trains a model on annotated images: a folder of them, a file that lists them, or an open image.
 */
abstract class TrainCommand extends AugmentCommand {

  /** Of parameters that commands for label images have in common. */
  static final String COMPLETE_HELP =
      "Of an open image: what is not drawn is background. Else it counts as unknown, and some areas"
          + " have to be named background.";

  static final String IGNORE_HELP =
      "Of label images: pixels of this label are not annotated; empty for none but those of which"
          + " the column unknown of index.csv says so.";

  static final String METRICS_HELP =
      "Figures that plugins bring, besides those that there are, with their settings, such as"
          + " miscount; with commas; empty for none.";

  private static final double DEFAULT_VALIDATION = 10;

  @Parameter(
      label = "Annotated images",
      style = "directory",
      persist = false,
      description =
          "Folder of annotated images, or a file that lists them; docs/annotation-formats.md says in"
              + " which formats. To restore: of images and targets, see docs/restoration.md.")
  @InShell("DIR|FILE")
  private File data = new File("");

  @Parameter(
      label = "Or annotated image",
      required = false,
      persist = false,
      description =
          "An open image or stack that is annotated: regions in the ROI Manager or the overlay, or"
              + " labels of slices; to restore, one that is not as it should be. Empty for a folder.")
  @InImageJ
  private String image = "";

  @Parameter(
      label = "Model to write",
      style = "save",
      persist = false,
      description = "Model to write: a file that ends in .spyhop.")
  private File output = new File("");

  @Parameter(
      label = "Subset",
      visibility = ItemVisibility.INVISIBLE,
      required = false,
      persist = false,
      description =
          "Only this subset of the table of images, or this folder of the data (MNIST: train or"
              + " test); empty for all.")
  @InShell("NAME")
  private String subset = "";

  @Parameter(
      label = "Validation set (percent)",
      min = "0",
      max = "99.99",
      persist = false,
      description =
          "Percent of the images to validate on, which are never trained on; a number below 1 is a"
              + " share, such as 0.1.")
  private double validation = DEFAULT_VALIDATION;

  @Parameter(
      label = "Epochs",
      min = "0",
      persist = false,
      description = "How often everything is shown to the network about once; 0 for the default.")
  private int epochs;

  @Parameter(
      label = "Seed",
      visibility = ItemVisibility.INVISIBLE,
      persist = false,
      description = "With the same seed, the same choices are made at random.")
  private long seed;

  @Parameter(
      label = "Replace what exists",
      persist = false,
      description = "Replaces a model or a training that exists; else it is left as it is.")
  @InShell(names = "--force")
  private boolean replace = false;

  @Parameter(
      label = "Validation subset",
      visibility = ItemVisibility.INVISIBLE,
      required = false,
      persist = false,
      description =
          "Validates on this subset of the table, or this folder of the data, instead of a percentage"
              + " of the images.")
  @InShell(names = "--validation-subset", value = "NAME")
  private String holdout = "";

  @Parameter(
      label = "Table of images",
      visibility = ItemVisibility.INVISIBLE,
      required = false,
      persist = false,
      description = "Table of images, a CSV file; empty for index.csv of the data, if it is there.")
  @InShell("CSV")
  private File index = new File("");

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
      label = "Metrics of plugins",
      visibility = ItemVisibility.INVISIBLE,
      required = false,
      persist = false,
      description = METRICS_HELP)
  @InShell("NAME(...)")
  private String metrics = "";

  TrainCommand(TrainingOptions defaults) {
    super(defaults);
    epochs = defaults.epochs();
    seed = defaults.seed();
  }

  /** Puts the open images into the dialog. */
  void offerImages() {
    OpenImages.offer(this, "image");
  }

  /** Leaves the number of epochs to the kind of training. */
  final void leaveEpochsOpen() {
    epochs = 0;
    leaveOpen();
  }

  /**
   * Where the images come from.
   *
   * @throws SettingException if nothing is named
   */
  abstract TrainingData source(Caller caller);

  /** Reads the images; nothing is written yet. */
  abstract TrainingRun plan(TrainingData source, ModelTarget target, Caller caller, Progress shown);

  /** Where the training keeps what it needs to be resumed. */
  abstract Checkpoints checkpoints(ModelTarget target);

  /** Whether the training goes on where an earlier one was interrupted. */
  boolean resumes() {
    return false;
  }

  @Override
  void check() {
    if (data.getPath().isBlank() && image.isBlank()) {
      throw SettingException.missing("data", "a path", "/path/to/it");
    }
    if (!holdout.isBlank() && validation != DEFAULT_VALIDATION) {
      throw SettingException.wrong("holdout", "a percentage for validation excludes it.");
    }
    if (!holdout.isBlank() && subset.isBlank()) {
      throw SettingException.wrong(
          "holdout", "expected a subset to train on as well, received none.");
    }
    reader();
    loss();
    metrics();
    grouping(data.toPath(), index());
  }

  @Override
  final void work(Caller caller) {
    ModelTarget target = ModelTarget.of(output, replace || resumes());
    about(target);
    try (TrainingData source = source(caller)) {
      caller.train(
          target.name(),
          new ModelLearning(
              target, checkpoints(target), precision(), p -> plan(source, target, caller, p)));
    }
  }

  /** Refuses a loss that makes no sense for a task. */
  final void requireLossFor(Task<?, ?> task) {
    String loss = loss();
    if (!loss.isEmpty()) setting("loss", () -> WrittenLoss.of(task, loss));
  }

  /** Figures of validation that plugins bring. */
  @Override
  final PluginMetrics metrics() {
    return setting("metrics", () -> PluginMetrics.parse(metrics));
  }

  final boolean replaces() {
    return replace;
  }

  final long seed() {
    return seed;
  }

  final int epochs() {
    return epochs;
  }

  final File data() {
    return data;
  }

  /** Title of an open image; blank for none. */
  final String image() {
    return image;
  }

  final ImageFiles reader() {
    ChannelChoice choice = channels(channel);
    return choice.equals(ChannelChoice.AUTO) ? new ImageFiles() : new ImageFiles(choice, 1);
  }

  /** Which channels are learnt from. */
  final ChannelChoice channels() {
    return channels(channel);
  }

  final AnnotationFiles annotations() {
    return new AnnotationFiles(reader());
  }

  /** Table of images; absent for that of the folder. */
  final Optional<Path> index() {
    return word(index.getPath()).map(Path::of);
  }

  final Optional<String> subset() {
    return word(subset);
  }

  /**
   * Two parts of the images, of what can be read of them.
   *
   * @param all images to train on, or to draw those to validate on from
   * @param classes numbers of those of each image
   * @param read reads a subset
   */
  final <T> Split<T> split(
      TrainingData source,
      Dataset<T> all,
      List<List<Integer>> classes,
      Function<String, Dataset<T>> read,
      Caller caller,
      Progress progress) {
    Splitter splitter = splitter(source);
    if (holdout.isBlank()) {
      return ReadableSamples.drawn(all, classes, splitter, progress, caller::note);
    }
    Split<T> split = new Split<>(all, read.apply(holdout.strip()));
    splitter.check(split, caller::note);
    return ReadableSamples.of(split, progress, caller::note);
  }

  /** The same for images that have no classes. */
  final <T> Split<T> split(
      TrainingData source,
      Dataset<T> all,
      Function<String, Dataset<T>> read,
      Caller caller,
      Progress progress) {
    return split(source, all, Collections.nCopies(all.size(), List.of(0)), read, caller, progress);
  }

  /** Draws images for validation. */
  final Splitter splitter(TrainingData source) {
    return new Splitter(grouping(source), validation < 1 ? validation : validation / 100, seed);
  }

  final Grouping grouping(TrainingData source) {
    return grouping(source.folder(), index());
  }

  final ModelTraining.Origin origin(Caller caller, String source) {
    return new ModelTraining.Origin(caller.request(), "Spyhop " + Version.number(), source);
  }
}
