package sc.fiji.spyhop.command;

import java.io.File;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.scijava.ItemVisibility;
import org.scijava.app.StatusService;
import org.scijava.command.Command;
import org.scijava.command.DynamicCommand;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;
import org.scijava.task.TaskService;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.dataset.format.AnnotationFiles;
import sc.fiji.spyhop.ij.ImageFiles;
import sc.fiji.spyhop.ij.RoiFormat;
import sc.fiji.spyhop.ij.annotation.Kind;
import sc.fiji.spyhop.ij.annotation.Marks;
import sc.fiji.spyhop.model.Model;
import sc.fiji.spyhop.model.ModelRegistry;
import sc.fiji.spyhop.task.Regression;
import sc.fiji.spyhop.task.SegmentationTask;
import sc.fiji.spyhop.task.SemanticSegmentation;
import sc.fiji.spyhop.task.Task;
import sc.fiji.spyhop.training.Continuation;
import sc.fiji.spyhop.training.FineTuning;
import sc.fiji.spyhop.training.ModelTraining;
import sc.fiji.spyhop.training.TrainingOptions;
import sc.fiji.spyhop.util.Strings;

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
    description = "Trains a model further, on images of yours.")
public final class FineTuneCommand extends DynamicCommand {

  @Parameter(
      label = "Model",
      required = false,
      persist = false,
      description = "Name of a model, or in macros also the path of a .spyhop file.")
  private String model = "";

  @Parameter(
      label = "Folder of annotated images",
      style = "directory",
      persist = false,
      description =
          "A folder for each class, index.csv with classes or numbers, folders images and labels,"
              + " or annotations in any other format; in macros also a stack with labelled slices.")
  private File data = new File("");

  @Parameter(
      label = "Or annotated image",
      required = false,
      persist = false,
      description =
          "An open image or stack that is annotated or corrected: areas, rectangles or named points"
              + " in the ROI Manager or the overlay, or labels of slices; empty for a folder.")
  private String image = "";

  @Parameter(
      label = "Everything is labelled",
      persist = false,
      description =
          "Of an annotated image: what is not drawn is background. Else it counts as unknown, and"
              + " some areas have to be named background.")
  private boolean complete = false;

  @Parameter(
      label = "Model to write",
      style = "save",
      persist = false,
      description = "A file that ends in .spyhop.")
  private File output = new File("");

  @Parameter(
      label = "What for",
      choices = {"auto", "classify", "regress", "segment", "localize", "keypoints"},
      persist = false,
      description =
          "auto: what the images are annotated with; where that may be several things, what the"
              + " model is for.")
  private String purpose = "auto";

  @Parameter(
      label = "Subset",
      required = false,
      persist = false,
      description = "Empty for all images; or a subset named in the folder's index.csv.")
  private String subset = "";

  @Parameter(
      label = "Percent for validation",
      persist = false,
      description = "Images that are never trained on but tell which network is the best.")
  private double validation = 10;

  @Parameter(
      label = "Epochs",
      persist = false,
      description = "Rounds of training; 0 for the usual number.")
  private int epochs = 0;

  @Parameter(
      label = "Seed",
      persist = false,
      description = "Same seed, same choices made at random.")
  private long seed = FineTuning.WHOLE.seed();

  @Parameter(
      label = "Train only what is new",
      persist = false,
      description = "The last layer or the decoder; all else stays as it is.")
  private boolean head = false;

  @Parameter(
      label = "Replace what exists",
      persist = false,
      description = "Otherwise a model or training of that name is left as it is.")
  private boolean replace = false;

  // For macros; too many for the dialog.

  @Parameter(
      label = "Classes to learn",
      visibility = ItemVisibility.INVISIBLE,
      required = false,
      persist = false,
      description =
          "Names with commas: of labels 0, 1, ... of a segmentation, empty to find objects; of"
              + " images or boxes, empty for those the model knows, or all there are.")
  private String classes = "";

  @Parameter(
      label = "Layers to leave",
      visibility = ItemVisibility.INVISIBLE,
      required = false,
      persist = false,
      description = "Only what comes after this layer is changed; empty to change all.")
  private String layers = "";

  @Parameter(
      label = "Learning rate",
      visibility = ItemVisibility.INVISIBLE,
      persist = false,
      description = "The largest; 0 for the usual one.")
  private double rate = 0;

  @Parameter(
      label = "Learning rates of layers",
      visibility = ItemVisibility.INVISIBLE,
      required = false,
      persist = false,
      description = "LAYER:FACTOR with commas, such as conv5:0.3; 1 for other layers.")
  private String factors = "";

  @Parameter private StatusService statusService;
  @Parameter private TaskService taskService;

