package sc.fiji.spyhop.command;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.scijava.ItemVisibility;
import org.scijava.command.Command;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.dataset.Augmentation;
import sc.fiji.spyhop.ij.annotation.Kind;
import sc.fiji.spyhop.ij.annotation.Marks;
import sc.fiji.spyhop.job.Caller;
import sc.fiji.spyhop.job.ModelTarget;
import sc.fiji.spyhop.job.SettingException;
import sc.fiji.spyhop.model.Model;
import sc.fiji.spyhop.model.ModelRegistry;
import sc.fiji.spyhop.task.MultiLabelSegmentation;
import sc.fiji.spyhop.task.Regression;
import sc.fiji.spyhop.task.SegmentationTask;
import sc.fiji.spyhop.task.SemanticSegmentation;
import sc.fiji.spyhop.task.Task;
import sc.fiji.spyhop.training.Checkpoints;
import sc.fiji.spyhop.training.TrainingOptions;
import sc.fiji.spyhop.training.TrainingRun;
import sc.fiji.spyhop.training.finetuning.Continuation;
import sc.fiji.spyhop.training.finetuning.FineTuning;
import sc.fiji.spyhop.training.finetuning.Kept;
import sc.fiji.spyhop.util.Decimals;

/**
 * Trains a model further, on images of one's own: for other classes, other numbers, label images,
 * boxes or keypoints. In a macro:
 *
 * <pre>run("Spyhop Fine-Tune", "model=nuclei data=/data/cells output=/data/cells.spyhop");</pre>
 */
@Plugin(
    type = Command.class,
    menuPath = "Plugins>Spyhop>Spyhop Fine-Tune",
    headless = true,
    initializer = "offerModels",
    description = "Fine-tunes a model on images of your own, for its own task or another one.")
public final class FineTuneCommand extends TrainCommand {

  @Parameter(
      label = "Model",
      style = ModelChoice.STYLE,
      persist = false,
      description = "Model to start from: its name, or path of its .spyhop file.")
  @InShell("NAME|FILE")
  private String model = "";

  @Parameter(
      label = "Task",
      choices = {"auto", "classify", "regress", "segment", "localize", "keypoints", "restore"},
      persist = false,
      description =
          "What the new model is for. auto: what the images are annotated with; where that may be"
              + " several things, what the model is for.")
  @InShell(names = "--task")
  private String purpose = "auto";

  @Parameter(label = "Everything is labelled", persist = false, description = COMPLETE_HELP)
  @InImageJ
  private boolean complete = false;

  @Parameter(
      label = "Train only the new layers",
      persist = false,
      description =
          "Trains only the new layers, the last one or the decoder; all else stays as it is.")
  @InShell(names = "--head-only")
  private boolean head = false;

  @Parameter(
      label = "Classes",
      visibility = ItemVisibility.INVISIBLE,
      required = false,
      persist = false,
      description =
          "Names with commas: of labels 0, 1, ... of a segmentation, empty to find objects; of"
              + " images or boxes, empty for those the model knows, or all there are.")
  @InShell("NAME,...")
  private String classes = "";

  @Parameter(
      label = "Classes of objects",
      visibility = ItemVisibility.INVISIBLE,
      required = false,
      persist = false,
      description =
          "Names with commas: classes of objects that are learnt; a model for pixels learns to find"
              + " objects, for which one name will do; empty for those it knows.")
  @InShell("NAME,...")
  private String object = "";

  @Parameter(
      label = "Several classes for an image",
      visibility = ItemVisibility.INVISIBLE,
      persist = false,
      description =
          "Classes do not exclude each other: an image, or a pixel, may be of several, or of none;"
              + " found out where the model, a table or labels of slices say so.")
  private boolean several = false;

  @Parameter(
      label = "Label to ignore",
      visibility = ItemVisibility.INVISIBLE,
      required = false,
      persist = false,
      description = IGNORE_HELP)
  @InShell("LABEL")
  private String ignore = "";

  @Parameter(
      label = "Last layer to keep",
      visibility = ItemVisibility.INVISIBLE,
      required = false,
      persist = false,
      description = "Only what comes after this layer is changed; empty to change all.")
  @InShell("LAYER")
  private String layers = "";

  @Parameter(
      label = "Learning rates of layers",
      visibility = ItemVisibility.INVISIBLE,
      required = false,
      persist = false,
      description =
          "Factors of the learning rate, LAYER:FACTOR with commas, such as conv5:0.3; 1 for other"
              + " layers.")
  @InShell(names = "--rates", value = "LAYER:FACTOR,...")
  private String factors = "";

  @Parameter(
      label = "Learn statistics",
      visibility = ItemVisibility.INVISIBLE,
      persist = false,
      description =
          "Lets batch normalizations learn from the new images too; better only where there are"
              + " many.")
  @InShell(names = "--learn-statistics")
  private boolean statistics = false;

  /** Made by ImageJ and by the shell, which then fill in the parameters. */
  public FineTuneCommand() {
    super(FineTuning.WHOLE);
    leaveEpochsOpen();
  }

  /** Puts the known models and the open images into the dialog. */
  void offerModels() {
    ModelChoice.offer(this, "model", Task.class);
    offerImages();
  }

  @Override
  void check() {
    super.check();
    ModelChoice.require(model, Task.class);
    if (!object.isBlank() && !classes.isBlank()) {
      throw SettingException.wrong("object", "it and classes exclude each other.");
    }
    label("ignore", ignore);
    whole();
    rates();
  }

