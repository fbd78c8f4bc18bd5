package sc.fiji.spyhop.command;

import ij.IJ;
import java.io.File;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.scijava.ItemVisibility;
import org.scijava.app.StatusService;
import org.scijava.command.DynamicCommand;
import org.scijava.plugin.Parameter;
import org.scijava.task.TaskService;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.dataset.Augmentation;
import sc.fiji.spyhop.dataset.Split;
import sc.fiji.spyhop.dataset.format.AnnotatedSet;
import sc.fiji.spyhop.dataset.format.AnnotationFiles;
import sc.fiji.spyhop.ij.ImageFiles;
import sc.fiji.spyhop.ij.RoiFormat;
import sc.fiji.spyhop.ij.annotation.Kind;
import sc.fiji.spyhop.prediction.Annotation;
import sc.fiji.spyhop.training.ModelTraining;
import sc.fiji.spyhop.training.SceneLesson;
import sc.fiji.spyhop.training.SceneTraining;
import sc.fiji.spyhop.training.TrainingOptions;
import sc.fiji.spyhop.util.Strings;

/** Trains on annotated images. Esc or Cancel ends it and keeps the best network so far. */
abstract class TrainSceneCommand extends DynamicCommand {

  private static final TrainingOptions USUAL = TrainingOptions.SCENES;
  private static final int ONE_SIZE = 128;

  @Parameter(
      label = "Folder of annotated images",
      style = "directory",
      persist = false,
      description =
          "Images with saved overlays or ROI sets, tables, or any other format of annotations.")
  private File data = new File("");

  @Parameter(
      label = "Or annotated image",
      required = false,
      persist = false,
      description =
          "An open image or stack with rectangles or named points in the ROI Manager or the"
              + " overlay; empty for a folder.")
  private String image = "";