  /** Puts the known models into the dialog. */
  void offerModels() {
    Models.offerBases(getInfo().getMutableInput("model", String.class), model);
    OpenImages.offer(getInfo().getMutableInput("image", String.class));
  }

  /**
   * Blocks until training has ended.
   *
   * @throws SpyhopException if something is wrong with the images or the parameters
   */
  @Override
  public void run() {
    Models.require(model, Task.class);
    TrainedFile made = TrainedFile.of(output, replace);
    Model base = ModelRegistry.standard().find(model.strip());
    Optional<Continuation.Purpose> next = purpose();
    try (TrainingData source =
        TrainingData.of(
            data,
            "Folder of annotated images",
            image,
            marks -> wanted(base.spec().task(), next, marks),
            complete)) {
      train(source, made, base, next.or(() -> source.kind().map(FineTuneCommand::purpose)));
    }
  }

  /** What of an open image a model learns: what it is for, if that is marked. */
  private TrainingData.Wanted wanted(
      Task<?, ?> task, Optional<Continuation.Purpose> next, Marks marks) {
    Kind own = kind(next.orElseGet(() -> Continuation.Purpose.of(task)), task, marks);
    Kind kind = next.isPresent() || !marks.marked(own).isEmpty() ? own : Kind.of("auto", marks);
    return new TrainingData.Wanted(
        kind,
        switch (kind) {
          case PIXELS -> pixels(task);
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
      case SEGMENT -> {
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
      case OBJECTS, PIXELS -> Continuation.Purpose.SEGMENT;
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

  private void train(
      TrainingData source, TrainedFile made, Model base, Optional<Continuation.Purpose> purpose) {
    ImageFiles reader = new ImageFiles();
    Continuation next =
        new Continuation(
            made.about(),
            new ModelTraining.Origin(
                "Spyhop Fine-Tune, " + arguments(),
                "Spyhop",
                source.name() + ", from " + model.strip()),
            base,
            new Continuation.Images(
                source.folder(),
                Optional.empty(),
                word(subset),
                reader,
                new AnnotationFiles(reader, new RoiFormat())),
            purpose,
            words(classes),
            TrainedFile.share(validation),
            FineTuning.HEAD.with().seed(seed).build(),
            options(FineTuning.WHOLE),
            options(Continuation.CROPS),
            options(Continuation.SCENES),
            head,
            true,
            word(layers));
    try (CommandProgress progress =
        new CommandProgress(statusService, taskService, "Spyhop Fine-Tune", this::isCanceled)) {
      made.train(next::plan, false, this, progress);
    }
  }

  private TrainingOptions options(TrainingOptions usual) {
    return usual
        .with()
        .seed(seed)
        .epochs(epochs == 0 ? usual.epochs() : epochs)
        .learningRate(rate == 0 ? usual.learningRate() : rate)
        .rates(rates())
        .build();
  }

  private Optional<Continuation.Purpose> purpose() {
    String asked = purpose.strip().toUpperCase(Locale.ROOT);
    if (asked.equals("AUTO")) return Optional.empty();
    return Optional.of(
        Arrays.stream(Continuation.Purpose.values())
            .filter(p -> p.name().equals(asked))
            .findFirst()
            .orElseThrow(
                () ->
                    new SpyhopException(
                        "What for: expected auto, classify, regress, segment, localize or keypoints, received \""
                            + purpose
                            + "\".")));
  }

  private Map<String, Double> rates() {
    Map<String, Double> rates = new LinkedHashMap<>();
    for (String one : words(factors)) {
      int colon = one.lastIndexOf(':');
      try {
        rates.put(one.substring(0, colon).strip(), Double.parseDouble(one.substring(colon + 1)));
      } catch (IndexOutOfBoundsException | NumberFormatException e) {
        throw new SpyhopException(
            "Learning rates of layers: expected LAYER:FACTOR such as conv5:0.3, received \""
                + one
                + "\".",
            e);
      }
    }
    return rates;
  }

  private static Optional<String> word(String text) {
    return Optional.of(text.strip()).filter(t -> !t.isEmpty());
  }

  private static List<String> words(String text) {
    return Arrays.stream(text.split(",")).map(String::strip).filter(w -> !w.isEmpty()).toList();
  }

  private String arguments() {
    return Strings.format(
        "model=[%s] complete=%s purpose=%s subset=[%s] validation=%s epochs=%d seed=%d head=%s classes=[%s]"
            + " layers=[%s] rate=%s factors=[%s]",
        model,
        complete,
        purpose,
        subset,
        validation,
        epochs,
        seed,
        head,
        classes,
        layers,
        rate,
        factors);
  }
}
