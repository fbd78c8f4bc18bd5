package sc.fiji.spyhop.training;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.stream.Collectors;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.engine.Device;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.engine.Trainer;
import sc.fiji.spyhop.engine.TrainingPlan;
import sc.fiji.spyhop.engine.TrainingPlan.Objective;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.task.metrics.Score;
import sc.fiji.spyhop.training.TrainingHistory.Epoch;
import sc.fiji.spyhop.training.diagnosis.Diagnostic;
import sc.fiji.spyhop.training.diagnosis.Symptom;
import sc.fiji.spyhop.training.sampling.Minibatch;
import sc.fiji.spyhop.training.sampling.Prefetcher;
import sc.fiji.spyhop.util.Durations;
import sc.fiji.spyhop.util.Strings;
import sc.fiji.spyhop.weights.Weights;

/**
 * Gradient descent on minibatches, whatever the task: schedule, averaged weights, validation,
 * checkpoints, and every way of coming to an end.
 */
public final class TrainingLoop {

  private static final System.Logger LOG = System.getLogger(TrainingLoop.class.getName());

  /** Scores weights on images that are not trained on. */
  public interface Validation {
    /**
     * Judges weights on images that are not trained on.
     *
     * @throws CancellationException if the user asked to stop
     */
    Score score(Weights weights, Progress progress);
  }

  private static final String START_KEPT =
      "The network that the training began with is kept: no epoch was better on the validation set.";

  private final Engine engine;
  private final Device device;
  private final Network network;
  private final List<Objective> objectives;
  private final TrainingOptions options;
  private final int stepsPerEpoch;
  private final Minibatch.Source source;
  private final Optional<Validation> validation;
  private final CheckpointStore store;
  private final TrainingObserver observer;
  private final TrainingListener listener;
  private final Progress progress;

  private long step;
  private TrainingHistory history = TrainingHistory.EMPTY;
  private Optional<Weights> best = Optional.empty();
  private double bestValue = Double.NEGATIVE_INFINITY;
  private int epochsSinceBest;
  private WeightAverage average;
  private Remaining remaining;

  /**
   * Takes in what is needed; nothing is trained yet.
   *
   * @param validation absent: the loss of training decides which weights are the best
   */
  public TrainingLoop(
      TrainingSetup setup,
      TrainingOptions options,
      int stepsPerEpoch,
      Minibatch.Source source,
      Optional<Validation> validation,
      CheckpointStore store,
      TrainingObserver observer,
      TrainingListener listener,
      Progress progress) {
    this.engine = setup.engine();
    this.device = setup.device();
    this.network = setup.network();
    this.objectives = setup.objectives();
    this.options = options;
    this.stepsPerEpoch = stepsPerEpoch;
    this.source = source;
    this.validation = validation;
    this.store = store;
    this.observer = observer;
    this.listener = listener;
    this.progress = progress;
  }

  /**
   * Trains from the initial weights, or from the checkpoint if there is one to resume.
   *
   * @param initial of the network, by the names of its parameters
   * @param learned whether the initial weights have learned before: then they are validated too,
   *     and kept if no epoch is better
   * @return the best weights so far, whatever ended the training
   */
  public TrainingResult run(Weights initial, boolean learned) {
    try (store) {
      store.hold();
      return learn(initial, learned);
    }
  }

  private TrainingResult learn(Weights initial, boolean learned) {
    Optional<CheckpointStore.State> resumed = store.load(network);
    Weights start = resumed.map(CheckpointStore.State::weights).orElse(initial);
    if (learned && resumed.isEmpty() && validation.isPresent()) {
      try {
        judge(validation.get().score(start, progress), start);
      } catch (CancellationException e) {
        return new TrainingResult(start, start, history, StopReason.CANCELLED, stopped(1));
      }
    }
    long steps = (long) options.epochs() * stepsPerEpoch;
    try (Trainer trainer = engine.trainer(network, start, plan(), device)) {
      average = new WeightAverage(options.averaging(), start);
      resumed.ifPresent(state -> resume(state, trainer));
      remaining = new Remaining(steps, 3 * stepsPerEpoch);
      try (Prefetcher minibatches = new Prefetcher(source, stepsPerEpoch, step, steps)) {
        return train(trainer, minibatches, steps);
      }
    }
  }

  private void judge(Score score, Weights start) {
    bestValue = score.value();
    best = Optional.of(start);
    history = history.from(score.figures());
    listener.message(
        "Before the first epoch: "
            + score.figures().entrySet().stream()
                .map(f -> Strings.format("%s %.4f", f.getKey(), f.getValue()))
                .collect(Collectors.joining(", "))
            + ".");
  }