  @Override
  TrainingData source(Caller caller) {
    Task<?, ?> task = base().spec().task();
    return TrainingData.of(this, marks -> wanted(task, marks), complete, caller);
  }

  private Model base() {
    return ModelRegistry.standard().find(model.strip());
  }

  @Override
  Checkpoints checkpoints(ModelTarget target) {
    var folder = target.trainingFolder(Optional.empty());
    if (!replaces()) ModelTarget.requireNoTraining(folder);
    return Checkpoints.startIn(folder);
  }

  @Override
  TrainingRun plan(TrainingData source, ModelTarget target, Caller caller, Progress shown) {
    return Continuation.of(base(), source.folder(), reader())
        .about(about(target))
        .origin(origin(caller, source.name() + ", from " + model.strip()))
        .index(index())
        .subset(subset())
        .annotations(annotations())
        .ignored(label("ignore", ignore))
        .purpose(purpose().or(() -> source.kind().map(FineTuneCommand::purpose)))
        .names(words(classes))
        .objects(words(object))
        .severally(several)
        .splitter(splitter(source))
        .schedules(
            new Continuation.Schedules(
                FineTuning.HEAD.with().seed(seed()).build(),
                whole(),
                further(Continuation.CROPS, Augmentation.DEFAULT),
                further(Continuation.DETECTION, Augmentation.MILD),
                further(Continuation.RESTORATION, Augmentation.TURNS)))
        .kept(new Kept(head, !statistics, word(layers)))
        .build()
        .plan(shown);
  }

  /** A rate that is asked for is the only one. */
  private List<TrainingOptions> whole() {
    TrainingOptions careful = further(FineTuning.WHOLE, Augmentation.MILD);
    return careful.learningRate() == FineTuning.WHOLE.learningRate()
        ? FineTuning.rounds(careful)
        : List.of(careful);
  }

  private TrainingOptions further(TrainingOptions defaults, Augmentation auto) {
    return options(defaults, epochs(), seed(), auto).with().rates(rates()).build();
  }

  private Optional<Continuation.Purpose> purpose() {
    return purpose.equals("auto")
        ? Optional.empty()
        : Optional.of(Continuation.Purpose.valueOf(purpose.toUpperCase(Locale.ROOT)));
  }

  private Map<String, Double> rates() {
    Map<String, Double> rates = new LinkedHashMap<>();
    for (String one : words(factors)) {
      int sign = Math.max(one.lastIndexOf(':'), one.lastIndexOf('='));
      double factor = sign < 1 ? Double.NaN : Decimals.parse(one.substring(sign + 1));
      if (Double.isNaN(factor)) {
        throw SettingException.wrong(
            "factors", "expected LAYER:FACTOR such as conv5:0.3, received \"" + one + "\".");
      }
      rates.put(one.substring(0, sign).strip(), factor);
    }
    return rates;
  }

  /** What of an open image a model learns: what it is for, if that is marked. */
  private TrainingData.Wanted wanted(Task<?, ?> task, Marks marks) {
    Optional<Continuation.Purpose> next = purpose();
    Kind own = kind(next.orElseGet(() -> Continuation.Purpose.of(task)), task, marks);
    Kind kind = next.isPresent() || !marks.marked(own).isEmpty() ? own : Kind.of("auto", marks);
    return new TrainingData.Wanted(
        kind,
        switch (kind) {
          case PIXELS -> pixels(task);
          case OVERLAPS -> words(classes);
          case VALUES -> number(task);
          default -> List.of();
        });
  }

  private Kind kind(Continuation.Purpose purpose, Task<?, ?> task, Marks marks) {
    return switch (purpose) {
      case CLASSIFY -> Kind.SLICES;
      case REGRESS -> Kind.VALUES;
      case LOCALIZE -> Kind.BOXES;
      case KEYPOINTS -> Kind.POINTS;
      case RESTORE ->
          throw new SpyhopException(
              "What restores images goes on learning from a folder of images and targets: expected a"
                  + " folder, received an open image.");
      case SEGMENT -> {
        if (several || task instanceof MultiLabelSegmentation) yield Kind.OVERLAPS;
        if (!pixels(task).isEmpty()) yield Kind.PIXELS;
        yield task instanceof SegmentationTask ? Kind.OBJECTS : Kind.painted(marks);
      }
    };
  }

  private static Continuation.Purpose purpose(Kind kind) {
    return switch (kind) {
      case SLICES -> Continuation.Purpose.CLASSIFY;
      case VALUES -> Continuation.Purpose.REGRESS;
      case BOXES -> Continuation.Purpose.LOCALIZE;
      case POINTS -> Continuation.Purpose.KEYPOINTS;
      case OBJECTS, PIXELS, OVERLAPS -> Continuation.Purpose.SEGMENT;
    };
  }

  private List<String> pixels(Task<?, ?> task) {
    List<String> named = words(classes);
    return named.isEmpty() && task instanceof SemanticSegmentation s ? s.classes() : named;
  }

  /** A label of a slice is one number; of a model that says one, it is that. */
  private static List<String> number(Task<?, ?> task) {
    if (!(task instanceof Regression r) || r.names().size() != 1) return List.of();
    String unit = r.units().get(0);
    return List.of(unit.isEmpty() ? r.names().get(0) : r.names().get(0) + " (" + unit + ")");
  }
}
