package sc.fiji.spyhop.command;

import ij.ImagePlus;
import java.util.List;
import org.scijava.ItemIO;
import org.scijava.command.Command;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.ij.ClassLabels;
import sc.fiji.spyhop.ij.Frames;
import sc.fiji.spyhop.ij.Region;
import sc.fiji.spyhop.inference.Runner;
import sc.fiji.spyhop.inference.SlidingWindow;
import sc.fiji.spyhop.job.Caller;
import sc.fiji.spyhop.job.SettingException;
import sc.fiji.spyhop.job.batch.BatchJob;
import sc.fiji.spyhop.job.batch.ClassMapsJob;
import sc.fiji.spyhop.job.batch.ClassifyJob;
import sc.fiji.spyhop.job.batch.Parts;
import sc.fiji.spyhop.prediction.ClassScores;
import sc.fiji.spyhop.task.ClassTask;
import sc.fiji.spyhop.task.TaskKind;
import sc.fiji.spyhop.util.Strings;

/**
 * Classifies an image, each of its slices or each region of interest: in the Results table, as
 * slice label or name of the region, and as text in the overlay. With a window it slides over the
 * current slice and gives a probability image for each class. In a macro:
 *
 * <pre>run("Spyhop Classify", "model=/models/my.spyhop regions=slices top=3");</pre>
 */
@Plugin(
    type = Command.class,
    menuPath = "Plugins>Spyhop>Spyhop Classify",
    headless = true,
    initializer = "offerModels",
    description = "Classifies images.")
public final class ClassifyCommand extends PredictCommand {

  @Parameter(
      label = "What to classify",
      choices = {"slices", "selection", "overlay", "manager"},
      persist = false,
      description =
          "slices: each slice as a whole; overlay: each region of the overlay; in ImageJ also the"
              + " selection, or the regions of the ROI Manager.")
  @InImageJ({"selection", "manager"})
  private String regions = "slices";

  @Parameter(
      label = "Classes to list",
      min = "1",
      persist = false,
      description =
          "Number of classes to list of each, the most likely first; where an image may be of several,"
              + " all are listed.")
  private int top = 1;

  @Parameter(label = "Fill Results table", persist = false, description = "Class and probability.")
  @InImageJ
  private boolean table = true;

  @Parameter(
      label = "Name slices and regions",
      persist = false,
      description = "The class becomes the slice label, or the name of the region.")
  @InImageJ
  private boolean rename = true;

  @Parameter(
      label = "Write into the overlay",
      persist = false,
      description = "Class and probability, at the top left corners.")
  @InImageJ
  private boolean write = true;

  @Parameter(
      label = "Sliding window (pixels)",
      min = "0",
      persist = false,
      description =
          "Width of a window, at most that of the image, that slides over the current slice, of files the first, for a"
              + " probability image of each class; 0 for none.")
  private int window = 0;

  @Parameter(
      label = "Stride (pixels)",
      min = "0",
      persist = false,
      description = "From one window to the next; 0 for a quarter of its width.")
  private int stride = 0;

  @Parameter(
      type = ItemIO.OUTPUT,
      label = "Maps",
      description = "With a sliding window: how likely each class is, a slice for each.")
  private ImagePlus maps;

  /**
   * Made by ImageJ and by the shell, which then fill in the parameters; no model is chosen at
   * first.
   */
  public ClassifyCommand() {
    super("");
  }

  @Override
  Class<?> kind() {
    return ClassTask.class;
  }

  @Override
  void check() {
    super.check();
    if (window == 0 && stride > 0) {
      throw SettingException.wrong("stride", "it goes with a sliding window, which is not given.");
    }
  }

  @Override
  BatchJob job(Caller caller) {
    return window > 0
        ? new ClassMapsJob(model(), window, step(), precision())
        : new ClassifyJob(model(), Parts.parse(regions), top, precision());
  }

  @Override
  void look(Caller caller) {
    if (window > 0) {
      new SlidingWindow(window, step())
          .requireWithin(image().getTitle(), image().getWidth(), image().getHeight());
    }
    Runner.Options options = Runner.Options.DEFAULT.withPrecision(precision());
    try (Runner<ClassScores> classifier = Runner.open(model(), TaskKind.CLASSIFICATION, options);
        Caller.Shown progress = caller.progress(activity())) {
      Frames frames = frames(classifier.spec().input());
      if (window > 0) slide(classifier, frames, progress);
      else classify(classifier, frames, progress);
      caller.seen(image().getTitle() + " classified on " + classifier.device());
    }
  }

  private int step() {
    return stride > 0 ? stride : Math.max(1, window / 4);
  }

  private void slide(Runner<ClassScores> classifier, Frames frames, Progress progress) {
    maps =
        ClassLabels.maps(
            image(),
            new SlidingWindow(window, step())
                .over(frames.get(image().getZ(), image().getT()), classifier, progress),
            classifier.spec().names());
    makeCurrent(maps);
  }

  private static String written(ClassTask task, ClassScores said) {
    if (!task.exclusive()) return task.words(said);
    return Strings.format(
        "%s %.2f", task.classes().get(said.best()), said.probability(said.best()));
  }

  private void classify(Runner<ClassScores> classifier, Frames frames, Progress progress) {
    List<Region> parts = RegionChoice.regions(regions, frames);
    Runner.Looked<ClassScores> looked =
        classifier.look(parts.size(), i -> parts.get(i).frame().get(), progress);
    warn(classifier.spec(), looked.unlike());
    List<ClassScores> scores = looked.said();
    ClassTask task = classifier.spec().task(TaskKind.CLASSIFICATION);
    if (table) {
      ResultsWindow.show(
          image(),
          ClassifyJob.columns(task),
          ClassifyJob.found(image().getTitle(), frames, parts, looked, task, top),
          classifier.device().name());
    }
    if (rename) {
      ClassLabels.name(image(), parts, scores.stream().map(task::label).toList());
    }
    if (write) {
      ClassLabels.draw(image(), parts, scores.stream().map(s -> written(task, s)).toList());
    }
  }
}
