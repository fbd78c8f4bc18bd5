package sc.fiji.spyhop.training;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.dataset.Dataset;
import sc.fiji.spyhop.dataset.ObjectDiameters;
import sc.fiji.spyhop.image.Normalization;
import sc.fiji.spyhop.image.Resize;
import sc.fiji.spyhop.model.Model;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.model.ObjectSizes;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.ReceptiveField;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.prediction.Annotation;
import sc.fiji.spyhop.prediction.LabelMap;
import sc.fiji.spyhop.task.AnnotationTask;
import sc.fiji.spyhop.task.ImageTask;
import sc.fiji.spyhop.task.PixelTask;
import sc.fiji.spyhop.task.Restoration;
import sc.fiji.spyhop.task.Task;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.weights.Weights;

/**
 * Collects what a {@link ModelTraining} needs. What is not said is as the commands have it: the
 * network and the options that suit the task, the size and the intensities of the images.
 *
 * @param <T> kind of truth
 */
public final class ModelTrainingBuilder<T> {

  private final Task<T, ?> task;
  private final Dataset<T> train;
  private Dataset<T> validation = Dataset.of(List.of());
  private Optional<Dataset<T>> original = Optional.empty();
  private ModelTraining.About about = ModelTraining.About.named("model");
  private ModelTraining.Origin origin = ModelTraining.Origin.of("images in memory");
  private Optional<Network> network = Optional.empty();
  private Optional<Weights> start = Optional.empty();
  private Optional<ModelSpec.Input> input = Optional.empty();
  private TrainingOptions options;

  ModelTrainingBuilder(Task<T, ?> task, Dataset<T> train) {
    if (train.size() == 0) {
      throw new SpyhopException(
          "The training set is empty: expected at least one image with its annotation.");
    }
    this.task = task;
    this.train = train;
    options = task.accept(new Defaults()).options;
  }

  /** What the model is called: letters, digits, dots, hyphens and underscores. */
  public ModelTrainingBuilder<T> named(String name) {
    return about(ModelTraining.About.named(name));
  }

  /** What the model is called, and what is said of it. */
  public ModelTrainingBuilder<T> about(ModelTraining.About value) {
    about = value;
    return this;
  }

  /** What is recorded of where the weights come from. */
  public ModelTrainingBuilder<T> origin(ModelTraining.Origin value) {
    origin = value;
    return this;
  }

  /** One that ends with the outputs that the task's heads ask for. */
  public ModelTrainingBuilder<T> network(Network value) {
    network = Optional.of(value);
    return this;
  }

  /** Weights to begin with, which are kept if no epoch is better; random ones else. */
  public ModelTrainingBuilder<T> start(Weights value) {
    start = Optional.of(value);
    return this;
  }

  /** The same; absent: random ones. */
  public ModelTrainingBuilder<T> start(Optional<Weights> value) {
    start = value;
    return this;
  }

  /** How images are brought to the network. */
  public ModelTrainingBuilder<T> input(ModelSpec.Input value) {
    input = Optional.of(value);
    return this;
  }

  /** Images by which it is told which epoch is the best; without them the loss decides. */
  public ModelTrainingBuilder<T> validation(Dataset<T> value) {
    validation = value;
    return this;
  }

  /**
   * Validation images in their own size, where the others were resized; see {@link ModelTraining}.
   */
  public ModelTrainingBuilder<T> original(Optional<Dataset<T>> value) {
    original = value;
    return this;
  }

  /** How to train; by default what suits the task. */
  public ModelTrainingBuilder<T> options(TrainingOptions value) {
    options = value;
    return this;
  }

  /** Changes some of the options. */
  public ModelTrainingBuilder<T> options(UnaryOperator<TrainingOptions.Builder> changes) {
    return options(changes.apply(options.with()).build());
  }

  /** How often about everything is shown to the network. */
  public ModelTrainingBuilder<T> epochs(int value) {
    return options(o -> o.epochs(value));
  }

  /** Of all that is chosen at random. */
  public ModelTrainingBuilder<T> seed(long value) {
    return options(o -> o.seed(value));
  }

  /**
   * Looks at the images, as far as something is to be found out of them.
   *
   * @throws SpyhopException if they have different channels
   */
  public ModelTraining<T> build() {
    Found found =
        network.isPresent() && input.isPresent()
            ? new Found(network.get(), input.get(), start)
            : task.accept(new Defaults()).find();
    return new ModelTraining<>(
        about,
        origin,
        task,
        found.network,
        start.or(() -> found.start),
        input.orElse(found.input),
        train,
        validation,
        original,
        options);
  }

