package sc.fiji.spyhop.generate.adversarial;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.dataset.Dataset;
import sc.fiji.spyhop.engine.Device;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.engine.Predictor;
import sc.fiji.spyhop.generate.adversarial.AdversarialCheckpoint.Past;
import sc.fiji.spyhop.generate.adversarial.AdversarialCheckpoint.State;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.NetworkJson;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.training.Checkpoints;
import sc.fiji.spyhop.training.StopReason;
import sc.fiji.spyhop.training.TrainingHistory.Epoch;
import sc.fiji.spyhop.training.TrainingListener;
import sc.fiji.spyhop.training.WeightAverage;
import sc.fiji.spyhop.training.diagnosis.Diagnostic;
import sc.fiji.spyhop.training.diagnosis.Symptom;
import sc.fiji.spyhop.training.sampling.Minibatch;
import sc.fiji.spyhop.training.sampling.Prefetcher;
import sc.fiji.spyhop.util.Durations;
import sc.fiji.spyhop.util.Strings;
import sc.fiji.spyhop.weights.Weights;

/**
 * Trains a generator against a discriminator (Goodfellow et al. 2014; Radford, Metz and Chintala
 * 2015). After each epoch images of the same noise are looked at: for a picture, and for what goes
 * wrong.
 *
 * @param images at least as many as a minibatch has
 * @param view what the discriminator is shown of them
 * @param <T> what is known of an image
 */
