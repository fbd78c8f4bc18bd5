package sc.fiji.spyhop.training;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.dataset.Dataset;
import sc.fiji.spyhop.dataset.Split;
import sc.fiji.spyhop.engine.Device;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.engine.Predictor;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.ImageTraits;
import sc.fiji.spyhop.inference.Familiarity;
import sc.fiji.spyhop.inference.Runner;
import sc.fiji.spyhop.inference.Scaling;
import sc.fiji.spyhop.model.KnownImages;
import sc.fiji.spyhop.model.Model;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.prediction.Annotation;
import sc.fiji.spyhop.prediction.LabelMap;
import sc.fiji.spyhop.task.AnnotationTask;
import sc.fiji.spyhop.task.ImageTask;
import sc.fiji.spyhop.task.PixelTask;
import sc.fiji.spyhop.task.Restoration;
import sc.fiji.spyhop.task.Task;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.training.TrainingHistory.Epoch;
import sc.fiji.spyhop.training.sampling.DetectionMinibatches;
import sc.fiji.spyhop.util.Strings;
import sc.fiji.spyhop.util.Version;
import sc.fiji.spyhop.weights.Initialization;
import sc.fiji.spyhop.weights.Weights;

/**
 * From annotated images to a model that can be kept: trains, and adds to the weights what has to be
 * known to use them.
 *
 * <pre>
 * Model model = ModelTraining.of(Classification.of("disc", "square"), images).epochs(10).train();
 * </pre>
 *
 * @param about names, author, licence, citation and description
 * @param origin what to record of where the weights come from
 * @param input how images are brought to the network
 * @param original validation images in their own size, in which thresholds are fitted to them, each
 *     shown in the scale that is found for it; absent where the others are in their own size
 * @param start weights to begin with, which are kept if no epoch is better; absent: random ones
 */
