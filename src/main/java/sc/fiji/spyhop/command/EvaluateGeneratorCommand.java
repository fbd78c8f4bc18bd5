package sc.fiji.spyhop.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.scijava.ItemVisibility;
import org.scijava.command.Command;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;
import sc.fiji.spyhop.dataset.Dataset;
import sc.fiji.spyhop.ij.ImageFiles;
import sc.fiji.spyhop.inference.Runner;
import sc.fiji.spyhop.job.Caller;
import sc.fiji.spyhop.job.SettingException;
import sc.fiji.spyhop.job.evaluation.Likeness;
import sc.fiji.spyhop.prediction.ClassScores;
import sc.fiji.spyhop.task.Classification;
import sc.fiji.spyhop.task.TaskKind;
import sc.fiji.spyhop.util.AtomicFile;
import sc.fiji.spyhop.util.Strings;
import sc.fiji.spyhop.util.TableRow;

/**
 * Tells how like real images generated ones are. In a macro:
 *
 * <pre>
 * run("Spyhop Evaluate Generator", "model=digits made=/data/made/images data=/data/mnist subset=test");
 * </pre>
 */
@Plugin(
    type = Command.class,
    menuPath = "Plugins>Spyhop>Spyhop Evaluate Generator",
    headless = true,
    initializer = "offerModels",
    description =
        "Tells how like real images generated ones are, by what a classifier says of both.")
public final class EvaluateGeneratorCommand extends JobCommand {

  @Parameter(
      label = "Classifier",
      style = ModelChoice.STYLE,
      persist = false,
      description = "Name of a model that classifies such images, or path of its .spyhop file.")
  @InShell("NAME|FILE")
  private String model = "";

  @Parameter(
      label = "Generated images",
      style = "directory",
      persist = false,
      description = "Folder of the images that were made, searched to any depth.")
  @InShell("DIR")
  private File made = new File("");

  @Parameter(
      label = "Real images",
      style = "directory",
      persist = false,
      description =
          "Folder of real images, searched to any depth, or of files as those of MNIST; best such as"
              + " neither the generator nor the classifier was shown.")
  @InShell("DIR")
  private File data = new File("");

  @Parameter(
      label = "Subset of the real images",
      required = false,
      persist = false,
      description = "Of MNIST train or test; else a folder of the real images; empty for all.")
  @InShell("NAME")
  private String subset = "";

  @Parameter(
      label = "JSON file to write",
      style = "save",
      visibility = ItemVisibility.INVISIBLE,
      required = false,
      persist = false,
      description = "Writes all figures to this file as JSON.")
  private File json = new File("");

  @Parameter(
      label = "Replace what exists",
      visibility = ItemVisibility.INVISIBLE,
      persist = false,
      description = "Replaces a file that exists; else it is left as it is.")
  @InShell(names = "--force")
  private boolean replace = false;

  /** Puts the known models into the dialog. */
  void offerModels() {
    model = ModelChoice.offer(this, "model", model, Classification.class);
  }

  @Override
  void check() {
    ModelChoice.require(model, Classification.class);
    if (made.getPath().isBlank()) throw SettingException.missing("made", "a path", "/path/to/it");
    if (data.getPath().isBlank()) throw SettingException.missing("data", "a path", "/path/to/it");
  }

  @Override
  void work(Caller caller) {
    Optional<Path> file = word(json.getPath()).map(Path::of);
    file.ifPresent(f -> AtomicFile.requireFree(f, replace));
    Dataset<?> generated = PlainImages.read(made.toPath(), "", new ImageFiles());
    Dataset<?> real = PlainImages.read(data.toPath(), subset, new ImageFiles());
    try (Runner<ClassScores> runner = Runner.open(model.strip(), TaskKind.ONE_CLASS);
        Caller.Shown progress = caller.progress("Evaluating")) {
      Likeness found = Likeness.of(runner, generated, real, progress);
      tell(caller, found, runner.spec().names(), runner.spec().name(), file);
    }
  }

  private static void tell(
      Caller caller, Likeness found, List<String> classes, String name, Optional<Path> file) {
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("generated images", found.images());
    figures.put("real images", found.real());
    figures.put("sureness", found.sureness());
    figures.put("Frechet distance", found.distance());
    List<String> shares = new ArrayList<>();
    for (int k = 0; k < classes.size(); k++) {
      figures.put("share " + classes.get(k), found.shares().get(k));
      shares.add(Strings.format("%s %.1f %%", classes.get(k), 100 * found.shares().get(k)));
    }
    caller.report(
        Strings.format(
            "%s: %s is %.3f sure of what each is, on average.%nOf the classes: %s.%n"
                + "Fréchet distance to %s in the features of layer %s: %.2f",
            Strings.count(found.images(), "generated image"),
            name,
            found.sureness(),
            String.join(", ", shares),
            Strings.count(found.real(), "real image"),
            found.layer(),
            found.distance()));
    caller.table("Evaluation", List.of(new TableRow("1", figures)));
    file.ifPresent(f -> write(f, figures));
  }

  private static void write(Path file, Map<String, Object> figures) {
    try {
      byte[] text =
          new ObjectMapper()
              .writerWithDefaultPrettyPrinter()
              .writeValueAsString(figures)
              .getBytes(StandardCharsets.UTF_8);
      AtomicFile.write(file, out -> out.write(text));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
