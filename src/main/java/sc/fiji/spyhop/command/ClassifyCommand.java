package sc.fiji.spyhop.command;

import ij.IJ;
import ij.ImagePlus;
import ij.macro.Interpreter;
import ij.measure.ResultsTable;
import java.awt.GraphicsEnvironment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import org.scijava.ItemIO;
import org.scijava.app.StatusService;
import org.scijava.command.Command;
import org.scijava.command.DynamicCommand;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;
import org.scijava.task.TaskService;
import org.scijava.thread.ThreadService;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.ij.ChannelChoice;
import sc.fiji.spyhop.ij.ClassLabels;
import sc.fiji.spyhop.ij.Frames;
import sc.fiji.spyhop.ij.Region;
import sc.fiji.spyhop.ij.Tables;
import sc.fiji.spyhop.inference.Runner;
import sc.fiji.spyhop.inference.SlidingWindow;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.prediction.ClassScores;
import sc.fiji.spyhop.task.Classification;
import sc.fiji.spyhop.task.TaskKind;
import sc.fiji.spyhop.util.Strings;

/**
 * Says of which class an image, each of its slices or each region of interest is: in the Results
 * table, as slice label or name of the region, and as text in the overlay. With a window it slides
 * over the current slice and gives a probability image for each class. In a macro:
 *
 * <pre>run("Spyhop Classify", "model=/models/my.spyhop regions=slices top=3");</pre>
 */
@Plugin(
    type = Command.class,
    menuPath = "Plugins>Spyhop>Spyhop Classify",
    headless = true,
    initializer = "offerModels",
    description = "Says of which class an image is, with a trained network.")
public final class ClassifyCommand extends DynamicCommand {

  @Parameter(label = "Image", description = "The image; stacks are done slice by slice.")
  private ImagePlus image;

  @Parameter(
      label = "Model",
      required = false,
      persist = false,
      description = "Name of a model, or in macros also the path of a .spyhop file.")
  private String model = "";

  @Parameter(
      label = "Channel",
      persist = false,
      description =
          "auto: all channels, which must be as many as the model expects; grey: all in one; or"
              + " the number of a channel.")
  private String channel = "auto";

  @Parameter(
      label = "What to classify",
      choices = {"slices", "selection", "overlay", "manager"},
      persist = false,
      description =
          "Each slice as a whole, the selection, or each region of the overlay or the ROI Manager.")
  private String regions = "slices";

  @Parameter(
      label = "Classes to list",
      persist = false,
      description = "Rows of the table for each, the most likely classes first.")
  private int top = 1;

  @Parameter(label = "Fill Results table", persist = false, description = "Class and probability.")
  private boolean table = true;

  @Parameter(
      label = "Name slices and regions",
      persist = false,
      description = "The class becomes the slice label, or the name of the region.")
  private boolean rename = true;

  @Parameter(
      label = "Write into the overlay",
      persist = false,
      description = "Class and probability, at the top left corners.")
  private boolean write = true;

  @Parameter(
      label = "Sliding window",
      persist = false,
      description =
          "0: none. Else its width in pixels: the current slice is searched, and the result is a"
              + " probability image for each class.")
  private int window = 0;

  @Parameter(
      label = "Step of the window",
      persist = false,
      description = "Pixels from one window to the next; 0 for a quarter of its width.")
  private int stride = 0;

  @Parameter(
      type = ItemIO.OUTPUT,
      label = "Maps",
      description = "With a sliding window: how likely each class is, a slice for each.")
  private ImagePlus maps;

  @Parameter private StatusService statusService;
  @Parameter private TaskService taskService;
  @Parameter private ThreadService threadService;

  /** Puts the known models into the dialog. */
  void offerModels() {
    model =
        Models.offer(getInfo().getMutableInput("model", String.class), model, Classification.class);
  }

  /**
   * Blocks until all is done.
   *
   * @throws SpyhopException if something is wrong with the image or the parameters
   */
  @Override
  public void run() {
    ImageCheck.require(image);
    ChannelChoice choice = ChannelChoice.parse(channel);
    Models.require(model, Classification.class);
    if (top < 1) {
      throw new SpyhopException(
          "Classes to list: expected a number of at least 1, received " + top + ".");
    }
    if (window < 0 || stride < 0) {
      throw new SpyhopException(
          Strings.format(
              "Sliding window: expected sizes of 0 or more pixels, received %d and %d.",
              window, stride));
    }
    try (Runner<ClassScores> classifier = Runner.open(model.strip(), TaskKind.CLASSIFICATION);
        CommandProgress progress =
            new CommandProgress(statusService, taskService, "Spyhop Classify", this::isCanceled)) {
      ModelSpec.Input input = classifier.spec().input();
      Frames frames = Frames.of(image, choice, input.channels(), input.colors());
      if (window > 0) slide(classifier, frames, progress);
      else classify(classifier, frames, progress);
      IJ.log("Spyhop: " + image.getTitle() + " classified on " + classifier.device());
    } catch (CancellationException e) {
      Cancellations.end(this, "Spyhop Classify was cancelled; nothing was changed.");
    }
  }

  private void slide(Runner<ClassScores> classifier, Frames frames, CommandProgress progress) {
    int step = stride > 0 ? stride : Math.max(1, window / 4);
    maps =
        ClassLabels.maps(
            image,
            new SlidingWindow(window, step)
                .over(frames.get(image.getZ(), image.getT()), classifier, progress),
            classifier.spec().names());
    if (Interpreter.isBatchMode() || GraphicsEnvironment.isHeadless()) {
      ImageCheck.makeCurrent(maps, threadService);
    }
  }

  private void classify(Runner<ClassScores> classifier, Frames frames, CommandProgress progress) {
    List<Region> parts = RegionChoice.regions(regions, frames);
    List<ClassScores> scores =
        classifier.predict(parts.size(), i -> parts.get(i).frame().get(), progress);
    List<String> classes = classifier.spec().names();
    if (table) {
      ResultsTable results = ResultsTable.getResultsTable();
      int before = results.size();
      Tables.fill(results, image, parts, scores.stream().map(s -> rows(s, classes)).toList());
      Tables.device(results, before, classifier.device().name());
      results.show("Results");
    }
    if (rename) {
      ClassLabels.name(image, parts, scores.stream().map(s -> classes.get(s.best())).toList());
    }
    if (write) {
      ClassLabels.draw(
          image,
          parts,
          scores.stream()
              .map(s -> Strings.format("%s %.2f", classes.get(s.best()), s.probability(s.best())))
              .toList());
    }
  }

  private List<Map<String, Object>> rows(ClassScores scores, List<String> classes) {
    int[] ranked = scores.ranked();
    List<Map<String, Object>> rows = new ArrayList<>();
    for (int k = 0; k < Math.min(top, ranked.length); k++) {
      Map<String, Object> row = new LinkedHashMap<>();
      if (top > 1) row.put("Rank", k + 1);
      row.put("Class", classes.get(ranked[k]));
      row.put("Probability", scores.probability(ranked[k]));
      rows.add(row);
    }
    return rows;
  }
}
