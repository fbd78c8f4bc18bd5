package sc.fiji.spyhop.command;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CancellationException;
import org.scijava.ItemVisibility;
import org.scijava.command.Command;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.engine.selection.Engines;
import sc.fiji.spyhop.ij.ImageFiles;
import sc.fiji.spyhop.job.Caller;
import sc.fiji.spyhop.job.ModelTarget;
import sc.fiji.spyhop.job.SettingException;
import sc.fiji.spyhop.job.TrainingEnd;
import sc.fiji.spyhop.model.ModelFile;
import sc.fiji.spyhop.model.PipelineFile;
import sc.fiji.spyhop.pipeline.training.Photographs;
import sc.fiji.spyhop.pipeline.training.PipelineOptions;
import sc.fiji.spyhop.pipeline.training.PipelineTraining;
import sc.fiji.spyhop.training.ModelTraining;
import sc.fiji.spyhop.training.TrainingListener;
import sc.fiji.spyhop.util.FileNames;
import sc.fiji.spyhop.util.Folders;
import sc.fiji.spyhop.util.Version;

/** Trains all networks of a pipeline. Networks that are finished are kept if it is cancelled. */
@Plugin(
    type = Command.class,
    menuPath = "Plugins>Spyhop>Spyhop Train Pipeline",
    headless = true,
    description =
        "Trains a pipeline that finds an object, aligns it by its keypoints and classifies it.")
public final class TrainPipelineCommand extends SplittingCommand {

  private static final PipelineOptions DEFAULTS = PipelineOptions.DEFAULT;

  @Parameter(
      label = "Folder of annotated images",
      style = "directory",
      persist = false,
      description = "Folder with index.csv (image,class), boxes.csv and keypoints.csv.")
  private File data = new File("");

  @Parameter(
      label = "Pipeline to write",
      style = "save",
      persist = false,
      description = "Pipeline to write: a file that ends in .spyhop.")
  private File output = new File("");

  @Parameter(
      label = "Held out (percent)",
      min = "0",
      max = "99.99",
      persist = false,
      description =
          "Percent of the images to measure errors on, which are never trained on; a number below 1"
              + " is a share, such as 0.15.")
  @InShell(names = "--held-out")
  private double held = 100 * DEFAULTS.heldOut();

  @Parameter(
      label = "Size of pictures (pixels)",
      persist = false,
      description = "Width and height of pictures of objects, a multiple of 16.")
  private int side = DEFAULTS.side();

  @Parameter(
      label = "Scale",
      required = false,
      persist = false,
      description =
          "Pixels that the localizer is shown per pixel of the image, such as 0.5; empty for 1, 1/2,"
              + " 1/4 ..., so that the longest side is at most 512 pixels.")
  @InShell(names = "--scale", value = "F")
  private String zoom = "";

  @Parameter(
      label = "Copies of each picture",
      persist = false,
      description = "Pictures of each object, each with another error of box or alignment.")
  private int copies = DEFAULTS.copies();

  @Parameter(
      label = "Seed",
      persist = false,
      description = "With the same seed, the same choices are made at random.")
  private long seed = DEFAULTS.seed();

  @Parameter(
      label = "Resume an interrupted training",
      persist = false,
      description = "Takes over the networks that are finished.")
  private boolean resume = false;

  @Parameter(
      label = "Replace what exists",
      persist = false,
      description = "Replaces a pipeline or a training that exists; else it is left as it is.")
  @InShell(names = "--force")
  private boolean replace = false;

  @Parameter(
      label = "Margin",
      visibility = ItemVisibility.INVISIBLE,
      persist = false,
      description = "What is cut out around a box, as a share of its longer side.")
  private double margin = DEFAULTS.margin();

  @Parameter(
      label = "Widths of the networks",
      visibility = ItemVisibility.INVISIBLE,
      required = false,
      persist = false,
      description =
          "Channels of each level of those that find boxes and keypoints, finest first, with commas;"
              + " empty for 16,32,64.")
  @InShell("N,...")
  private String widths = "";