  private TrainingPlan plan() {
    return new TrainingPlan(
        objectives,
        options.optimizer(),
        options.l2(),
        options.clipNorm() == 0 ? Double.POSITIVE_INFINITY : options.clipNorm(),
        Set.copyOf(options.frozenLayers()),
        options.rates(),
        options.seed());
  }

  private void resume(CheckpointStore.State state, Trainer trainer) {
    trainer.restore(state.weights(), state.optimizer());
    average = new WeightAverage(options.averaging(), state.average(), state.numbers().step());
    best = state.best();
    step = state.numbers().step();
    history = state.numbers().history();
    bestValue = state.numbers().bestValue();
    epochsSinceBest = state.numbers().epochsSinceBest();
    observer.remember(state.memory());
    listener.message("Resumed after epoch " + history.epochs().size() + ".");
  }

  private TrainingResult train(Trainer trainer, Prefetcher minibatches, long steps) {
    for (int epoch = history.epochs().size() + 1; epoch <= options.epochs(); epoch++) {
      if (isPatienceOver()) return result(trainer, StopReason.NO_IMPROVEMENT, patienceOver());
      long start = System.nanoTime();
      double waited = minibatches.waited();
      double loss = 0;
      double rate = 0;
      Minibatch minibatch = null;
      listener.begun(epoch, options.epochs());
      progress.update(where(epoch, 1), step, steps);
      for (int i = 0; i < stepsPerEpoch; i++) {
        if (progress.isCancelled()) return cancelled(trainer, epoch);
        try {
          minibatch = minibatches.next();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          return cancelled(trainer, epoch);
        }
        rate = options.learningRate(step, steps);
        if (i == stepsPerEpoch - 1) observer.beforeLastStep(trainer::weights);
        Trainer.Step made = trainer.step(minibatch.inputs(), minibatch.targets(), rate);
        if (!made.isFinite()) {
          Optional<Diagnostic> found = observer.notFinite(made, trainer.weights(), minibatch);
          found.ifPresent(listener::finding);
          return result(
              trainer, StopReason.NOT_FINITE, notFinite(made, found, minibatch, epoch, rate));
        }
        observer.step(made);
        loss += made.loss();
        step++;
        if (options.averaging() > 0) average.update(trainer.weights());
        progress.update(
            where(epoch, i + 1) + ", loss " + number(loss / (i + 1)) + remaining.text(step),
            step,
            steps);
      }
      tellWaiting(epoch, minibatches.waited() - waited, (System.nanoTime() - start) * 1e-9);
      Weights now = current(trainer);
      Optional<Score> score;
      try {
        score = validate(now, epoch);
      } catch (CancellationException e) {
        return cancelled(trainer, epoch);
      }
      List<Diagnostic> findings = observer.epoch(epoch, rate, trainer::weights, minibatch);
      finishEpoch(
          trainer, now, score, findings, new Pace(epoch, loss / stepsPerEpoch, rate, start));
    }
    return result(trainer, StopReason.FINISHED, allDone());
  }

  /** Which of reading images and computing bounds the pace. */
  private static void tellWaiting(int epoch, double waited, double seconds) {
    LOG.log(
        System.Logger.Level.DEBUG,
        () ->
            Strings.format(
                "Epoch %d: the steps took %.1f s, of which %.1f %% was spent waiting for minibatches.",
                epoch, seconds, 100 * waited / seconds));
  }

  private String allDone() {
    String done =
        options.epochs() == 1
            ? "The one epoch is done."
            : "All " + options.epochs() + " epochs are done.";
    return history.isStartBest() ? done + " " + START_KEPT : done;
  }

  private String where(int epoch, int step) {
    return Strings.format(
        "Epoch %d of %d, step %d of %d", epoch, options.epochs(), step, stepsPerEpoch);
  }

  private record Pace(int epoch, double loss, double rate, long start) {}

  private Optional<Score> validate(Weights weights, int epoch) {
    boolean due = epoch % options.validateEvery() == 0 || epoch == options.epochs();
    return due ? validation.map(v -> v.score(weights, progress)) : Optional.empty();
  }

