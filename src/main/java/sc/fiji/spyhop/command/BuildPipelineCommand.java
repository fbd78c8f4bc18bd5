package sc.fiji.spyhop.command;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.scijava.ItemVisibility;
import org.scijava.command.Command;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.job.Caller;
import sc.fiji.spyhop.job.ModelTarget;
import sc.fiji.spyhop.job.SettingException;
import sc.fiji.spyhop.model.DefaultPipeline;
import sc.fiji.spyhop.model.Model;
import sc.fiji.spyhop.model.ModelRegistry;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.model.Pipeline;
import sc.fiji.spyhop.model.PipelineFile;
import sc.fiji.spyhop.model.PipelineSpec;
import sc.fiji.spyhop.model.PipelineStep;
import sc.fiji.spyhop.task.TaskKind;
import sc.fiji.spyhop.training.ModelTraining;
import sc.fiji.spyhop.util.AtomicFile;
import sc.fiji.spyhop.util.Strings;
import sc.fiji.spyhop.util.Version;

/**
 * Puts models together to a pipeline. In a macro:
 *
 * <pre>run("Spyhop Build Pipeline", "localizer=/a.spyhop points=/b.spyhop "
 *     + "anchors=[snout:48:10, tail:48:80] classifier=/c.spyhop side=96 output=/d.spyhop");</pre>
 */
@Plugin(
    type = Command.class,
    menuPath = "Plugins>Spyhop>Spyhop Build Pipeline",
    headless = true,
    initializer = "offerModels",
    description = "Builds a pipeline of models, in one file.")
public final class BuildPipelineCommand extends AboutCommand {

  private static final Pattern SIZE = Pattern.compile("(\\d{1,5})(?:x(\\d{1,5}))?");

  @Parameter(
      label = "Localizer",
      style = ModelChoice.STYLE,
      required = false,
      persist = false,
      description = "Model that finds objects, by name or file; empty to look at whole images.")
  @InShell("NAME|FILE")
  private String localizer = "";

  @Parameter(
      label = "Score threshold",
      visibility = ItemVisibility.INVISIBLE,
      min = "0",
      max = "1",
      persist = false,
      description = "Minimum score of an object to go on with.")
  private double score = 0.3;

  @Parameter(
      label = "Margin",
      persist = false,
      description = "What is cut out around a box, as a share of its longer side.")
  private double margin = 0.15;

  @Parameter(
      label = "Size of pictures (pixels)",
      persist = false,
      description = "Width and height of pictures, cropped and aligned, such as 96 or 96x64.")
  @InShell(names = "--size", value = "WxH")
  private String side = "96";

  @Parameter(
      label = "Keypoints",
      style = ModelChoice.STYLE,
      required = false,
      persist = false,
      description = "Model that finds keypoints in pictures, by name or file; empty for none.")
  @InShell(names = "--keypoints", value = "NAME|FILE")
  private String points = "";

  @Parameter(
      label = "Anchors",
      required = false,
      persist = false,
      description =
          "Where keypoints go in the aligned picture, such as snout:48:10, tail:48:80; empty not to"
              + " align.")
  @InShell(names = "--anchor", value = "NAME:X:Y,...")
  private String anchors = "";

  @Parameter(
      label = "Classifier",
      style = ModelChoice.STYLE,
      required = false,
      persist = false,
      description = "Model that classifies a picture, by name or file.")
  @InShell("NAME|FILE")
  private String classifier = "";

  @Parameter(
      label = "Segmenter",
      style = ModelChoice.STYLE,
      required = false,
      persist = false,
      description = "Model that segments a picture, by name or file.")
  @InShell("NAME|FILE")
  private String segmenter = "";

  @Parameter(
      label = "Regressor",
      style = ModelChoice.STYLE,
      required = false,
      persist = false,
      description = "Model that measures a picture, by name or file.")
  @InShell("NAME|FILE")
  private String regressor = "";

  @Parameter(
      label = "Pipeline to write",
      style = "save",
      persist = false,
      description = "Pipeline to write: a file that ends in .spyhop.")
  private File output = new File("");

  @Parameter(
      label = "Replace what exists",
      persist = false,
      description = "Replaces a file of that name; else it is left as it is.")
  @InShell(names = "--force")
  private boolean replace = false;

  @Parameter(
      label = "Classes",
      visibility = ItemVisibility.INVISIBLE,
      required = false,
      persist = false,
      description = "Goes on with objects of these classes only, with commas; empty for all.")
  @InShell("NAME,...")
  private String classes = "";

  @Parameter(
      label = "Maximum number of objects",
      visibility = ItemVisibility.INVISIBLE,
      min = "1",
      persist = false,
      description = "Maximum number of objects of an image, those of the highest scores.")
  private int objects = 100;

