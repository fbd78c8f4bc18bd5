package sc.fiji.spyhop.command;

import java.io.File;
import java.nio.file.Path;
import java.util.Optional;
import org.scijava.ItemVisibility;
import org.scijava.plugin.Parameter;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.dataset.Dataset;
import sc.fiji.spyhop.dataset.Split;
import sc.fiji.spyhop.ij.ImageFiles;
import sc.fiji.spyhop.image.stain.StainMethod;
import sc.fiji.spyhop.job.Caller;
import sc.fiji.spyhop.job.ModelTarget;
import sc.fiji.spyhop.job.SettingException;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.task.Task;
import sc.fiji.spyhop.training.Checkpoints;
import sc.fiji.spyhop.training.ModelTraining;
import sc.fiji.spyhop.training.StainedInputs;
import sc.fiji.spyhop.training.TrainingOptions;
import sc.fiji.spyhop.training.TrainingRun;
import sc.fiji.spyhop.weights.Weights;

/**
 * Trains a model in one go, which can be interrupted and resumed.
 *
 * @param <T> kind of truth
 */
abstract class TrainModelCommand<T> extends TrainCommand {

  @Parameter(
      label = "Resume an interrupted training",
      persist = false,
      description = "Goes on after the last epoch that was completed.")
  private boolean resume = false;

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

  @Parameter(
      label = "Stain normalization",
      choices = {"none", "reinhard", "macenko"},
      visibility = ItemVisibility.INVISIBLE,
      persist = false,
      description =
          "Of stained tissue in RGB: brings the colours of every image to one look before it is"
              + " learnt from, and later before it is predicted. macenko: by what two stains absorb;"
              + " reinhard: by mean and deviation.")
  private String stain = "none";

  @Parameter(
      label = "Reference of the stain",
      visibility = ItemVisibility.INVISIBLE,
      required = false,
      persist = false,
      description = "Image whose look it is; empty for that of all training images together.")
  @InShell("FILE")
  private File reference = new File("");

  TrainModelCommand(TrainingOptions defaults) {
    super(defaults);
  }

  /** A network, and what it is to learn; see {@link ModelTraining}. */
  record Plan<T>(
      Task<T, ?> task,
      Network network,
      Optional<Weights> start,
      ModelSpec.Input input,
      Split<T> split,
      Optional<Dataset<T>> original,
      TrainingOptions options) {

    /** Of images that are all in their own size. */
    Plan(
        Task<T, ?> task,
        Network network,
        Optional<Weights> start,
        ModelSpec.Input input,
        Split<T> split,
        TrainingOptions options) {
      this(task, network, start, input, split, Optional.empty(), options);
    }
  }

  /** As far as they are known before images are read. */
  abstract TrainingOptions options();

  /** Reads the images, and makes a network for them. */
  abstract Plan<T> plan(TrainingData source, Caller caller, Progress progress);

  @Override
  void check() {
    super.check();
    if (resume && replaces()) {
      throw SettingException.wrong("resume", "it and replacing what exists exclude each other.");
    }
    options();
    if (stain.equals("none") && word(reference.getPath()).isPresent()) {
      throw SettingException.wrong(
          "reference", "stain normalization alone has one: expected stain reinhard or macenko.");
    }
  }

  /** Whether means and deviations of intensities are those of the images, and of no other model. */
  boolean measuresIntensities() {
    return true;
  }

  private ModelSpec.Input stained(Plan<T> plan, Progress progress) {
    if (stain.equals("none")) return plan.input;
    return StainedInputs.of(
        plan.input,
        plan.split.train(),
        StainMethod.of(stain),
        word(reference.getPath()).map(file -> new ImageFiles().readFrame(Path.of(file))),
        measuresIntensities(),
        progress);
  }

  @Override
  final TrainingRun plan(
      TrainingData source, ModelTarget target, Caller caller, Progress progress) {
    Plan<T> plan = plan(source, caller, progress);
    return ModelTraining.of(plan.task, plan.split)
        .about(about(target))
        .origin(origin(caller, source.name()))
        .network(plan.network)
        .start(plan.start)
        .input(stained(plan, progress))
        .original(plan.original)
        .options(plan.options)
        .build();
  }

  @Override
  final boolean resumes() {
    return resume;
  }

  @Override
  final Checkpoints checkpoints(ModelTarget target) {
    Path folder = target.trainingFolder(word(checkpoints.getPath()).map(Path::of));
    if (resume) {
      Checkpoints kept = Checkpoints.resumeIn(folder);
      kept.requireResumable();
      return kept;
    }
    if (!replaces() && ModelTarget.holdsTraining(folder)) throw ModelTarget.canBeResumed(folder);
    return Checkpoints.startIn(folder);
  }
}