public record AdversarialTraining<T>(
    AdversarialNetworks networks, Dataset<T> images, RealView<T> view, AdversarialOptions options) {

  private static final String GENERATOR = "generator";
  private static final String DISCRIMINATOR = "discriminator";
  private static final String AVERAGE = "average";
  private static final String OPTIMIZER = "-optimizer";

  /** Images by which an epoch is judged. */
  private static final int LOOKED_AT = 64;

  /** Steps between two of which the time that is left is told. */
  private static final int PACE = 3;

  /**
   * What came of it.
   *
   * @param generator weights of the generator, the moving average of them if there is one; absent
   *     if no step was made
   * @param discriminator weights of the discriminator, likewise
   * @param epochs those completed, in order
   * @param explanation for the user
   */
  public record Result(
      Optional<Weights> generator,
      Optional<Weights> discriminator,
      List<Epoch> epochs,
      List<Round> rounds,
      StopReason reason,
      String explanation) {}

  /** Is shown images after each epoch. */
  public interface Gallery {
    /**
     * Takes in what the generator makes, after each epoch.
     *
     * @param images of the same noise each time, [N, channels, height, width], values from -1 to 1
     */
    void show(int epoch, Tensor images);
  }

  /**
   * Checks that everything fits before anything is learned.
   *
   * @throws SpyhopException if images and networks do not fit each other, or there are too few
   */
  public AdversarialTraining {
    Shape expected = Shape.of(view.channels(), view.height(), view.width());
    if (!networks.image().equals(expected)) {
      throw new SpyhopException(
          Strings.format(
              "The networks are for images of %s, received images of %s.",
              networks.image(), expected));
    }
    if (images.size() < 2) {
      throw new SpyhopException(
          "Expected at least 2 images to learn from, received "
              + Strings.count(images.size(), "image")
              + ".");
    }
  }

  /**
   * Trains until all epochs are done, the user has had enough, or numbers overflow; what there is
   * then is in the result.
   *
   * @param gallery is shown what the generator makes after each epoch
   * @throws SpyhopException if an image cannot be read
   */
  public Result run(
      Engine engine,
      Device device,
      Checkpoints checkpoints,
      TrainingListener listener,
      Gallery gallery,
      Progress progress) {
    try (AdversarialCheckpoint store =
        new AdversarialCheckpoint(checkpoints, options, subject(), listener)) {
      return new Run(engine, device, store, listener, gallery, progress).run();
    }
  }

  private String subject() {
    return Strings.format(
        "%s of checksum %08x, networks %08x %08x, view %s %s",
        Strings.count(images.size(), "image"),
        images.names().hashCode(),
        NetworkJson.write(networks.generator()).hashCode(),
        NetworkJson.write(networks.discriminator()).hashCode(),
        networks.image(),
        view.settings());
  }

  /** One training. */
  private final class Run {

    private final Engine engine;
    private final Device device;
    private final AdversarialCheckpoint store;
    private final TrainingListener listener;
    private final Gallery gallery;
    private final Progress progress;
    private final RealImages<T> real;
    private final int stepsPerEpoch;
    private final List<Epoch> epochs = new ArrayList<>();
    private final List<Round> rounds = new ArrayList<>();
    private final Tensor noise;

    private long step;
    private WeightAverage average;
    private PairDistances before;
    private Optional<Weights> kept = Optional.empty();
    private Optional<Weights> keptDiscriminator = Optional.empty();

    Run(
        Engine engine,
        Device device,
        AdversarialCheckpoint store,
        TrainingListener listener,
        Gallery gallery,
        Progress progress) {
      this.engine = engine;
      this.device = device;
      this.store = store;
      this.listener = listener;
      this.gallery = gallery;
      this.progress = progress;
      real = new RealImages<>(images, view, options.batch(), options.seed());
      stepsPerEpoch = options.stepsPerEpoch() > 0 ? options.stepsPerEpoch() : real.stepsPerEpoch();
      noise = Noise.of(LOOKED_AT, networks.noise(), options.seed(), -1);
    }

    Result run() {
      Optional<State> resumed = store.load();
      Weights ofGenerator =
          resumed
              .map(s -> part(s, GENERATOR).fittedTo(networks.generator()))
              .orElseGet(() -> AdversarialNetworks.initial(networks.generator(), options.seed()));
      Weights ofDiscriminator =
          resumed
              .map(s -> part(s, DISCRIMINATOR).fittedTo(networks.discriminator()))
              .orElseGet(
                  () -> AdversarialNetworks.initial(networks.discriminator(), ~options.seed()));
      average = new WeightAverage(options.averaging(), ofGenerator);
      listener.message(
          Strings.format(
              "%s of %d x %d pixels; %s of %s of %d; %s.",
              Strings.count(images.size(), "image"),
              view.width(),
              view.height(),
              Strings.count(options.epochs(), "epoch"),
              Strings.count(stepsPerEpoch, "minibatch"),
              options.batch(),
              device));
      long steps = (long) options.epochs() * stepsPerEpoch;
      try (AdversarialSteps both =
          new AdversarialSteps(networks, ofGenerator, ofDiscriminator, options, engine, device)) {
        resumed.ifPresent(s -> resume(s, both));
        try (Prefetcher minibatches = new Prefetcher(real, stepsPerEpoch, step, steps)) {
          return train(both, minibatches, steps);
        }
      }
    }

    private Weights part(State state, String name) {
      Weights part = state.weights().get(name);
      if (part == null) {
        throw new SpyhopException("The checkpoint lacks the part " + name + ". Start anew.");
      }
      return part;
    }

    private void resume(State state, AdversarialSteps both) {
      both.generator()
          .restore(
              part(state, GENERATOR).fittedTo(networks.generator()),
              part(state, GENERATOR + OPTIMIZER));
      both.discriminator()
          .restore(
              part(state, DISCRIMINATOR).fittedTo(networks.discriminator()),
              part(state, DISCRIMINATOR + OPTIMIZER));
      Past past = state.past();
      step = past.step();
      epochs.addAll(past.epochs());
      rounds.addAll(past.rounds());
      Weights averaged = part(state, AVERAGE).fittedTo(networks.generator());
      average = new WeightAverage(options.averaging(), averaged, step);
      kept = Optional.of(averaged);
      keptDiscriminator = Optional.of(both.discriminator().weights());
      before = PairDistances.of(made(both.generator().weights()));
      listener.message("Resumed after epoch " + epochs.size() + ".");
    }

    private Result train(AdversarialSteps both, Prefetcher minibatches, long steps) {
      for (int epoch = epochs.size() + 1; epoch <= options.epochs(); epoch++) {
        long start = System.nanoTime();
        Sums sums = new Sums();
        listener.begun(epoch, options.epochs());
        Minibatch minibatch = null;
        for (int i = 0; i < stepsPerEpoch; i++) {
          if (progress.isCancelled()) return cancelled(both, epoch, i);
          try {
            minibatch = minibatches.next();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return cancelled(both, epoch, i);
          }
          Tensor from = Noise.of(options.batch(), networks.noise(), options.seed(), step);
          AdversarialSteps.Made made =
              both.step(minibatch.inputs().get("image"), from, options.learningRate());
          if (!made.isFinite()) return notFinite(epoch, i);
          sums.add(made);
          step++;
          if (options.averaging() > 0) average.update(both.generator().weights());
          progress.update(
              Strings.format(
                  "Epoch %d of %d, step %d of %d, losses %.3f and %.3f%s",
                  epoch,
                  options.epochs(),
                  i + 1,
                  stepsPerEpoch,
                  made.discriminatorLoss(),
                  made.generatorLoss(),
                  left(start, i + 1, steps)),
              step,
              steps);
        }
        finish(both, epoch, sums, minibatch, start);
      }
      return result(
          StopReason.FINISHED,
          options.epochs() == 1
              ? "The one epoch is done."
              : "All " + options.epochs() + " epochs are done.");
    }

    private String left(long start, int made, long steps) {
      if (made < PACE) return "";
      double seconds = (System.nanoTime() - start) * 1e-9 / made * (steps - step);
      return ", " + Durations.text(seconds) + " left";
    }

    private Weights current(AdversarialSteps both) {
      return options.averaging() > 0 ? average.weights() : both.generator().weights();
    }

    /** Images of the noise that is the same each time. */
    private Tensor made(Weights weights) {
      Network network = networks.generator();
      try (Predictor predictor = engine.predictor(network, weights, device)) {
        return predictor.predict(noise);
      }
    }

    private void finish(AdversarialSteps both, int epoch, Sums sums, Minibatch last, long start) {
      Weights now = both.generator().weights();
      Tensor images = made(now);
      PairDistances made = PairDistances.of(images);
      PairDistances ofReal = PairDistances.of(last.inputs().get("image"));
      Round round =
          sums.round(
              made.average() / ofReal.average(),
              made.nearer(ofReal.quantile(0.01)),
              before == null ? 0 : made.drift(before) / ofReal.average());
      before = made;
      rounds.add(round);
      List<Diagnostic> findings = AdversarialDiagnosis.of(rounds);
      List<Symptom> told = epochs.isEmpty() ? List.of() : epochs.get(epochs.size() - 1).symptoms();
      Epoch row =
          new Epoch(
              epoch,
              step,
              round.discriminatorLoss(),
              round.figures(),
              options.learningRate(),
              (System.nanoTime() - start) * 1e-9,
              true,
              findings.stream().map(Diagnostic::symptom).toList());
      epochs.add(row);
      kept = Optional.of(current(both));
      keptDiscriminator = Optional.of(both.discriminator().weights());
      gallery.show(epoch, options.averaging() > 0 ? made(kept.get()) : images);
      listener.epoch(row, options.epochs());
      findings.stream().filter(f -> !told.contains(f.symptom())).forEach(listener::finding);
      Map<String, Weights> parts = new LinkedHashMap<>();
      parts.put(GENERATOR, now);
      parts.put(AVERAGE, kept.get());
      parts.put(GENERATOR + OPTIMIZER, both.generator().optimizerState());
      parts.put(DISCRIMINATOR, keptDiscriminator.get());
      parts.put(DISCRIMINATOR + OPTIMIZER, both.discriminator().optimizerState());
      store.save(new State(parts, new Past(step, epochs, rounds)));
    }

    private Result cancelled(AdversarialSteps both, int epoch, int made) {
      if (made > 0) {
        kept = Optional.of(current(both));
        keptDiscriminator = Optional.of(both.discriminator().weights());
      }
      String what = kept.isEmpty() ? "Nothing was learnt." : "The generator is kept as it is now.";
      return result(StopReason.CANCELLED, "Stopped in epoch " + epoch + ". " + what);
    }

    private Result notFinite(int epoch, int made) {
      return result(
          StopReason.NOT_FINITE,
          Strings.format(
              "Stopped in epoch %d at step %d: a loss is no longer a finite number. Try a lower"
                  + " learning rate than %s.%s",
              epoch,
              made + 1,
              options.learningRate(),
              kept.isEmpty() ? "" : " The generator of the epoch before is kept."));
    }

    private Result result(StopReason reason, String explanation) {
      return new Result(
          kept, keptDiscriminator, List.copyOf(epochs), List.copyOf(rounds), reason, explanation);
    }
  }

  /** Means over the steps of an epoch. */
  private static final class Sums {
    private final List<AdversarialSteps.Made> made = new ArrayList<>();

    void add(AdversarialSteps.Made step) {
      made.add(step);
    }

    Round round(double spread, double alike, double drift) {
      return new Round(
          made.stream()
              .collect(Collectors.averagingDouble(AdversarialSteps.Made::discriminatorLoss)),
          made.stream().collect(Collectors.averagingDouble(AdversarialSteps.Made::generatorLoss)),
          made.stream().collect(Collectors.averagingDouble(AdversarialSteps.Made::realTaken)),
          made.stream().collect(Collectors.averagingDouble(AdversarialSteps.Made::generatedTaken)),
          spread,
          alike,
          drift);
    }
  }
}