  @Parameter(
      label = "Confidence threshold",
      visibility = ItemVisibility.INVISIBLE,
      min = "0",
      max = "1",
      persist = false,
      description = "Minimum confidence of a keypoint.")
  private double confidence = 0.1;

  @Parameter(
      label = "File of steps",
      visibility = ItemVisibility.INVISIBLE,
      required = false,
      persist = false,
      description =
          "Steps as pipeline.json has them, instead of the models of steps; see"
              + " docs/bundle-format.md.")
  @InShell(names = "--spec")
  private File steps = new File("");

  @Parameter(
      label = "Models of the file of steps",
      visibility = ItemVisibility.INVISIBLE,
      required = false,
      persist = false,
      description =
          "Which model a step means by a name, NAME=MODEL with commas; by default the one of that"
              + " name.")
  @InShell(names = "--model", value = "NAME=NAME|FILE,...")
  private String models = "";

  /** Puts the known models into the dialog. */
  void offerModels() {
    Map.<String, TaskKind<?, ?>>of(
            "localizer", TaskKind.LOCALIZATION,
            "points", TaskKind.KEYPOINTS,
            "classifier", TaskKind.CLASSIFICATION,
            "segmenter", TaskKind.SEGMENTATION,
            "regressor", TaskKind.REGRESSION)
        .forEach((key, kind) -> ModelChoice.offer(this, key, kind.type()));
  }

  @Override
  void check() {
    boolean named =
        Stream.of(localizer, points, classifier, segmenter, regressor).anyMatch(m -> !m.isBlank());
    boolean file = isWritten();
    if (named && file) {
      throw SettingException.wrong("steps", "models of steps exclude it.");
    }
    if (!named && !file) {
      throw SettingException.wrong(
          "localizer", "expected a model here or for another step, or a file of steps.");
    }
  }

  /** Whether the steps are written in a file. */
  private boolean isWritten() {
    return !steps.getPath().isBlank();
  }

  @Override
  void work(Caller caller) {
    ModelTarget target = ModelTarget.of(output, replace);
    Pipeline pipeline = isWritten() ? written() : byDefault(target, caller.request());
    PipelineFile.write(pipeline, target.path());
    caller.result(
        Strings.format(
            "%s: %s. Written to %s",
            pipeline.spec().name(),
            String.join(", ", pipeline.spec().steps().stream().map(PipelineStep::label).toList()),
            target.path()));
  }

  private Pipeline written() {
    PipelineSpec read;
    try {
      read = PipelineFile.parse(Files.readString(steps.toPath(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new SpyhopException(
          Strings.format("%s: cannot be read: %s.", steps, AtomicFile.reason(e)), e);
    } catch (SpyhopException e) {
      throw new SpyhopException(steps + ": " + e.getMessage(), e);
    }
    Map<String, String> named = named(read);
    Map<String, Model> found = new LinkedHashMap<>();
    for (String name : read.models()) {
      found.put(name, ModelRegistry.standard().find(named.getOrDefault(name, name)));
    }
    return new Pipeline(read, found);
  }

  private Map<String, String> named(PipelineSpec read) {
    Map<String, String> named = new LinkedHashMap<>();
    for (String one : words(models)) {
      int sign = one.indexOf('=');
      String name = sign < 0 ? one : one.substring(0, sign);
      if (sign < 1 || !read.models().contains(name)) {
        throw SettingException.wrong(
            "models",
            Strings.format(
                "no step calls a model %s; they call %s.", name, String.join(", ", read.models())));
      }
      named.put(name, one.substring(sign + 1));
    }
    return named;
  }

  private Pipeline byDefault(ModelTarget target, String request) {
    Matcher sides = SIZE.matcher(side.strip().toLowerCase(Locale.ROOT));
    if (!sides.matches()) {
      throw SettingException.wrong(
          "side", "expected pixels such as 96 or 96x64, received \"" + side + "\".");
    }
    int width = Integer.parseInt(sides.group(1));
    int height = sides.group(2) == null ? width : Integer.parseInt(sides.group(2));
    ModelTraining.About a = about(target);
    return new DefaultPipeline(
            find(localizer)
                .map(m -> new DefaultPipeline.Objects(m, words(classes), score, objects, margin)),
            width,
            height,
            new DefaultPipeline.Alignment(
                find(points),
                confidence,
                setting(
                    "anchors",
                    () -> words(anchors).stream().map(DefaultPipeline::anchor).toList())),
            find(classifier),
            find(segmenter),
            find(regressor))
        .pipeline(
            a.name(),
            a.description(),
            new ModelSpec.Training(
                request,
                "Spyhop " + Version.number(),
                "",
                LocalDate.now(ZoneOffset.UTC).toString(),
                "",
                0,
                0,
                0,
                Map.of()),
            a.author(),
            a.license(),
            a.citation());
  }

  private static Optional<Model> find(String nameOrPath) {
    return word(nameOrPath).map(ModelRegistry.standard()::find);
  }
}
