package sc.fiji.spyhop.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import sc.fiji.spyhop.model.ModelRegistry;
import sc.fiji.spyhop.training.Checkpoints;
import sc.fiji.spyhop.training.Continuation;
import sc.fiji.spyhop.training.FineTuning;
import sc.fiji.spyhop.training.ModelTraining;
import sc.fiji.spyhop.training.TrainingOptions;

/** Trains a model further, or for something else. */
@Command(
    name = "finetune",
    sortOptions = false,
    customSynopsis = "spyhop finetune --model BASE --data DIR --output FILE [OPTIONS]",
    description = {
      "Trains a model further, on images of your own.",
      "A model that classifies or measures learns your classes or numbers: its last layer is replaced",
      "and trained alone, then all of it is trained with a smaller rate. If DIR holds the classes that",
      "it knows, in their order, or label images for a model that segments, it is only trained further.",
      "For label images, a model that classifies gets a decoder, which learns ten times",
      "faster than the rest.",
      "Images are brought to the network as those it was made for."
    },
    footer = {
      "",
      "Examples:",
      "  spyhop finetune --model mobilenet.spyhop --data flowers --output flowers.spyhop",
      "  spyhop finetune --model nuclei --data mydata --output mynuclei.spyhop",
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
      description = "Folder of annotated images, as for spyhop train.")
  private Path data;

  @Option(
      names = "--output",
      required = true,
      paramLabel = "FILE",
      description = "Model to write, such as my.spyhop.")
  private Path output;

  @Option(
      names = "--task",
      paramLabel = "classify|regress|segment",
      description =
          "What the new model is for (default: segment if DIR holds folders images and labels, else"
              + " what BASE is for).")
  private Optional<Continuation.Purpose> task = Optional.empty();

  @Option(
      names = "--classes",
      split = ",",
      paramLabel = "NAME",
      description =
          "Segmentation by a model that classified: names of labels 0, 1, ..., to tell classes of"
              + " pixels apart (default: objects are found).")
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

  @Option(names = "--head-only", description = "Train nothing but the new last layer.")
  private boolean headOnly;

  @Option(
      names = "--learn-statistics",
      description =
          "Let batch norms learn from the new images too; better only where there are many.")
  private boolean learnStatistics;

  @Option(names = "--force", description = "Replace a model or a training that exists.")
  private boolean force;

  @Mixin private LearningOptions learning = new LearningOptions(FineTuning.WHOLE);

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
    Path folder = output.resolveSibling(Trainings.name(output) + "-training");
    if (!force) Trainings.requireNone(folder);
    TrainingOptions whole = learning.options(augment.augmentation()).with().rates(rates).build();
    TrainingOptions crops =
        learning
            .options(Continuation.CROPS, augment.augmentation(AugmentOptions.Preset.MICROSCOPY))
            .with()
            .rates(rates)
            .build();
    Continuation next =
        new Continuation(
            about.about(output),
            origin(),
            ModelRegistry.standard().find(model),
            new Continuation.Images(data, files.index(), files.subset(), files.reader(this)),
            task,
            classes,
            validation,
            FineTuning.HEAD.with().seed(learning.seed()).build(),
            whole,
            crops,
            headOnly,
            !learnStatistics,
            layers);
    return Trainings.run(console(), next.plan(), Checkpoints.startIn(folder), output);
  }

  private ModelTraining.Origin origin() {
    return new ModelTraining.Origin(
        Trainings.command(spec),
        "Spyhop " + Version.number(),
        data.toAbsolutePath().getFileName() + ", from " + model);
  }
}
