package sc.fiji.spyhop.cli;

import java.math.BigDecimal;
import java.util.Optional;
import java.util.function.Function;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import sc.fiji.spyhop.dataset.Augmentation;
import sc.fiji.spyhop.engine.Optimizer;
import sc.fiji.spyhop.training.Schedule;
import sc.fiji.spyhop.training.TrainingOptions;
import sc.fiji.spyhop.util.Strings;

/** How to learn. Each option changes one thing of what is usual for the task. */
final class LearningOptions {

  private enum ScheduleName {
    CONSTANT,
    COSINE,
    STEP,
    ONE_CYCLE
  }

  private enum OptimizerName {
    ADAMW,
    ADAM,
    SGD
  }

  @Option(names = "--epochs", paramLabel = "N", description = "Rounds.")
  private Optional<Integer> epochs = Optional.empty();

  @Option(
      names = "--steps",
      paramLabel = "N",
      description = "Minibatches a round (default: as many as show everything about once).")
  private Optional<Integer> steps = Optional.empty();

  @Option(names = "--batch", paramLabel = "N", description = "Crops or images a minibatch.")
  private Optional<Integer> batch = Optional.empty();

  @Option(names = "--rate", paramLabel = "R", description = "Learning rate.")
  private Optional<Double> rate = Optional.empty();

  @Option(
      names = "--schedule",
      paramLabel = "NAME",
      description = "cosine, constant, step or one_cycle (default: cosine).")
  private Optional<ScheduleName> schedule = Optional.empty();

  @Option(
      names = "--warmup",
      paramLabel = "SHARE",
      description = "Share of the training in which the rate rises (default: 0.05).")
  private Optional<Double> warmup = Optional.empty();

  @Option(
      names = "--optimizer",
      paramLabel = "NAME",
      description = "adamw, adam or sgd (with Nesterov momentum) (default: adamw).")
  private OptimizerName optimizer = OptimizerName.ADAMW;

  @Option(
      names = "--decay",
      paramLabel = "D",
      description = "Weight decay of adamw, L2 otherwise (default: 0.001 with adamw, else 0).")
  private Optional<Double> decay = Optional.empty();

  @Option(
      names = "--clip",
      paramLabel = "NORM",
      description = "Longest gradient, 0 for any (default: 5).")
  private Optional<Double> clip = Optional.empty();

  @Option(
      names = "--averaging",
      paramLabel = "DECAY",
      description = "Decay of the moving average of the weights, 0 for none (default: 0.995).")
  private Optional<Double> averaging = Optional.empty();

  @Option(
      names = "--validate-every",
      paramLabel = "N",
      description = "Rounds from one validation to the next (default: 1).")
  private Optional<Integer> validateEvery = Optional.empty();

  @Option(
      names = "--patience",
      paramLabel = "N",
      description = "Stop after so many rounds without a better validation (default: 0, never).")
  private Optional<Integer> patience = Optional.empty();

  @Option(
      names = "--seed",
      paramLabel = "S",
      description = "Same seed, same split, variations and first weights (default: 1).")
  private Optional<Long> seed = Optional.empty();

  private final TrainingOptions usual;
  private Optional<Other> other = Optional.empty();

  /** What is usual in another case. */
  private record Other(TrainingOptions usual, String when) {}

  LearningOptions(TrainingOptions usual) {
    this.usual = usual;
  }

  /** For commands that have two kinds of usual options: tells of the second in the help. */
  LearningOptions or(TrainingOptions second, String when) {
    other = Optional.of(new Other(second, when));
    return this;
  }

  /** An option with what is usual for the command at the end of its description. */
  OptionSpec withDefault(OptionSpec option) {
    Optional<Function<TrainingOptions, Number>> value =
        Optional.ofNullable(
            switch (option.longestName()) {
              case "--epochs" -> TrainingOptions::epochs;
              case "--batch" -> TrainingOptions::batch;
              case "--rate" -> TrainingOptions::learningRate;
              default -> null;
            });
    if (value.isEmpty()) return option;
    String here = plain(value.get().apply(usual));
    String told =
        other
            .map(o -> Strings.format("%s %s", plain(value.get().apply(o.usual)), o.when))
            .filter(t -> !t.startsWith(here + " "))
            .map(t -> here + "; " + t)
            .orElse(here);
    String text = option.description()[0].replaceAll("\\.$", "");
    return OptionSpec.builder(option)
        .description(Strings.format("%s (default: %s).", text, told))
        .build();
  }

  private static String plain(Number number) {
    return new BigDecimal(number.toString()).stripTrailingZeros().toPlainString();
  }

  long seed() {
    return seed.orElse(usual.seed());
  }

  TrainingOptions options(Augmentation augmentation) {
    return options(usual, augmentation);
  }

  /**
   * @param usual instead of what is usual for the command
   */
  TrainingOptions options(TrainingOptions usual, Augmentation augmentation) {
    double decayed = decay.orElse(optimizer == OptimizerName.ADAMW ? 1e-3 : 0);
    return usual
        .with()
        .epochs(epochs.orElse(usual.epochs()))
        .stepsPerEpoch(steps.orElse(usual.stepsPerEpoch()))
        .batch(batch.orElse(usual.batch()))
        .augmentation(augmentation)
        .learningRate(rate.orElse(usual.learningRate()))
        .schedule(schedule.map(LearningOptions::schedule).orElse(usual.schedule()))
        .warmup(warmup.orElse(usual.warmup()))
        .optimizer(
            switch (optimizer) {
              case ADAMW -> new Optimizer.AdamW(0.9, 0.99, 1e-8, decayed);
              case ADAM -> new Optimizer.Adam();
              case SGD -> new Optimizer.Sgd(0.9);
            })
        .l2(optimizer == OptimizerName.ADAMW ? 0 : decayed)
        .clipNorm(clip.orElse(usual.clipNorm()))
        .averaging(averaging.orElse(usual.averaging()))
        .validateEvery(validateEvery.orElse(usual.validateEvery()))
        .patience(patience.orElse(usual.patience()))
        .seed(seed())
        .build();
  }

  private static Schedule schedule(ScheduleName name) {
    return switch (name) {
      case CONSTANT -> new Schedule.Constant();
      case COSINE -> new Schedule.Cosine(0);
      case STEP -> new Schedule.Step(1.0 / 3, 0.1);
      case ONE_CYCLE -> new Schedule.OneCycle(0.3, 0.04, 0);
    };
  }
}