public record ModelTraining<T>(
    About about,
    Origin origin,
    Task<T, ?> task,
    Network network,
    Optional<Weights> start,
    ModelSpec.Input input,
    Dataset<T> train,
    Dataset<T> validation,
    Optional<Dataset<T>> original,
    TrainingOptions options)
    implements TrainingRun {

  private static final int EXAMPLE_SIDE = 128;

  /** What images look like is known from so many. */
  private static final int MAX_LOOKED = 500;

  /** What a model is called; texts may be empty. */
  public record About(
      String name, String description, String author, String license, String citation) {

    /**
     * @throws SpyhopException if the name is none that a model can have, see {@link
     *     ModelSpec#isName}; before anything is trained
     */
    public About {
      if (name == null || !ModelSpec.isName(name)) {
        throw new SpyhopException(
            Strings.format(
                "Model: expected a name of letters, digits, dots, hyphens and underscores, received"
                    + " %s.",
                name == null ? "none" : '"' + name + '"'));
      }
    }

    /** A name, of which nothing is said. */
    public static About named(String name) {
      return new About(name, "", "", "", "");
    }
  }

  /** The command that trains it again, the software with its version, and the data in words. */
  public record Origin(String command, String software, String data) {

    /** Trained by a program that knows how. */
    public static Origin of(String data) {
      return new Origin("", "Spyhop " + Version.number(), data);
    }
  }

  /**
   * A training on some images; all else has defaults that can be changed.
   *
   * @param task what the model is for
   */
  public static <T> ModelTrainingBuilder<T> of(Task<T, ?> task, Dataset<T> train) {
    return new ModelTrainingBuilder<>(task, train);
  }

  /** The same, with images to validate on. */
  public static <T> ModelTrainingBuilder<T> of(Task<T, ?> task, Split<T> images) {
    return of(task, images.train()).validation(images.validation());
  }

  /** Trains; see {@link Training#run}. */
  @Override
  public Outcome run(
      Engine engine,
      Device device,
      Checkpoints checkpoints,
      TrainingListener listener,
      Progress progress) {
    Weights weights = start.orElseGet(() -> Initialization.of(network, options.seed()));
    TrainingResult result =
        new Training<>(network, weights, start.isPresent(), task, input, train, validation, options)
            .run(engine, device, checkpoints, listener, progress);
    return outcome(result, engine, device);
  }

  /** The model of a training that has ended. */
  public Outcome outcome(TrainingResult result, Engine engine, Device device) {
    if (result.history().epochs().isEmpty()) return new Outcome(Optional.empty(), result);
    String name = network.inputs().get(0).name();
    // models are told right from wrong by their example, in whatever precision they are used
    Device exact = device.in("");
    ModelSpec spec =
        new ModelSpec(
            about.name,
            about.description,
            task,
            input.withImages(known()),
            ModelSpec.Inference.of(network),
            record(result, device),
            about.author,
            about.license,
            about.citation);
    Model model = new Model(spec, network, result.best(), Optional.empty());
    Model calibrated = model.withSpec(spec.withTask(calibrated(model, engine, exact)));
    try (Predictor predictor = engine.predictor(network, result.best(), exact)) {
      return new Outcome(
          Optional.of(
              calibrated.withExample(
                  example(input.channels(), shownSide()), t -> predictor.predict(Map.of(name, t)))),
          result);
    }
  }

  /** What the images look like; if they are too few to tell, like those of before and these. */
  private KnownImages known() {
    List<ImageTraits> trained = traits(train);
    KnownImages learned = KnownImages.of(trained, traits(validation));
    return learned.isKnown() ? learned : input.images().with(trained);
  }

  private List<ImageTraits> traits(Dataset<T> images) {
    List<ImageTraits> traits = new ArrayList<>();
    int count = Math.min(MAX_LOOKED, images.size());
    for (int i = 0; i < count; i++) {
      Frame frame = images.get((int) ((long) i * images.size() / count)).frame();
      Familiarity.traits(input, frame, 1).ifPresent(traits::add);
    }
    return traits;
  }

  /** A task's type says what its truth is, so the casts are sound. */
  @SuppressWarnings("unchecked")
  private Task<?, ?> calibrated(Model model, Engine engine, Device device) {
    return task.accept(
        new Task.FamilyVisitor<Task<?, ?>>() {
          @Override
          public Task<?, ?> image(ImageTask<?> of) {
            if (!of.calibrates() || validation.size() == 0) return of;
            try (Runner<?> runner = Runner.of(model, Runner.Options.DEFAULT, engine, device)) {
              return Calibration.fitted(of, runner, validation, Progress.NONE).task();
            }
          }

          @Override
          public Task<?, ?> annotation(AnnotationTask of) {
            try (Predictor predictor = model.predictor(engine, device)) {
              return DetectionMinibatches.calibrate(
                  of, network, predictor, input, (Dataset<Annotation>) validation);
            }
          }

          @Override
          public Task<?, ?> restoration(Restoration of) {
            return of;
          }

          @Override
          public Task<?, ?> pixels(PixelTask<?> of) {
            Scaling scaling = original.isPresent() ? Scaling.AUTO : new Scaling.Factor(1);
            Runner.Options shown = Runner.Options.DEFAULT.withScaling(scaling);
            try (Runner<?> runner = Runner.of(model, shown, engine, device)) {
              Dataset<LabelMap> images = (Dataset<LabelMap>) original.orElse(validation);
              return of.calibrate(
                  Calibration.ask(runner, images, (frame, scale) -> {}, Progress.NONE));
            }
          }
        });
  }

  private ModelSpec.Training record(TrainingResult result, Device device) {
    TrainingHistory history = result.history();
    List<Epoch> epochs = history.epochs();
    Optional<Epoch> best =
        history.isStartBest()
            ? Optional.empty()
            : history.best().or(() -> Optional.of(epochs.get(0)));
    Map<String, Double> figures = new LinkedHashMap<>();
    best.ifPresent(e -> figures.put("training loss", e.loss()));
    best.map(Epoch::metrics)
        .orElse(history.start())
        .forEach((name, value) -> figures.put("validation " + name, value));
    return new ModelSpec.Training(
        origin.command,
        origin.software,
        Strings.format(
            "%s; %s, %d more for validation",
            origin.data, Strings.count(train.size(), "image"), validation.size()),
        LocalDate.now(ZoneOffset.UTC).toString(),
        device.toString(),
        Math.round(epochs.stream().mapToDouble(Epoch::seconds).sum()),
        best.map(Epoch::number).orElse(0),
        options.seed(),
        figures);
  }

  /** Of a network of one size, that is its own, unless images are brought to it. */
  private int shownSide() {
    Shape takes = network.inputs().get(0).shape();
    return takes.isFixed() && !input.fit().isFixed() ? takes.space().get(0) : EXAMPLE_SIDE;
  }

  /** Blurred spots on a noisy ground: nothing of the training images, which may be private. */
  private static Tensor example(int channels, int side) {
    Random random = new Random(1);
    float[] data = new float[channels * side * side];
    for (int c = 0; c < channels; c++) {
      double[][] spots = new double[12][];
      for (int s = 0; s < spots.length; s++) {
        spots[s] =
            new double[] {
              side * random.nextDouble(), side * random.nextDouble(), 4 + 6 * random.nextDouble()
            };
      }
      for (int y = 0; y < side; y++) {
        for (int x = 0; x < side; x++) {
          double value = 20 + 10 * random.nextDouble();
          for (double[] s : spots) {
            double r2 = (x - s[0]) * (x - s[0]) + (y - s[1]) * (y - s[1]);
            value += 150 / (1 + StrictMath.pow(r2 / (s[2] * s[2]), 3));
          }
          data[(c * side + y) * side + x] = Math.round(Math.min(255, value));
        }
      }
    }
    return new Tensor(Axes.NCHW, new int[] {1, channels, side, side}, data);
  }
}
