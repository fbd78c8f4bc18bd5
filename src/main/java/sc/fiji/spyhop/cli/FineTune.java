package sc.fiji.spyhop.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import sc.fiji.spyhop.dataset.format.AnnotationFiles;
import sc.fiji.spyhop.ij.RoiFormat;
import sc.fiji.spyhop.image.ImageReader;
import sc.fiji.spyhop.model.ModelRegistry;
import sc.fiji.spyhop.training.Checkpoints;
import sc.fiji.spyhop.training.Continuation;
import sc.fiji.spyhop.training.FineTuning;
import sc.fiji.spyhop.training.ModelTraining;
import sc.fiji.spyhop.training.TrainingOptions;
import sc.fiji.spyhop.training.TrainingRun;
import sc.fiji.spyhop.util.Folders;
import sc.fiji.spyhop.util.Version;

/** Trains a model further, or for something else. */
@Command(
    name = "finetune",
    sortOptions = false,
    customSynopsis = "spyhop finetune --model BASE --data DIR --output FILE [OPTIONS]",
    description = {
      "Fine-tunes a model on images of your own, for its own task or another one.",
      "If DIR holds what the model knows, it is trained further. Else it gets new last layers, which",
      "are trained alone first; then all of it is trained with a smaller rate. For classes and numbers",
      "that is one layer; for label images, boxes and keypoints a decoder, which goes on learning ten",
      "times faster than the rest."
    },
    footer = {
      "",
      "Examples:",
      "  spyhop finetune --model mobilenet.spyhop --data flowers --output flowers.spyhop",
      "  spyhop finetune --model nuclei --data mydata --output mynuclei.spyhop",
      "  spyhop finetune --model mobilenet.spyhop --data mouse --task keypoints --output m.spyhop",
      "  spyhop finetune --model vgg19.spyhop --data mydata --output my.spyhop --layers conv5_1"
          + " --rates conv5_1=0.3,conv5_2=0.5"
    })
final class FineTune extends Job {

  @Option(
      names = "--model",
      required = true,
      paramLabel = "BASE",
      description = "Name of a model or its file.")
  private String model;

  @Option(
      names = "--data",
      required = true,
      paramLabel = "DIR",
      description = "Annotated images, as for spyhop train.")
  private Path data;

  @Option(
      names = "--output",
      required = true,
      paramLabel = "FILE",
      description = "Model to write, such as my.spyhop.")
  private Path output;

  @Option(
      names = "--task",
      paramLabel = "classify|regress|segment|localize|keypoints",
      description =
          "What the new model is for (default: what DIR is annotated with; where that may be several"
              + " things, what BASE is for).")
  private Optional<Continuation.Purpose> task = Optional.empty();

  @Option(
      names = "--classes",
      split = ",",
      paramLabel = "NAME",
      description =
          "Segmentation: names of labels 0, 1, ..., to tell classes of pixels apart (default: objects"
              + " are found). Boxes: the classes to learn (default: all).")
  private List<String> classes = List.of();

  @Mixin private ImageSetOptions files = new ImageSetOptions();

  @Option(
      names = "--validation",
      paramLabel = "SHARE",
      description =
          "Share of the images to validate on, never trained on (default: 0.1; 0 for none).")
  private double validation = 0.1;

  @Option(
      names = "--layers",
      paramLabel = "LAYER",
      description = "Change only what comes after this layer (default: all).")
  private Optional<String> layers = Optional.empty();

  @Option(
      names = "--rates",
      split = ",",
      paramLabel = "LAYER=FACTOR",
      description = "Learning rates of layers, as factors of --rate (default: 1 each).")
  private Map<String, Double> rates = Map.of();

  @Option(names = "--head-only", description = "Train nothing but the new layers.")
  private boolean headOnly;

  @Option(
      names = "--learn-statistics",
      description =
          "Let batch norms learn from the new images too; better only where there are many.")
  private boolean learnStatistics;

  @Option(names = "--force", description = "Replace a model or a training that exists.")
  private boolean force;

  @Mixin
  private LearningOptions learning =
      new LearningOptions(FineTuning.WHOLE)
          .or(Continuation.CROPS, "for label images, boxes and keypoints");

  @Mixin private AugmentOptions augment = new AugmentOptions(AugmentOptions.Preset.MILD);

  @Mixin private AboutOptions about = new AboutOptions();

  @Override
  public Integer call() {
    if (!(validation >= 0 && validation < 1)) {
      throw misuse(
          "--validation: expected a share from 0 to below 1, received " + validation + ".");
    }
    requireFree(output, force);
    Folders.requireWritable(output.toAbsolutePath().getParent());
    ImageReader reader = files.reader(this);
    Path folder = output.resolveSibling(Trainings.name(output) + "-training");
    if (!force) Trainings.requireNone(folder);
    TrainingOptions whole = learning.options(augment.augmentation()).with().rates(rates).build();
    TrainingOptions crops =
        learning
            .options(Continuation.CROPS, augment.augmentation(AugmentOptions.Preset.MICROSCOPY))
            .with()
            .rates(rates)
            .build();
    TrainingOptions scenes =
        learning.options(Continuation.SCENES, augment.augmentation()).with().rates(rates).build();
    Continuation next =
        new Continuation(
            about.about(output),
            origin(),
            ModelRegistry.standard().find(model),
            new Continuation.Images(
                data,
                files.index(),
                files.subset(),
                reader,
                new AnnotationFiles(reader, new RoiFormat())),
            task,
            classes,
            validation,
            FineTuning.HEAD.with().seed(learning.seed()).build(),
            whole,
            crops,
            scenes,
            headOnly,
            !learnStatistics,
            layers);
    TrainingRun run;
    try (ConsoleProgress progress = new ConsoleProgress(console(), "Reading", 1)) {
      progress.begin("reading");
      run = next.plan(progress);
    }
    return Trainings.run(console(), run, Checkpoints.startIn(folder), output);
  }

  private ModelTraining.Origin origin() {
    return new ModelTraining.Origin(
        Trainings.command(spec),
        "Spyhop " + Version.number(),
        data.toAbsolutePath().getFileName() + ", from " + model);
  }
}
