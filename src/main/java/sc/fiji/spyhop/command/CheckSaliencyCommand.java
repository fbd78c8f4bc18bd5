package sc.fiji.spyhop.command;

import java.nio.file.Path;
import java.util.List;
import org.scijava.ItemVisibility;
import org.scijava.command.Command;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.explain.Explainer;
import sc.fiji.spyhop.explain.Fill;
import sc.fiji.spyhop.job.Caller;
import sc.fiji.spyhop.job.SettingException;
import sc.fiji.spyhop.job.batch.Batch;
import sc.fiji.spyhop.job.batch.CheckSaliencyJob;
import sc.fiji.spyhop.job.page.SaliencyChecks;

/**
 * Tells of saliency maps whether they can be believed, in the Results table. In a macro:
 *
 * <pre>run("Spyhop Check Saliency", "model=/data/species.spyhop methods=gradcam,occlusion");</pre>
 */
@Plugin(
    type = Command.class,
    menuPath = "Plugins>Spyhop>Spyhop Check Saliency",
    headless = true,
    initializer = "offerModels",
    description = "Tells whether saliency maps can be believed.")
public final class CheckSaliencyCommand extends ExplainCommand {

  @Parameter(
      label = "Methods",
      required = false,
      persist = false,
      description = "Those to check, with commas, such as gradcam,occlusion; empty for all.")
  @InShell("NAME,...")
  private String methods = "";

  @Parameter(
      label = "Shown instead",
      choices = {"mean", "grey", "blur", "black"},
      persist = false,
      description = "What takes the place of parts that are hidden.")
  private String fill = "mean";

  @Parameter(
      label = "Random layers",
      min = "0",
      max = "100",
      persist = false,
      description =
          "How many times layers are made random, from the last to the first, so that maps can be"
              + " compared; fewer than there are layers pass some over.")
  private int stages = 5;

  @Parameter(
      label = "Seed",
      visibility = ItemVisibility.INVISIBLE,
      persist = false,
      description = "Of random weights and of random orders; the same seed gives the same result.")
  private long seed = 1;

  @Override
  void check() {
    super.check();
    names();
  }

  private List<String> names() {
    List<String> known = SaliencyMapCommand.methods();
    List<String> asked = words(methods);
    for (String name : asked) {
      if (known.contains(name)) continue;
      throw SettingException.wrong(
          "methods",
          "expected some of " + String.join(", ", known) + ", received \"" + name + "\".");
    }
    return asked.isEmpty() ? known : asked;
  }

  @Override
  CheckSaliencyJob job(Caller caller) {
    return job();
  }

  private CheckSaliencyJob job() {
    return new CheckSaliencyJob(
        model(),
        category(),
        at(),
        names().stream().map(n -> SaliencyMapCommand.by(n).explanation()).toList(),
        Fill.parse(fill),
        stages,
        seed,
        slice(),
        frame());
  }

  @Override
  String told(Batch.Summary summary, Path output) {
    return SaliencyChecks.of(output) + System.lineSeparator() + super.told(summary, output);
  }

  @Override
  String activity() {
    return "Checking";
  }

  @Override
  Explainer open() {
    return job().explainer();
  }

  @Override
  void explain(Caller caller, Explainer explainer, Seen seen, Progress progress) {
    CheckSaliencyJob job = job();
    ResultsWindow.show(
        image(),
        job.columns(explainer),
        job.look(explainer, image().getTitle(), seen.plane(), seen.place(), progress),
        explainer.runner().device().name());
    caller.seen(image().getTitle() + " checked on " + explainer.runner().device());
  }
}
