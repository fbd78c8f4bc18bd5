package sc.fiji.spyhop.command;

import ij.ImagePlus;
import ij.measure.ResultsTable;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.scijava.command.Command;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.active.Candidate;
import sc.fiji.spyhop.active.Ranking;
import sc.fiji.spyhop.active.Suggester;
import sc.fiji.spyhop.active.Uncertainty;
import sc.fiji.spyhop.dataset.SegmentationFolder;
import sc.fiji.spyhop.dataset.format.ImageFinder;
import sc.fiji.spyhop.ij.ChannelChoice;
import sc.fiji.spyhop.ij.ImageFiles;
import sc.fiji.spyhop.ij.annotation.Unlabelled;
import sc.fiji.spyhop.job.Caller;
import sc.fiji.spyhop.job.SettingException;
import sc.fiji.spyhop.job.batch.Batch;
import sc.fiji.spyhop.job.batch.BatchJob;
import sc.fiji.spyhop.job.batch.SuggestJob;
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
    description = "Suggests which images to annotate next.")
public final class SuggestSlicesCommand extends LookCommand {

  @Parameter(
      label = "Image",
      required = false,
      description =
          "A stack; slices with regions count as annotated, for classifiers also those whose label is"
              + " one of the classes.")
  private ImagePlus image;

  @Parameter(
      label = "Folder instead of the image",
      style = "directory",
      required = false,
      persist = false,
      description = "Instead of the image; files that have a label image count as annotated.")
  @InImageJ
  private File folder = new File("");

  @Parameter(
      label = "Model",
      style = ModelChoice.STYLE,
      persist = false,
      description = "Name of a model, or path of its .spyhop file.")
  @InShell("NAME|FILE")
  private String model = "";

  @Parameter(label = "Channel", persist = false, description = CHANNEL_HELP)
  @InShell(value = "N", flags = "--grey=grey")
  private String channel = "auto";

  @Parameter(
      label = "Measure of uncertainty",
      choices = {"entropy", "margin", "confidence"},
      persist = false,
      description =
          "entropy of the classes; small margin between the two likeliest; or lack of confidence in"
              + " the likeliest. It does not matter to models that find one box: unsure is a box that"
              + " moves when the image is shifted.")
  private String measure = "entropy";

  @Parameter(
      label = "Number of suggestions",
      min = "1",
      persist = false,
      description = "Number of images to suggest, the best first.")
  private int count = 10;

  @Parameter(
      label = "Unlike each other",
      persist = false,
      description =
          "Prefers images that show something else than those suggested before; else they are"
              + " suggested by score alone.")
  @InShell(flags = "--alike=false", off = "Suggests by score alone, even if the images are alike.")
  private boolean diverse = true;

  private final Predicate<Path> labelled = SegmentationFolder.labelled();

  /** Puts the known models into the dialog. */
  void offerModels() {
    ModelChoice.offer(this, "model", Task.class);
  }

  @Override
  final ChannelChoice channels() {
    return channels(channel);
  }

  @Override
  BatchJob job(Caller caller) {
    return new SuggestJob(model.strip(), Uncertainty.parse(measure));
  }

  /** Neither label images nor what they label. */
  @Override
  Optional<String> passedOver(Path file) {
    if (!ImageFinder.isImage(file)) return Optional.of("no image by its name");
    return labelled.test(file) ? Optional.of("labelled already") : Optional.empty();
  }

  @Override
  String told(Batch.Summary summary, Path output) {
    Path table = output.resolve("suggestions.csv");
    int suggested = SuggestJob.rank(output, table, f -> passedOver(f).isEmpty(), count, diverse);
    return summary.text() + ", " + suggested + " suggested, written to " + table;
  }

  @Override
  void check() {
    ModelChoice.require(model, Task.class);
    channels();
  }

  @Override
  void work(Caller caller) {
    boolean files = !folder.getPath().isBlank();
    if (!files) {
      if (image == null) {
        throw SettingException.wrong("image", "no image is open. Open one, or name a folder.");
      }
    }
    try (ImageCheck.Held held = files ? () -> {} : ImageCheck.hold(image);
        Suggester suggester = Suggester.open(model.strip(), Uncertainty.parse(measure));
        Caller.Shown progress = caller.progress(activity())) {
      ModelSpec.Input input = suggester.runner().spec().input();
      Unlabelled.Reader reader =
          new Unlabelled.Reader(channels(), input.channels(), input.colors());
      List<String> failures = new ArrayList<>();
      List<Unlabelled> all =
          files
              ? reader.inFolder(folder.toPath().toAbsolutePath(), failures)
              : reader.inImage(image, suggester::isAnswer);
      failures.forEach(caller::note);
      List<Candidate> candidates = new ArrayList<>();
      for (Unlabelled one : all) {
        progress.checkCancelled();
        progress.update("Looking", candidates.size(), all.size());
        candidates.add(suggester.look(one.frame().get(), Progress.NONE));
      }
      List<Integer> ranked = Ranking.of(candidates, count, diverse);
      fill(ranked, all, candidates);
      show(all.get(ranked.get(0)), files);
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
      results.addValue("rank", ++rank);
      results.addValue("slice", one.z());
      results.addValue("frame", one.t());
      results.addValue("score", candidates.get(i).score());
    }
    results.show("Results");
  }

  private void show(Unlabelled first, boolean files) {
    ImagePlus shown = files ? ImageFiles.open(first.file().orElseThrow()) : image;
    if (shown.isHyperStack()) shown.setPosition(shown.getC(), first.z(), first.t());
    else shown.setSlice(shown.getStackIndex(1, first.z(), first.t()));
    if (!files) return;
    makeCurrent(shown);
  }
}