  @Parameter(
      label = "Model to write",
      style = "save",
      persist = false,
      description = "A file that ends in .spyhop.")
  private File output = new File("");

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
      label = "Scale",
      required = false,
      persist = false,
      description =
          "Pixels the network is shown per pixel of the image, such as 0.5; empty: so that the"
              + " longest side is at most 512.")
  private String zoom = "";

  @Parameter(
      label = "No direction is special",
      persist = false,
      description = "Varies images by flips and turns in any direction, as suits microscopy.")
  private boolean turns = true;

  @Parameter(label = "Epochs", persist = false, description = "Rounds of training.")
  private int epochs = USUAL.epochs();

  @Parameter(
      label = "Seed",
      persist = false,
      description = "Same seed, same choices made at random.")
  private long seed = USUAL.seed();

  @Parameter(
      label = "Go on with an interrupted training",
      persist = false,
      description = "From the last epoch that was completed.")
  private boolean resume = false;

  @Parameter(
      label = "Replace what exists",
      persist = false,
      description = "Otherwise a model or training of that name is left as it is.")
  private boolean replace = false;

  // For macros; too many for the dialog.

  @Parameter(
      label = "Features to build on",
      visibility = ItemVisibility.INVISIBLE,
      persist = false,
      description = "compact, a preset such as resnet18, or a model whose weights are taken over.")
  private String network = SceneTraining.COMPACT;

  @Parameter(
      label = "Minibatches per epoch",
      visibility = ItemVisibility.INVISIBLE,
      persist = false,
      description = "0 for as many as show about everything once.")
  private int steps = USUAL.stepsPerEpoch();

  @Parameter(
      label = "Pictures per minibatch",
      visibility = ItemVisibility.INVISIBLE,
      persist = false,
      description = "Fewer need less memory.")
  private int batch = USUAL.batch();

  @Parameter(
      label = "Largest picture",
      visibility = ItemVisibility.INVISIBLE,
      persist = false,
      description =
          "Width and height of what the network is shown at once, pixels; 0 for the usual.")
  private int picture = 0;

  @Parameter(
      label = "Pixels per cell",
      visibility = ItemVisibility.INVISIBLE,
      persist = false,
      description = "Of the network's maps; 0 for the usual number.")
  private int stride = 0;

  @Parameter(
      label = "Widths of the network",
      visibility = ItemVisibility.INVISIBLE,
      required = false,
      persist = false,
      description = "Channels of each level, finest first, with commas; empty for the usual ones.")
  private String widths = "";

  @Parameter private StatusService statusService;
  @Parameter private TaskService taskService;

  abstract String title();

  /** What is drawn in an open image. */
  abstract Kind kind();

  /** What is to be learnt of a set. */
  abstract SceneLesson lesson(AnnotatedSet set);

  /** Width and height where all that the network is shown has one size. */
  final int side() {
    if (!zoom.isBlank()) {
      throw new SpyhopException(
          "Scale: expected nothing, since all pictures are brought to one size, received "
              + zoom
              + ".");
    }
    return picture == 0 ? ONE_SIZE : picture;
  }

  /** Further arguments, for the record, each after a blank. */
  abstract String more();

  final Optional<Integer> stride() {
    return stride == 0 ? Optional.empty() : Optional.of(stride);
  }

  final Optional<Double> scale() {
    return zoom.isBlank() ? Optional.empty() : Optional.of(number(zoom));
  }

  /** Puts the open images into the dialog. */
  void offerImages() {
    OpenImages.offer(getInfo().getMutableInput("image", String.class));
  }

  /**
   * Blocks until training has ended.
   *
   * @throws SpyhopException if something is wrong with the images or the parameters
   */
  @Override
  public void run() {
    if (image.isBlank()) TrainedFile.given(data, "Folder of annotated images", "data");
    double share = TrainedFile.share(validation);
    TrainingOptions options =
        USUAL
            .with()
            .augmentation(turns ? Augmentation.DEFAULT : Augmentation.MILD)
            .epochs(epochs)
            .seed(seed)
            .stepsPerEpoch(steps)
            .batch(batch)
            .crop(picture == 0 ? USUAL.crop() : picture)
            .build();
    scale(); // told before anything is read
    List<Integer> levels = levels();
    TrainedFile made = TrainedFile.of(output, replace || resume);
    try (TrainingData source =
        TrainingData.of(
            data,
            "Folder of annotated images",
            image,
            marks -> TrainingData.Wanted.of(kind()),
            false)) {
      train(source, made, share, options, levels);
    }
  }

  private void train(
      TrainingData source,
      TrainedFile made,
      double share,
      TrainingOptions options,
      List<Integer> levels) {
    ImageFiles reader = new ImageFiles();
    AnnotatedSet set =
        new AnnotationFiles(reader, new RoiFormat())
            .open(
                source.folder(),
                Optional.empty(),
                Optional.of(subset.strip()).filter(s -> !s.isEmpty()));
    SceneLesson lesson = lesson(set);
    lesson.set().problems().summary().forEach(line -> IJ.log("Spyhop: " + line));
    Split<Annotation> images = Split.byImage(lesson.set().samples(reader), share, seed);
    try (CommandProgress progress =
        new CommandProgress(statusService, taskService, title(), this::isCanceled)) {
      made.train(
          p -> training(lesson, images, made, source.name(), options, levels, p),
          resume,
          this,
          progress);
    }
  }

  private ModelTraining<Annotation> training(
      SceneLesson lesson,
      Split<Annotation> images,
      TrainedFile made,
      String source,
      TrainingOptions options,
      List<Integer> levels,
      Progress progress) {
    Split<Annotation> split = lesson.samples(images, progress);
    SceneTraining.Plan plan =
        SceneTraining.plan(
            split.train(),
            lesson.task(),
            new SceneTraining.Design(network, levels),
            lesson.fit(split.train()),
            seed,
            progress);
    return new ModelTraining<>(
        made.about(),
        new ModelTraining.Origin(title() + ", " + arguments(), "Spyhop", source),
        lesson.task(),
        plan.network(),
        Optional.of(plan.weights()),
        plan.input(),
        split.train(),
        split.validation(),
        options);
  }

  private static double number(String text) {
    try {
      return Double.parseDouble(text.strip());
    } catch (NumberFormatException e) {
      throw new SpyhopException(
          "Scale: expected a number such as 0.5, or nothing, received \"" + text + "\".", e);
    }
  }

  private List<Integer> levels() {
    try {
      return widths.isBlank()
          ? List.of()
          : Arrays.stream(widths.split(",")).map(w -> Integer.parseInt(w.strip())).toList();
    } catch (NumberFormatException e) {
      throw new SpyhopException(
          "Widths of the network: expected numbers with commas, received \"" + widths + "\".", e);
    }
  }

  private String arguments() {
    return Strings.format(
        "subset=[%s] validation=%s zoom=[%s] turns=%s epochs=%d seed=%d network=%s steps=%d"
            + " batch=%d picture=%d stride=%d widths=[%s]%s",
        subset,
        validation,
        zoom,
        turns,
        epochs,
        seed,
        network,
        steps,
        batch,
        picture,
        stride,
        widths,
        more());
  }
}