  /** As {@link TrainingRun#trained()}. */
  public Model train() {
    return build().trained();
  }

  private record Found(Network network, ModelSpec.Input input, Optional<Weights> start) {}

  /** What is not said, for a family of tasks. */
  private record Family(TrainingOptions options, java.util.function.Supplier<Found> finder) {
    Found find() {
      return finder.get();
    }
  }

  private final class Defaults implements Task.FamilyVisitor<Family> {

    @Override
    public Family image(ImageTask<?> of) {
      return new Family(TrainingOptions.IMAGES, () -> images(of));
    }

    @Override
    public Family annotation(AnnotationTask of) {
      return new Family(TrainingOptions.DETECTION, () -> annotations(of));
    }

    @Override
    public Family pixels(PixelTask<?> of) {
      return new Family(TrainingOptions.DEFAULT, () -> labels(of));
    }

    @Override
    public Family restoration(Restoration of) {
      return new Family(TrainingOptions.RESTORATION, () -> restored(of));
    }
  }

  private Optional<Shape> fixed() {
    return network.map(n -> n.inputs().get(0).shape()).filter(Shape::isFixed);
  }

  private Found images(ImageTask<?> of) {
    Optional<ImageInputs.Size> size =
        fixed().map(s -> new ImageInputs.Size(s.space().get(1), s.space().get(0)));
    ModelSpec.Input shown =
        input.orElseGet(() -> ImageInputs.of(train, size, Optional.empty(), Progress.NONE));
    Resize.View view = shown.fit().view(1, 1);
    Shape shape = Shape.of(shown.channels(), view.height(), view.width());
    return new Found(
        network.orElseGet(() -> ImageNetwork.of(ImageNetwork.SMALL, shape, of)),
        shown,
        Optional.empty());
  }

  /** The task's type says what its truth is, so the cast is sound. */
  @SuppressWarnings("unchecked")
  private Found labels(PixelTask<?> of) {
    Dataset<LabelMap> images = (Dataset<LabelMap>) train;
    int channels = images.get(0).frame().channels();
    ModelSpec.Input shown =
        new ModelSpec.Input(
            Axes.NCHW,
            channels,
            Normalization.ofEachImage("percentile").orElseThrow(),
            ImageInputs.pixelSize(images, Progress.NONE));
    boolean objects = of.labelClasses().isEmpty();
    return new Found(
        network.orElseGet(() -> new SegmentationNetwork("unet", List.of()).network(channels, of)),
        objects
            ? shown.withObjects(
                ObjectSizes.of(ObjectDiameters.of(images, of::ignores, Progress.NONE).together()))
            : shown,
        Optional.empty());
  }

  private Found restored(Restoration of) {
    int channels = train.get(0).frame().channels();
    ModelSpec.Input shown =
        new ModelSpec.Input(
            Axes.NCHW,
            channels,
            Normalization.ofEachImage("percentile").orElseThrow(),
            ImageInputs.pixelSize(train, Progress.NONE));
    if (network.isPresent()) return new Found(network.get(), shown, Optional.empty());
    RestorationNetwork design = RestorationNetwork.suited("unet", List.of(), channels, of);
    Network made = design.network(channels, of);
    return new Found(made, shown, Optional.of(design.start(made, options.seed())));
  }

  /** The same. */
  @SuppressWarnings("unchecked")
  private Found annotations(AnnotationTask of) {
    Dataset<Annotation> images = (Dataset<Annotation>) train;
    if (network.isEmpty()) {
      DetectionTraining.Plan plan =
          DetectionTraining.plan(
              images,
              of,
              new DetectionTraining.Design(DetectionTraining.COMPACT, List.of()),
              DetectionTraining.scaled(images, Optional.empty()),
              options.seed(),
              Progress.NONE);
      return new Found(plan.network(), plan.input(), Optional.of(plan.weights()));
    }
    Network own = network.get();
    ModelSpec.Input looked =
        ImageInputs.of(
            train,
            fixed().map(s -> new ImageInputs.Size(s.space().get(1), s.space().get(0))),
            Optional.empty(),
            Progress.NONE);
    Resize fit =
        of.mapped()
            ? new Resize.Scaled(1, Collections.max(ReceptiveField.of(own).sizeMultiple()))
            : looked.fit();
    return new Found(
        own,
        new ModelSpec.Input(
                looked.axes(),
                looked.channels(),
                looked.colors(),
                fit,
                looked.normalization(),
                looked.pixelSize())
            .withObjects(DetectionTraining.sizes(images, of, fit)),
        Optional.empty());
  }
}
