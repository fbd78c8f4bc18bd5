package sc.fiji.spyhop.command;

import ij.IJ;
import ij.ImagePlus;
import ij.macro.Interpreter;
import ij.measure.ResultsTable;
import java.awt.GraphicsEnvironment;
import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.scijava.app.StatusService;
import org.scijava.command.Command;
import org.scijava.command.DynamicCommand;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;
import org.scijava.task.TaskService;
import org.scijava.thread.ThreadService;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.active.Candidate;
import sc.fiji.spyhop.active.Ranking;
import sc.fiji.spyhop.active.Suggester;
import sc.fiji.spyhop.active.Uncertainty;
import sc.fiji.spyhop.ij.ChannelChoice;
import sc.fiji.spyhop.ij.ImageFiles;
import sc.fiji.spyhop.ij.annotation.Unlabelled;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.task.Task;

/**
 * Ranks the slices of a stack, or the files of a folder, that are not annotated yet by what a model
 * would learn from them, and shows the first. In a macro:
 *
 * <pre>run("Spyhop Suggest Slices", "model=/models/my.spyhop measure=entropy count=5");</pre>
 */
@Plugin(
    type = Command.class,
    menuPath = "Plugins>Spyhop>Spyhop Suggest Slices",
    headless = true,
    initializer = "offerModels",
    description = "Says which slices or files to annotate next, for a model to learn most.")
public final class SuggestSlicesCommand extends DynamicCommand {

  @Parameter(
      label = "Image",
      required = false,
      description = "A stack; slices with regions or a label count as annotated.")
  private ImagePlus image;

  @Parameter(
      label = "Or folder of images",
      style = "directory",
      required = false,
      persist = false,
      description = "Instead of the image; files that have a label image count as annotated.")
  private File folder = new File("");

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
      label = "Unsure by",
      choices = {"entropy", "margin", "confidence"},
      persist = false,
      description =
          "entropy of the classes; small margin between the two likeliest; least confidence in the"
              + " likeliest. No matter to models that find one box: unsure is a box that moves when the"
              + " image is shifted.")
  private String measure = "entropy";

  @Parameter(label = "How many", persist = false, description = "Suggestions, the best first.")
  private int count = 10;

  @Parameter(
      label = "Unlike each other",
      persist = false,
      description = "Prefers images that show something else than those suggested before.")
  private boolean diverse = true;

  @Parameter private StatusService statusService;
  @Parameter private TaskService taskService;
  @Parameter private ThreadService threadService;

  /** Puts the known models into the dialog. */
  void offerModels() {
    model = Models.offer(getInfo().getMutableInput("model", String.class), model, Task.class);
  }

  /**
   * Blocks until all have been looked at.
   *
   * @throws SpyhopException if something is wrong with the parameters, or all is annotated
   */
  @Override
  public void run() {
    Models.require(model, Task.class);
    ChannelChoice choice = ChannelChoice.parse(channel);
    Uncertainty by = Uncertainty.parse(measure);
    if (count < 1) {
      throw new SpyhopException("How many: expected at least 1, received " + count + ".");
    }
    boolean files = folder != null && !folder.getPath().isBlank();
    if (!files) {
      if (image == null) {
        throw new SpyhopException("Image: no image is open. Open one, or name a folder.");
      }
      ImageCheck.require(image);
    }
    try (Suggester suggester = Suggester.open(model.strip(), by);
        CommandProgress progress =
            new CommandProgress(
                statusService, taskService, "Spyhop Suggest Slices", this::isCanceled)) {
      ModelSpec.Input input = suggester.runner().spec().input();
      Unlabelled.Reader reader = new Unlabelled.Reader(choice, input.channels(), input.colors());
      List<String> failures = new ArrayList<>();
      List<Unlabelled> all =
          files
              ? reader.inFolder(folder.toPath().toAbsolutePath(), failures)
              : reader.inImage(image);
      failures.forEach(f -> IJ.log("Spyhop: " + f));
      List<Candidate> candidates = new ArrayList<>();
      for (Unlabelled one : all) {
        progress.checkCancelled();
        progress.update("Looking", candidates.size(), all.size());
        candidates.add(suggester.look(one.frame().get(), sc.fiji.spyhop.Progress.NONE));
      }
      List<Integer> ranked = Ranking.of(candidates, count, diverse);
      fill(ranked, all, candidates);
      show(all.get(ranked.get(0)), files);
    } catch (CancellationException e) {
      Cancellations.end(this, "Spyhop Suggest Slices was cancelled.");
    }
  }

  private static void fill(List<Integer> ranked, List<Unlabelled> all, List<Candidate> candidates) {
    ResultsTable results = ResultsTable.getResultsTable();
    results.setNaNEmptyCells(true);
    int rank = 0;
    for (int i : ranked) {
      Unlabelled one = all.get(i);
      results.addRow();
      results.addLabel(one.name());
      results.addValue("Rank", ++rank);
      results.addValue("Slice", one.z());
      results.addValue("Frame", one.t());
      results.addValue("Score", candidates.get(i).score());
    }
    results.show("Results");
  }

  private void show(Unlabelled first, boolean files) {
    ImagePlus shown = files ? ImageFiles.open(first.file().orElseThrow()) : image;
    if (shown.isHyperStack()) shown.setPosition(shown.getC(), first.z(), first.t());
    else shown.setSlice(shown.getStackIndex(1, first.z(), first.t()));
    if (!files) return;
    if (Interpreter.isBatchMode() || GraphicsEnvironment.isHeadless()) {
      ImageCheck.makeCurrent(shown, threadService);
    } else {
      shown.show();
    }
  }
}
