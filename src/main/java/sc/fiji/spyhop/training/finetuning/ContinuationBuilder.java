package sc.fiji.spyhop.training.finetuning;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.dataset.Augmentation;
import sc.fiji.spyhop.dataset.Grouping;
import sc.fiji.spyhop.dataset.Splitter;
import sc.fiji.spyhop.dataset.format.AnnotationFiles;
import sc.fiji.spyhop.image.ImageReader;
import sc.fiji.spyhop.model.Model;
import sc.fiji.spyhop.training.ModelTraining;
import sc.fiji.spyhop.training.TrainingListener;
import sc.fiji.spyhop.training.TrainingOptions;
import sc.fiji.spyhop.util.FileNames;

/** Collects what a {@link Continuation} needs. What is not said is as the command has it. */
public final class ContinuationBuilder {

  private final Model base;
  private final Path folder;
  private final ImageReader reader;
  private ModelTraining.About about;
  private ModelTraining.Origin origin;
  private Optional<Path> index = Optional.empty();
  private Optional<String> subset = Optional.empty();
  private AnnotationFiles annotations;
  private int ignored = -1;
  private Optional<Continuation.Purpose> purpose = Optional.empty();
  private List<String> names = List.of();
  private List<String> objects = List.of();
  private boolean severally;
  private Splitter splitter = new Splitter(new Grouping.ByName(), 0.1, 1);
  private Kept kept = new Kept(false, true, Optional.empty());
  private Continuation.Schedules schedules =
      new Continuation.Schedules(
          FineTuning.HEAD,
          FineTuning.rounds(FineTuning.WHOLE),
          Continuation.CROPS,
          Continuation.DETECTION.with().augmentation(Augmentation.MILD).build(),
          Continuation.RESTORATION);

  ContinuationBuilder(Model base, Path folder, ImageReader reader) {
    this.base = base;
    this.folder = folder;
    this.reader = reader;
    annotations = new AnnotationFiles(reader);
    about = ModelTraining.About.named(base.spec().name());
    origin =
        ModelTraining.Origin.of(
            "images in " + FileNames.last(folder) + ", from " + base.spec().name());
  }

  /** What the model is called: letters, digits, dots, hyphens and underscores. */
  public ContinuationBuilder named(String name) {
    return about(ModelTraining.About.named(name));
  }

  /** What the model is called, and what is said of it. */
  public ContinuationBuilder about(ModelTraining.About value) {
    about = value;
    return this;
  }

  /** What is recorded of where the weights come from. */
  public ContinuationBuilder origin(ModelTraining.Origin value) {
    origin = value;
    return this;
  }

  /** A table of the images; absent: that of the folder, if it has one. */
  public ContinuationBuilder index(Optional<Path> value) {
    index = value;
    return this;
  }

  /** A part of the table alone; absent: all. */
  public ContinuationBuilder subset(Optional<String> value) {
    subset = value;
    return this;
  }

  /** Who reads annotations, if other formats are to be known as well. */
  public ContinuationBuilder annotations(AnnotationFiles value) {
    annotations = value;
    return this;
  }

  /** Label of pixels that nobody has labelled; negative: none. */
  public ContinuationBuilder ignored(int label) {
    ignored = label;
    return this;
  }

  /** What the new model is for; absent: as the images are annotated. */
  public ContinuationBuilder purpose(Optional<Continuation.Purpose> value) {
    purpose = value;
    return this;
  }

  /** Names of what is learnt, see {@link Continuation}. */
  public ContinuationBuilder names(List<String> value) {
    names = List.copyOf(value);
    return this;
  }

  /** Classes of objects that are learnt, see {@link Continuation}. */
  public ContinuationBuilder objects(List<String> value) {
    objects = List.copyOf(value);
    return this;
  }

  /** Whether an image may be of several classes, or of none; found out where the images say so. */
  public ContinuationBuilder severally(boolean value) {
    severally = value;
    return this;
  }

  /** How images for validation are drawn; by default a tenth of them. */
  public ContinuationBuilder splitter(Splitter value) {
    splitter = value;
    return this;
  }

  /** What of the base stays as it is; by default its statistics alone. */
  public ContinuationBuilder kept(Kept value) {
    kept = value;
    return this;
  }

  /** How each kind of network is trained. */
  public ContinuationBuilder schedules(Continuation.Schedules value) {
    schedules = value;
    return this;
  }

  /** Changes some options of the training, whatever it turns out to be; not those of a new head. */
  public ContinuationBuilder options(UnaryOperator<TrainingOptions.Builder> changes) {
    UnaryOperator<TrainingOptions> changed = o -> changes.apply(o.with()).build();
    return schedules(
        new Continuation.Schedules(
            schedules.head(),
            schedules.whole().stream().map(changed).toList(),
            changed.apply(schedules.crops()),
            changed.apply(schedules.detection()),
            changed.apply(schedules.restoration())));
  }

  /** How often about everything is shown to the network. */
  public ContinuationBuilder epochs(int value) {
    return options(o -> o.epochs(value));
  }

  /** The training, which has looked at nothing yet. */
  public Continuation build() {
    return new Continuation(
        about,
        origin,
        base,
        new Continuation.Images(folder, index, subset, reader, annotations, ignored),
        purpose,
        names,
        objects,
        severally,
        splitter,
        schedules,
        kept);
  }

  /**
   * Trains on the best device of this machine.
   *
   * @return the model with the best weights
   * @throws SpyhopException if the folder does not hold such images, the base cannot start what is
   *     asked for, or no epoch came to a good end
   */
  public Model train() {
    return train(TrainingListener.NONE, Progress.NONE);
  }

  /**
   * The same, told and to be cancelled.
   *
   * @throws java.util.concurrent.CancellationException if cancelled before an epoch was completed
   */
  public Model train(TrainingListener listener, Progress progress) {
    return build().plan(progress).trained(listener, progress);
  }
}