  private void finishEpoch(
      Trainer trainer, Weights now, Optional<Score> score, List<Diagnostic> findings, Pace pace) {
    boolean judged = score.isPresent() || validation.isEmpty();
    double value = score.map(Score::value).orElse(-pace.loss);
    boolean isBest = judged && value >= bestValue;
    epochsSinceBest = judged && value > bestValue ? 0 : epochsSinceBest + 1;
    if (isBest) {
      bestValue = value;
      best = Optional.of(now);
    }
    Epoch row =
        new Epoch(
            pace.epoch,
            step,
            pace.loss,
            score.map(Score::figures).orElse(Map.of()),
            pace.rate,
            (System.nanoTime() - pace.start) * 1e-9,
            isBest,
            findings.stream().map(Diagnostic::symptom).toList());
    Set<Symptom> told = history.recentSymptoms();
    history = history.plus(row);
    listener.epoch(row, options.epochs());
    findings.stream().filter(f -> !told.contains(f.symptom())).forEach(listener::finding);
    store.save(
        isBest,
        () ->
            new CheckpointStore.State(
                trainer.weights(),
                now,
                trainer.optimizerState(),
                best,
                new CheckpointStore.Numbers(step, history, bestValue, epochsSinceBest),
                observer.memory()));
  }

  private boolean isPatienceOver() {
    return options.patience() > 0 && epochsSinceBest >= options.patience();
  }

  private Weights current(Trainer trainer) {
    return options.averaging() > 0 ? average.weights() : trainer.weights();
  }

  private TrainingResult result(Trainer trainer, StopReason reason, String explanation) {
    Weights last = current(trainer);
    return new TrainingResult(best.orElse(last), last, history, reason, explanation);
  }

  private TrainingResult cancelled(Trainer trainer, int epoch) {
    return result(trainer, StopReason.CANCELLED, stopped(epoch));
  }

  private String stopped(int epoch) {
    return "Stopped in epoch " + epoch + ". " + keptNetwork();
  }

  private String patienceOver() {
    return "No better validation for "
        + Strings.count(epochsSinceBest, "epoch")
        + ". "
        + keptNetwork();
  }

  private String keptNetwork() {
    if (history.isStartBest()) return START_KEPT;
    return history
        .best()
        .map(e -> "The best network so far, of epoch " + e.number() + ", is kept.")
        .orElse(
            history.epochs().isEmpty()
                ? "No epoch was completed, so there is no network to keep."
                : "No epoch was validated yet; the network is kept as it is after "
                    + Strings.count(step, "step")
                    + ".");
  }

  private String notFinite(
      Trainer.Step made, Optional<Diagnostic> found, Minibatch minibatch, int epoch, double rate) {
    return Strings.format(
        "Stopped in epoch %d at step %d: the %s is no longer a finite number. %s %s",
        epoch,
        step + 1,
        Double.isFinite(made.loss()) ? "gradient" : "loss",
        found
            .filter(f -> f.symptom() != Symptom.NOT_FINITE)
            .map(Diagnostic::text)
            .orElseGet(
                () -> found.map(f -> f.observation() + " ").orElse("") + cause(minibatch, rate)),
        keptNetwork());
  }

  private String cause(Minibatch minibatch, double rate) {
    return minibatch.inputs().values().stream().allMatch(t -> isFinite(t.data()))
        ? "Usual causes are a learning rate that is too high (it was "
            + number(rate)
            + ") and images with extreme"
            + " intensities. Try a learning rate of "
            + number(options.learningRate() / 10)
            + ", and look at the images "
            + names(minibatch)
            + "."
        : "The images of this step hold values that are no finite numbers: look at "
            + names(minibatch)
            + ".";
  }

  private static String names(Minibatch minibatch) {
    return String.join(", ", minibatch.names().stream().distinct().sorted().toList());
  }

  private static boolean isFinite(float[] values) {
    for (float v : values) if (!Float.isFinite(v)) return false;
    return true;
  }

  private static String number(double value) {
    return Strings.format("%.4g", value);
  }

  /** Guesses the time left from the pace of the last steps; the first ones are slower. */
  private static final class Remaining {
    private final Deque<Long> times = new ArrayDeque<>();
    private final long steps;
    private final int window;

    /**
     * @param window steps whose pace counts: some epochs, as these end in a validation
     */
    Remaining(long steps, int window) {
      this.steps = steps;
      this.window = window;
      times.add(System.nanoTime());
    }

    String text(long step) {
      times.add(System.nanoTime());
      if (times.size() > window + 1) times.remove();
      int made = times.size() - 1;
      if (made < 3) return "";
      double seconds = (times.getLast() - times.getFirst()) * 1e-9 / made * (steps - step);
      return ", " + Durations.text(seconds) + " left";
    }
  }
}
