package sc.fiji.spyhop.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.dataset.ClassImages;
import sc.fiji.spyhop.dataset.SegmentationFolder;
import sc.fiji.spyhop.dataset.Split;
import sc.fiji.spyhop.dataset.ValueImages;
import sc.fiji.spyhop.model.Model;
import sc.fiji.spyhop.model.ModelRegistry;
import sc.fiji.spyhop.prediction.LabelMap;
import sc.fiji.spyhop.prediction.RealValues;
import sc.fiji.spyhop.task.Classification;
import sc.fiji.spyhop.task.ImageTask;
import sc.fiji.spyhop.task.Regression;
import sc.fiji.spyhop.task.SegmentationTask;
import sc.fiji.spyhop.training.Checkpoints;
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

  private enum Kind {
    CLASSIFY,
    REGRESS
  }

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
      paramLabel = "classify|regress",
      description = "What the new model is for (default: what BASE is for).")
  private Optional<Kind> task = Optional.empty();

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
    Checkpoints kept = Checkpoints.startIn(folder);
    Model base = ModelRegistry.standard().find(model);
    if (base.spec().task() instanceof SegmentationTask s) {
      if (task.isPresent()) {
        throw new SpyhopException(
            "Model %s is for %s and cannot start a model that classifies or measures."
                .formatted(base.spec().name(), s.kind()));
      }
      ModelTraining<LabelMap> further = segmentation(base, s);
      return Trainings.run(console(), further::run, kept, output);
    }
    boolean measures =
        task.map(k -> k == Kind.REGRESS).orElse(base.spec().task() instanceof Regression);
    return measures ? regress(base, kept) : classify(base, kept);
  }

  private Integer classify(Model base, Checkpoints kept) {
    List<String> known = base.spec().task() instanceof Classification c ? c.classes() : List.of();
    ClassImages images =
        ClassImages.read(data, files.index(), files.subset(), List.of(), files.reader(this));
    Classification wanted =
        images.classes().equals(known)
            ? (Classification) base.spec().task()
            : Classification.of(images.classes());
    return tune(base, wanted, images.split(validation, learning.seed()), kept);
  }

  private Integer regress(Model base, Checkpoints kept) {
    ValueImages images =
        ValueImages.read(data, files.index(), files.subset(), List.of(), files.reader(this));
    Split<RealValues> split = Split.byImage(images.samples(), validation, learning.seed());
    boolean same =
        base.spec().task() instanceof Regression r
            && r.names().equals(images.names())
            && r.units().equals(images.units());
    List<RealValues> truth = new ArrayList<>();
    for (int i = 0; i < split.train().size(); i++) truth.add(split.train().get(i).truth());
    Regression wanted =
        same
            ? (Regression) base.spec().task()
            : Regression.of(images.names(), images.units(), truth);
    return tune(base, wanted, split, kept);
  }

  private <T> Integer tune(Model base, ImageTask<T> wanted, Split<T> split, Checkpoints kept) {
    TrainingOptions whole = learning.options(augment.augmentation()).with().rates(rates).build();
    FineTuning<T> tuning =
        new FineTuning<>(
            about.about(output),
            origin(),
            base,
            wanted,
            split.train(),
            split.validation(),
            FineTuning.HEAD.with().seed(learning.seed()).build(),
            whole,
            headOnly,
            !learnStatistics,
            layers);
    return Trainings.run(console(), tuning::run, kept, output);
  }

  private ModelTraining<LabelMap> segmentation(Model base, SegmentationTask segmentation) {
    TrainingOptions usual = TrainingOptions.DEFAULT;
    TrainingOptions options =
        learning
            .options(augment.augmentation())
            .with()
            .batch(usual.batch())
            .augmentation(usual.augmentation())
            .rates(rates)
            .build();
    Split<LabelMap> split =
        Split.byImage(
            SegmentationFolder.read(data, files.index(), files.subset(), files.reader(this)),
            validation,
            learning.seed());
    return new ModelTraining<>(
        about.about(output),
        origin(),
        segmentation,
        base.network(),
        Optional.of(base.weights()),
        base.spec().input(),
        split.train(),
        split.validation(),
        options);
  }

  private ModelTraining.Origin origin() {
    return new ModelTraining.Origin(
        Trainings.command(spec),
        "Spyhop " + Version.number(),
        data.toAbsolutePath().getFileName() + ", from " + model);
  }
}
