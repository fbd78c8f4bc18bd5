package sc.fiji.spyhop.generate.rendering;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.dataset.Augmentation;
import sc.fiji.spyhop.dataset.Dataset;
import sc.fiji.spyhop.engine.Device;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.engine.Loss;
import sc.fiji.spyhop.engine.LossPlugin;
import sc.fiji.spyhop.engine.Predictor;
import sc.fiji.spyhop.engine.TrainingPlan.Objective;
import sc.fiji.spyhop.expression.LossFormula;
import sc.fiji.spyhop.generate.ImageMaker;
import sc.fiji.spyhop.model.Generator;
import sc.fiji.spyhop.model.GeneratorSource;
import sc.fiji.spyhop.model.GeneratorSpec;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.model.RowColumn;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.NetworkJson;
import sc.fiji.spyhop.plugin.Plugins;
import sc.fiji.spyhop.training.CheckpointStore;
import sc.fiji.spyhop.training.Checkpoints;
import sc.fiji.spyhop.training.Diagnostics;
import sc.fiji.spyhop.training.GeneratorTraining;
import sc.fiji.spyhop.training.ModelTraining;
import sc.fiji.spyhop.training.TrainingHistory;
import sc.fiji.spyhop.training.TrainingHistory.Epoch;
import sc.fiji.spyhop.training.TrainingListener;
import sc.fiji.spyhop.training.TrainingLoop;
import sc.fiji.spyhop.training.TrainingOptions;
import sc.fiji.spyhop.training.TrainingResult;
import sc.fiji.spyhop.training.TrainingSetup;
import sc.fiji.spyhop.util.Strings;
import sc.fiji.spyhop.weights.Initialization;

/**
 * Trains a network in reverse: from the values of a row to its image, by the squared error of
 * pixels. After each epoch images of rows are made that are not trained on.
 *
 * @param about names, author, licence, citation and description
 * @param origin what to record of where the weights come from
 * @param columns what the network is given of a row
 * @param pixels what the images are
 * @param network from [size, 1, 1] to [channels, height, width]
 * @param train images with their rows
 * @param validation may be empty: then the loss decides which network is the best
 */
public record RenderTraining(
    ModelTraining.About about,
    ModelTraining.Origin origin,
    GeneratorSource.Columns columns,
    Pixels pixels,
    Network network,
    Dataset<Map<String, String>> train,
    Dataset<Map<String, String>> validation,
    TrainingOptions options)
    implements GeneratorTraining {

  /** For some hundred to some ten thousand images. */
  public static final TrainingOptions DEFAULT =
      TrainingOptions.IMAGES
          .with()
          .epochs(60)
          .batch(32)
          .augmentation(Augmentation.NONE)
          .learningRate(1e-3)
          .build();

  /**
   * What is minimised.
   *
   * @param loss a formula, or the name of a plugin with brackets; empty for the squared error
   * @throws SpyhopException if it makes no sense for images
   */
  public static Objective objective(Network network, String loss) {
    String layer = network.outputs().get(0);
    if (loss.isEmpty()) return new Objective(layer, new Loss.SquaredError(), 1);
    Optional<String> plugin = Plugins.named(loss);
    return new Objective(
        layer,
        plugin.isPresent()
            ? new Loss.Plugin(Plugins.find(LossPlugin.class, plugin.get()), false)
            : new Loss.Formula(LossFormula.parse(loss, LossFormula.Output.IDENTITY)),
        1);
  }

  @Override
  public Outcome run(
      Engine engine,
      Device device,
      Checkpoints checkpoints,
      TrainingListener listener,
      Progress progress) {
    if (train.size() == 0) {
      throw new SpyhopException(
          "The training set is empty: expected at least one image with its row.");
    }
    Objective objective = objective(network, options.loss());
    CheckpointStore store = new CheckpointStore(checkpoints, options, subject(), listener);
    RenderMinibatches images =
        new RenderMinibatches(
            network, columns, pixels, train, validation, options.batch(), options.seed(), progress);
    int steps = options.stepsPerEpoch() > 0 ? options.stepsPerEpoch() : images.stepsPerEpoch();
    listener.message("From " + columns.description() + ".");
    listener.message(
        Strings.format(
            "%s %s of %s of %d; %s.",
            images.description(),
            Strings.count(options.epochs(), "epoch"),
            Strings.count(steps, "minibatch"),
            options.batch(),
            device));
    TrainingLoop.Validation scoring =
        (weights, p) -> {
          try (Predictor predictor = engine.predictor(network, weights, device)) {
            return images.score(predictor, listener::example, p);
          }
        };
    TrainingSetup setup = new TrainingSetup(engine, device, network, List.of(objective));
    TrainingResult result =
        new TrainingLoop(
                setup,
                options,
                steps,
                images,
                validation.size() > 0 ? Optional.of(scoring) : Optional.empty(),
                store,
                new Diagnostics(setup, List.of(), Set.of(), images::probe, List.of(), listener),
                listener,
                progress)
            .run(Initialization.of(network, options.seed()), false);
    return outcome(result, engine, device);
  }

  private Map<String, String> subject() {
    Map<String, String> subject = new LinkedHashMap<>();
    subject.put("columns", columns.toString());
    subject.put("images", pixels.toString());
    subject.put("network", Integer.toHexString(NetworkJson.write(network).hashCode()));
    subject.put("training images", names(train));
    subject.put("validation images", names(validation));
    return subject;
  }

  private static String names(Dataset<?> set) {
    return set.size() + " of checksum " + Integer.toHexString(set.names().hashCode());
  }

  private Outcome outcome(TrainingResult result, Engine engine, Device device) {
    if (result.history().epochs().isEmpty()) return new Outcome(Optional.empty(), result);
    GeneratorSpec spec =
        new GeneratorSpec(
            about.name(),
            about.description(),
            columns,
            pixels.output(),
            record(result, device),
            about.author(),
            about.license(),
            about.citation());
    Generator made = new Generator(spec, network, result.best());
    // models are told right from wrong by their example, in whatever precision they are used
    try (Predictor predictor = engine.predictor(network, result.best(), device.in(""))) {
      return new Outcome(
          Optional.of(made.withExample(ImageMaker.input(List.of(middle())), predictor::predict)),
          result);
    }
  }

  /** Nothing of the training images: numbers in their middle, angles of 0, the first words. */
  private float[] middle() {
    float[] values = new float[columns.size()];
    int at = 0;
    for (RowColumn column : columns.columns()) {
      if (column instanceof RowColumn.Angle) values[at + 1] = 1;
      if (column instanceof RowColumn.Choice) values[at] = 1;
      at += column.size();
    }
    return values;
  }

  private ModelSpec.Training record(TrainingResult result, Device device) {
    TrainingHistory history = result.history();
    Epoch best = history.best().orElse(history.epochs().get(0));
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put("training loss", best.loss());
    best.metrics().forEach((name, value) -> figures.put("validation " + name, value));
    return new ModelSpec.Training(
        origin.command(),
        origin.software(),
        Strings.format(
            "%s; %s, %d more for validation",
            origin.data(), Strings.count(train.size(), "image"), validation.size()),
        LocalDate.now(ZoneOffset.UTC).toString(),
        device.toString(),
        Math.round(history.epochs().stream().mapToDouble(Epoch::seconds).sum()),
        best.number(),
        options.seed(),
        figures);
  }
}
