package sc.fiji.spyhop.generate.adversarial;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.dataset.Dataset;
import sc.fiji.spyhop.engine.Device;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.engine.Predictor;
import sc.fiji.spyhop.generate.GeneratedImage;
import sc.fiji.spyhop.generate.ImageMaker;
import sc.fiji.spyhop.generate.Seeds;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.model.Generator;
import sc.fiji.spyhop.model.GeneratorSource;
import sc.fiji.spyhop.model.GeneratorSpec;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.training.Checkpoints;
import sc.fiji.spyhop.training.GeneratorTraining;
import sc.fiji.spyhop.training.ModelTraining;
import sc.fiji.spyhop.training.TrainingHistory;
import sc.fiji.spyhop.training.TrainingHistory.Epoch;
import sc.fiji.spyhop.training.TrainingListener;
import sc.fiji.spyhop.training.TrainingResult;
import sc.fiji.spyhop.training.sampling.Example;
import sc.fiji.spyhop.util.Strings;
import sc.fiji.spyhop.weights.Weights;

/**
 * An adversarial training that ends in a generating model.
 *
 * @param output what its images are
 * @param <T> what is known of an image
 */
public record GeneratorLessons<T>(
    ModelTraining.About about,
    ModelTraining.Origin origin,
    GeneratorSpec.Output output,
    AdversarialTraining<T> training)
    implements GeneratorTraining {

  /** Images that are shown after each epoch. */
  private static final int SHOWN = 8;

  @Override
  public Outcome run(
      Engine engine,
      Device device,
      Checkpoints checkpoints,
      TrainingListener listener,
      Progress progress) {
    AdversarialTraining.Result result =
        training.run(
            engine, device, checkpoints, listener, (n, made) -> show(made, listener), progress);
    Weights last =
        result
            .generator()
            .orElseGet(
                () ->
                    AdversarialNetworks.initial(
                        training.networks().generator(), training.options().seed()));
    TrainingResult told =
        new TrainingResult(
            last,
            last,
            new TrainingHistory(result.epochs(), Map.of()),
            result.reason(),
            result.explanation());
    return new Outcome(result.generator().map(w -> generator(w, result, engine, device)), told);
  }

  /** A real image beside one that was made. */
  private void show(Tensor made, TrainingListener listener) {
    Dataset<T> images = training.images();
    RealView<T> view = training.view();
    int[] shape = {1, view.channels(), view.height(), view.width()};
    for (int k = 0; k < SHOWN; k++) {
      float[] values = view.of(images.get(k % images.size()), new Random(k));
      Frame real =
          GeneratedImage.of("real " + (k + 1), new Tensor(Axes.NCHW, shape, values), 0, output)
              .image();
      Frame own = GeneratedImage.of("image " + (k + 1), made, k, output).image();
      listener.example(
          new Example(
              new Frame("image " + (k + 1), real.pixels(), real.pixelSize()),
              new Example.Content.Picture(real),
              new Example.Content.Picture(own)));
    }
  }

  private Generator generator(
      Weights weights, AdversarialTraining.Result result, Engine engine, Device device) {
    AdversarialNetworks networks = training.networks();
    GeneratorSpec spec =
        new GeneratorSpec(
            about.name(),
            about.description(),
            new GeneratorSource.Noise(networks.noise()),
            output,
            record(result, device),
            about.author(),
            about.license(),
            about.citation());
    Generator made = new Generator(spec, networks.generator(), weights);
    List<float[]> code = List.of(Seeds.code(networks.noise(), 1));
    // models are told right from wrong by their example, in whatever precision they are used
    try (Predictor predictor = engine.predictor(networks.generator(), weights, device.in(""))) {
      return made.withExample(ImageMaker.input(code), predictor::predict);
    }
  }

  private ModelSpec.Training record(AdversarialTraining.Result result, Device device) {
    Optional<Epoch> last = result.epochs().stream().reduce((a, b) -> b);
    Map<String, Double> figures = new LinkedHashMap<>();
    last.ifPresent(
        e -> {
          figures.put("discriminator loss", e.loss());
          figures.putAll(e.metrics());
        });
    return new ModelSpec.Training(
        origin.command(),
        origin.software(),
        Strings.format("%s; %s", origin.data(), Strings.count(training.images().size(), "image")),
        LocalDate.now(ZoneOffset.UTC).toString(),
        device.toString(),
        Math.round(result.epochs().stream().mapToDouble(Epoch::seconds).sum()),
        last.map(Epoch::number).orElse(0),
        training.options().seed(),
        figures);
  }
}
