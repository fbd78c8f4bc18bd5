package sc.fiji.spyhop.command;

import java.io.File;
import java.nio.file.Path;
import java.util.Optional;
import org.scijava.ItemVisibility;
import org.scijava.app.StatusService;
import org.scijava.command.DynamicCommand;
import org.scijava.plugin.Parameter;
import org.scijava.task.TaskService;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.dataset.Split;
import sc.fiji.spyhop.ij.ImageFiles;
import sc.fiji.spyhop.image.ImageReader;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.task.ImageTask;
import sc.fiji.spyhop.training.ImageInputs;
import sc.fiji.spyhop.training.ImageNetwork;
import sc.fiji.spyhop.training.ModelTraining;
import sc.fiji.spyhop.training.TrainingOptions;
import sc.fiji.spyhop.util.Strings;

/** Trains on whole images. Esc or Cancel ends it and keeps the best network so far. */
abstract class TrainImagesCommand<T> extends DynamicCommand {

  private static final TrainingOptions USUAL = TrainingOptions.IMAGES;

  @Parameter(
      label = "Folder of images",
      style = "directory",
      persist = false,
      description =
          "Holds images and what is known about them; or a stack whose slice labels tell it.")
  private File data = new File("");

  @Parameter(
      label = "Or annotated image",
      required = false,
      persist = false,
      description =
          "An open stack whose slices have labels (Image > Stacks > Set Label); empty for a folder.")
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
      label = "Network",
      persist = false,
      description =
          "small, a preset such as lenet or resnet18, or layers such as 20C5 MP2 50C5 MP2 FC256.")
  private String network = ImageNetwork.SMALL;

  @Parameter(
      label = "Size",
      persist = false,
      description =
          "Width and height that images are scaled to; 0 for their own if all are alike and at most"
              + " 128 pixels, else 128.")
  private int size = 0;

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
      label = "Images per minibatch",
      visibility = ItemVisibility.INVISIBLE,
      persist = false,
      description = "Fewer need less memory.")
  private int batch = USUAL.batch();

  @Parameter(
      label = "Learning rate",
      visibility = ItemVisibility.INVISIBLE,
      persist = false,
      description = "The largest; it rises at first, then falls.")
  private double rate = USUAL.learningRate();

  @Parameter private StatusService statusService;
  @Parameter private TaskService taskService;

  abstract String title();

  /** What the labels of slices are. */
  abstract TrainingData.Wanted labels();

  /** What is known about the images of a folder, and what the network is to say. */
  abstract Material<T> material(
      Path folder, Optional<String> subset, ImageReader reader, double share, long seed);

  /** Keys and values of parameters that others have not. */
  abstract String more();

  /** Images in two parts, and the task. */
  record Material<T>(Split<T> split, ImageTask<T> task) {}

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
    if (image.isBlank()) TrainedFile.given(data, "Folder of images", "data");
    double share = TrainedFile.share(validation);
    if (size < 0) {
      throw new SpyhopException("Size: expected 0 or more pixels, received " + size + ".");
    }
    TrainingOptions options =
        USUAL.with().epochs(epochs).seed(seed).batch(batch).learningRate(rate).build();
    TrainedFile made = TrainedFile.of(output, replace || resume);
    try (TrainingData source =
        TrainingData.of(data, "Folder of images", image, marks -> labels(), false)) {
      train(source, made, share, options);
    }
  }

  private void train(TrainingData source, TrainedFile made, double share, TrainingOptions options) {
    Material<T> material =
        material(
            source.folder(),
            Optional.of(subset.strip()).filter(s -> !s.isEmpty()),
            new ImageFiles(),
            share,
            seed);
    try (CommandProgress progress =
        new CommandProgress(statusService, taskService, title(), this::isCanceled)) {
      made.train(p -> training(material, made, source.name(), options, p), resume, this, progress);
    }
  }

  private ModelTraining<T> training(
      Material<T> material,
      TrainedFile made,
      String source,
      TrainingOptions options,
      Progress progress) {
    Split<T> split = material.split;
    ModelSpec.Input input =
        ImageInputs.of(
            split.train(),
            size == 0 ? Optional.empty() : Optional.of(new ImageInputs.Size(size, size)),
            Optional.empty(),
            progress);
    var view = input.fit().view(1, 1);
    return new ModelTraining<>(
        made.about(),
        new ModelTraining.Origin(title() + ", " + arguments(), "Spyhop", source),
        material.task,
        ImageNetwork.of(
            network, Shape.of(input.channels(), view.height(), view.width()), material.task),
        Optional.empty(),
        input,
        split.train(),
        split.validation(),
        options);
  }

  private String arguments() {
    return Strings.format(
        "subset=[%s] validation=%s network=[%s] size=%d epochs=%d seed=%d batch=%d rate=%s%s",
        subset, validation, network, size, epochs, seed, batch, rate, more());
  }
}