  @Parameter(
      label = "Layers of the classifier",
      visibility = ItemVisibility.INVISIBLE,
      persist = false,
      description = "Layers of the classifier, or a preset.")
  private String network = DEFAULTS.classifier();

  @Parameter(
      label = "Epochs",
      visibility = ItemVisibility.INVISIBLE,
      required = false,
      persist = false,
      description =
          "Epochs of localizer, keypoint finder and classifier, with commas; empty for 30,12,16.")
  @InShell("N,...")
  private String rounds = "";

  @Parameter(
      label = "Minibatch size",
      visibility = ItemVisibility.INVISIBLE,
      persist = false,
      description = "Pictures in a minibatch; fewer need less memory.")
  private int batch = DEFAULTS.batch();

  @Parameter(
      label = "Precision",
      choices = {"auto", "float32", "bfloat16"},
      visibility = ItemVisibility.INVISIBLE,
      persist = false,
      description = LearningCommand.PRECISION_HELP)
  private String precision = "float32";

  @Override
  void check() {
    if (data.getPath().isBlank()) {
      throw SettingException.missing("data", "a path", "/path/to/it");
    }
    options();
    precision(precision);
  }

  private PipelineOptions options() {
    return new PipelineOptions(
        held < 1 ? held : held / 100,
        side,
        margin,
        scale(),
        or(integers("widths", widths), DEFAULTS.widths()),
        network,
        copies,
        or(integers("rounds", rounds), DEFAULTS.rounds()),
        batch,
        seed,
        grouping(data.toPath(), Optional.empty()));
  }

  @Override
  void work(Caller caller) {
    Path from = data.toPath().toAbsolutePath();
    Folders.require(from, "a folder with index.csv, boxes.csv and keypoints.csv");
    ModelTarget target = ModelTarget.of(output, replace || resume);
    Engine engine = Engines.forTraining(precision(precision));
    Path folder = target.trainingFolder(Optional.empty());
    prepare(folder);
    Photographs photographs = Photographs.read(from, new ImageFiles());
    photographs.left().forEach(caller::note);
    PipelineTraining training =
        new PipelineTraining(
            about(target),
            new ModelTraining.Origin(
                caller.request(), "Spyhop " + Version.number(), FileNames.last(from)),
            photographs,
            folder,
            options());
    caller.train(
        target.name(), (listener, p) -> learn(training, engine, target, folder, listener, p));
  }

  private static TrainingEnd learn(
      PipelineTraining training,
      Engine engine,
      ModelTarget target,
      Path folder,
      TrainingListener listener,
      Progress progress) {
    Runnable discard = () -> delete(folder);
    try {
      PipelineTraining.Outcome outcome =
          training.run(engine, engine.devices().get(0), listener, progress);
      return new TrainingEnd(
          outcome.reason(),
          outcome.explanation(),
          outcome.pipeline().map(p -> () -> PipelineFile.write(p, target.path())),
          target.path(),
          discard);
    } catch (CancellationException e) {
      return TrainingEnd.early(target.path(), discard);
    }
  }

  private Optional<Double> scale() {
    OptionalDouble scale = number("zoom", zoom);
    return scale.isPresent() ? Optional.of(scale.getAsDouble()) : Optional.empty();
  }

  private static List<Integer> or(List<Integer> given, List<Integer> defaults) {
    return given.isEmpty() ? defaults : given;
  }

  private void prepare(Path folder) {
    Folders.requireWritable(folder);
    if (resume) return;
    for (String part : PipelineTraining.PARTS) {
      Path kept = folder.resolve(part + ModelFile.EXTENSION);
      if (!replace && Files.exists(kept)) throw ModelTarget.canBeResumed(folder);
    }
    delete(folder);
  }

  private static void delete(Path folder) {
    try {
      for (String part : PipelineTraining.PARTS) {
        Files.deleteIfExists(folder.resolve(part + ModelFile.EXTENSION));
      }
    } catch (IOException e) {
      throw Folders.cannotWrite(folder, e);
    }
  }
}
