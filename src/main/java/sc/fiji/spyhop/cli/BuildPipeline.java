package sc.fiji.spyhop.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.model.Model;
import sc.fiji.spyhop.model.ModelRegistry;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.model.Pipeline;
import sc.fiji.spyhop.model.PipelineFile;
import sc.fiji.spyhop.model.PipelineSpec;
import sc.fiji.spyhop.model.PipelineStep;
import sc.fiji.spyhop.model.UsualChain;
import sc.fiji.spyhop.training.ModelTraining;
import sc.fiji.spyhop.util.AtomicFile;
import sc.fiji.spyhop.util.Folders;
import sc.fiji.spyhop.util.Strings;
import sc.fiji.spyhop.util.Version;

/** Puts models together to a pipeline. */
@Command(
    name = "build",
    sortOptions = false,
    description = {
      "Builds a pipeline of models, in one file.",
      "The usual chain is: localize, crop, find keypoints, align, then classify, segment or measure;",
      "name a model for each step that is wanted. For others, write the steps down (--spec; see",
      "docs/bundle-format.md). A chain that does not fit is refused."
    },
    footer = {
      "",
      "Examples:",
      "  spyhop pipeline build --localizer heads.spyhop --keypoints points.spyhop \\",
      "    --anchor bonnet:48:10 --anchor blowhole:48:60 --classifier who.spyhop --output whales.spyhop",
      "  spyhop pipeline build --localizer cells.spyhop --classifier kinds.spyhop --output c.spyhop",
      "  spyhop pipeline build --spec pipeline.json --model heads=heads.spyhop --output mine.spyhop"
    })
final class BuildPipeline extends Job {

  @Option(names = "--output", required = true, paramLabel = "FILE", description = "File to write.")
  private Path output;

  @Option(
      names = "--localizer",
      paramLabel = "NAME|FILE",
      description = "Model that finds objects.")
  private Optional<String> localizer = Optional.empty();

  @Option(
      names = "--classes",
      split = ",",
      paramLabel = "NAME",
      description = "Go on with objects of these classes only (default: all).")
  private List<String> classes = List.of();

  @Option(
      names = "--score",
      paramLabel = "S",
      description = "Least score of an object, 0 to 1 (default: ${DEFAULT-VALUE}).",
      defaultValue = "0.3")
  private double score;

  @Option(
      names = "--objects",
      paramLabel = "N",
      description = "Most objects of an image, the best ones (default: ${DEFAULT-VALUE}).",
      defaultValue = "100")
  private int objects;

  @Option(
      names = "--margin",
      paramLabel = "M",
      description =
          "Of what is cut out around a box, as a share of its longer side (default:"
              + " ${DEFAULT-VALUE}).",
      defaultValue = "0.15")
  private double margin;

  @Option(
      names = "--size",
      paramLabel = "WxH",
      description = "Of pictures, cropped and aligned, pixels (default: ${DEFAULT-VALUE}).",
      defaultValue = "96x96")
  private String size;

  @Option(
      names = "--keypoints",
      paramLabel = "NAME|FILE",
      description = "Model that finds keypoints in the pictures.")
  private Optional<String> keypoints = Optional.empty();

  @Option(
      names = "--confidence",
      paramLabel = "C",
      description = "Least confidence of a keypoint, 0 to 1 (default: ${DEFAULT-VALUE}).",
      defaultValue = "0.1")
  private double confidence;

  @Option(
      names = "--anchor",
      paramLabel = "NAME:X:Y",
      description = "Where a keypoint goes in the aligned picture, pixels; two or more to align.")
  private List<String> anchors = List.of();

  @Option(
      names = "--classifier",
      paramLabel = "NAME|FILE",
      description = "Model that says of which class a picture is.")
  private Optional<String> classifier = Optional.empty();

  @Option(
      names = "--segmenter",
      paramLabel = "NAME|FILE",
      description = "Model that finds regions in a picture.")
  private Optional<String> segmenter = Optional.empty();

  @Option(
      names = "--regressor",
      paramLabel = "NAME|FILE",
      description = "Model that measures a picture.")
  private Optional<String> regressor = Optional.empty();

  @Option(
      names = "--spec",
      paramLabel = "FILE",
      description = "Steps as pipeline.json has them, instead of the options above.")
  private Optional<Path> steps = Optional.empty();

  @Option(
      names = "--model",
      paramLabel = "NAME=NAME|FILE",
      description =
          "With --spec: which model a step means by a name (default: the one of that name).")
  private Map<String, String> models = Map.of();

  @Option(names = "--force", description = "Replace a file that exists.")
  private boolean force;

  @Mixin private AboutOptions about = new AboutOptions();

  @Override
  public Integer call() {
    requireFree(output, force);
    Folders.requireWritable(output.toAbsolutePath().getParent());
    Pipeline pipeline = steps.isPresent() ? written(steps.get()) : usual();
    PipelineFile.write(pipeline, output);
    console()
        .print(
            "%s: %s. Written to %s%n",
            pipeline.spec().name(),
            String.join(", ", pipeline.spec().steps().stream().map(PipelineStep::label).toList()),
            output);
    return Spyhop.OK;
  }

  private Pipeline written(Path file) {
    if (Stream.of(localizer, keypoints, classifier, segmenter, regressor)
        .anyMatch(Optional::isPresent))
      throw misuse("--spec and models of steps exclude each other.");
    PipelineSpec read;
    try {
      read = PipelineFile.parse(Files.readString(file, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new SpyhopException(
          Strings.format("%s: cannot be read: %s.", file, AtomicFile.reason(e)), e);
    } catch (SpyhopException e) {
      throw new SpyhopException(file + ": " + e.getMessage(), e);
    }
    for (String name : models.keySet()) {
      if (read.models().contains(name)) continue;
      throw misuse(
          Strings.format(
              "--model: no step calls a model %s; they call %s.",
              name, String.join(", ", read.models())));
    }
    Map<String, Model> found = new LinkedHashMap<>();
    for (String name : read.models()) {
      found.put(name, ModelRegistry.standard().find(models.getOrDefault(name, name)));
    }
    return new Pipeline(read, found);
  }

  private Pipeline usual() {
    if (Stream.of(localizer, keypoints, classifier, segmenter, regressor)
        .allMatch(Optional::isEmpty)) {
      throw misuse("Expected a model for at least one step, such as --localizer, or --spec.");
    }
    int[] sides = SampleOptions.size(this, size);
    ModelTraining.About a = about.about(output);
    return new UsualChain(
            find(localizer),
            classes,
            score,
            objects,
            margin,
            sides[0],
            sides[1],
            find(keypoints),
            confidence,
            anchors.stream().map(UsualChain::anchor).toList(),
            find(classifier),
            find(segmenter),
            find(regressor))
        .pipeline(
            a.name(),
            a.description(),
            new ModelSpec.Training(
                Trainings.command(spec),
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

  private static Optional<Model> find(Optional<String> nameOrPath) {
    return nameOrPath.map(ModelRegistry.standard()::find);
  }
}
