package sc.fiji.spyhop.command;

import java.util.Optional;
import java.util.OptionalDouble;
import org.scijava.ItemVisibility;
import org.scijava.plugin.Parameter;
import sc.fiji.spyhop.engine.LossPlugin;
import sc.fiji.spyhop.engine.Optimizer;
import sc.fiji.spyhop.engine.Precision;
import sc.fiji.spyhop.expression.LossFormula;
import sc.fiji.spyhop.expression.LossFormula.Output;
import sc.fiji.spyhop.plugin.Plugins;
import sc.fiji.spyhop.training.Schedule;
import sc.fiji.spyhop.training.TrainingOptions;

/** Learns by gradient descent. */
@Group("Learning")
abstract class LearningCommand extends SplittingCommand {

  static final String PRECISION_HELP =
      "Arithmetic of processors: bfloat16 for feature maps and their gradients in 16 bits, on those"
          + " that have it; auto for 16 bits where the processor has them, else for float32, the"
          + " default. Weights, losses and statistics have 32 bits always.";

  @Parameter(
      label = "Minibatches per epoch",
      visibility = ItemVisibility.INVISIBLE,
      min = "0",
      persist = false,
      description = "Minibatches in an epoch; 0 for as many as show everything about once.")
  private int steps;

  @Parameter(
      label = "Minibatch size",
      visibility = ItemVisibility.INVISIBLE,
      min = "0",
      persist = false,
      description = "Images or crops in a minibatch; fewer need less memory; 0 for the default.")
  private int batch;

  @Parameter(
      label = "Learning rate",
      visibility = ItemVisibility.INVISIBLE,
      min = "0",
      persist = false,
      description = "Maximum learning rate; it rises at first, then falls. 0 for the default.")
  private double rate;

  @Parameter(
      label = "Schedule",
      choices = {"cosine", "constant", "step", "one_cycle"},
      visibility = ItemVisibility.INVISIBLE,
      persist = false,
      description = "How the learning rate changes in the course of the training.")
  private String schedule = "cosine";

  @Parameter(
      label = "Warm-up",
      visibility = ItemVisibility.INVISIBLE,
      min = "0",
      max = "1",
      persist = false,
      description = "Share of the training in which the learning rate rises.")
  private double warmup;

  @Parameter(
      label = "Optimizer",
      choices = {"adamw", "adam", "sgd"},
      visibility = ItemVisibility.INVISIBLE,
      persist = false,
      description = "How weights follow gradients; sgd has Nesterov momentum.")
  private String optimizer = "adamw";

  @Parameter(
      label = "Weight decay",
      visibility = ItemVisibility.INVISIBLE,
      required = false,
      persist = false,
      description = "Weight decay of adamw, otherwise L2; empty for 0.001 with adamw, else 0.")
  @InShell("N")
  private String decay = "";

  @Parameter(
      label = "Maximum gradient norm",
      visibility = ItemVisibility.INVISIBLE,
      min = "0",
      persist = false,
      description = "Maximum norm of the gradient, to which longer ones are shortened; 0 for any.")
  private double clip;

  @Parameter(
      label = "Moving average of weights",
      visibility = ItemVisibility.INVISIBLE,
      min = "0",
      max = "1",
      persist = false,
      description = "Decay of the moving average of the weights; 0 for none.")
  private double averaging;

  @Parameter(
      label = "Epochs per validation",
      visibility = ItemVisibility.INVISIBLE,
      min = "1",
      persist = false,
      description = "Epochs from one validation to the next.")
  @InShell(names = "--validate-every")
  private int every;

  @Parameter(
      label = "Patience",
      visibility = ItemVisibility.INVISIBLE,
      min = "0",
      persist = false,
      description = "Stops after so many epochs without a better validation; 0 for never.")
  private int patience;

  @Parameter(
      label = "Loss",
      visibility = ItemVisibility.INVISIBLE,
      required = false,
      persist = false,
      description =
          "What is to become small, a formula of what the network says (p), of that before its last"
              + " function (z), and of the truth (t), such as mean((p-t)^2*(1+4*t)); see"
              + " docs/formulas.md. Empty for what suits the task.")
  @InShell("FORMULA")
  private String loss = "";

  @Parameter(
      label = "Precision",
      choices = {"auto", "float32", "bfloat16"},
      visibility = ItemVisibility.INVISIBLE,
      persist = false,
      description = PRECISION_HELP)
  private String precision = "float32";

  private final TrainingOptions defaults;

  /**
   * @param defaults of what the user does not set
   */
  LearningCommand(TrainingOptions defaults) {
    this.defaults = defaults;
    steps = defaults.stepsPerEpoch();
    batch = defaults.batch();
    rate = defaults.learningRate();
    warmup = defaults.warmup();
    clip = defaults.clipNorm();
    averaging = defaults.averaging();
    every = defaults.validateEvery();
    patience = defaults.patience();
  }

  /** What is minimised instead of what suits the task; empty for that. */
  final String loss() {
    String text = loss.strip();
    if (text.isEmpty()) return text;
    Optional<String> plugin = Plugins.named(text);
    setting(
        "loss",
        () ->
            plugin.isPresent()
                ? Plugins.find(LossPlugin.class, plugin.get())
                : LossFormula.parse(text, Output.IDENTITY));
    return text;
  }

  final Precision precision() {
    return precision(precision);
  }

  /** For commands with several kinds of defaults: what is 0 is decided by them. */
  final void leaveOpen() {
    batch = 0;
    rate = 0;
  }

  /** What is not set by the user. */
  final TrainingOptions defaults() {
    return defaults;
  }

  /**
   * How to learn, images being shown as they are.
   *
   * @param from what is not set by the user
   * @param epochs 0 for the default
   */
  final TrainingOptions options(TrainingOptions from, int epochs, long seed) {
    boolean decoupled = optimizer.equals("adamw");
    OptionalDouble given = number("decay", decay);
    double decayed = given.orElse(decoupled ? 1e-3 : 0);
    return from.with()
        .epochs(epochs == 0 ? from.epochs() : epochs)
        .stepsPerEpoch(steps)
        .batch(batch == 0 ? from.batch() : batch)
        .learningRate(rate == 0 ? from.learningRate() : rate)
        .schedule(
            switch (schedule) {
              case "constant" -> new Schedule.Constant();
              case "step" -> new Schedule.Step(1.0 / 3, 0.1);
              case "one_cycle" -> new Schedule.OneCycle(0.3, 0.04, 0);
              default -> new Schedule.Cosine(0);
            })
        .warmup(warmup)
        .optimizer(
            switch (optimizer) {
              case "adam" -> new Optimizer.Adam();
              case "sgd" -> new Optimizer.Sgd(0.9);
              default -> new Optimizer.AdamW(0.9, 0.99, 1e-8, decayed);
            })
        .l2(decoupled ? 0 : decayed)
        .clipNorm(clip)
        .averaging(averaging)
        .validateEvery(every)
        .patience(patience)
        .seed(seed)
        .loss(loss())
        .build();
  }
}
