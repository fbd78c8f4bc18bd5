package sc.fiji.spyhop.training;

import java.util.List;
import java.util.Map;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.dataset.Augmentation;
import sc.fiji.spyhop.engine.Optimizer;
import sc.fiji.spyhop.task.Task;
import sc.fiji.spyhop.task.WrittenLoss;
import sc.fiji.spyhop.task.metrics.PluginMetrics;
import sc.fiji.spyhop.training.sampling.SamplingOptions;

/**
 * How to train. {@link #DEFAULT} suits a few dozen annotated microscopy images and a U-Net.
 *
 * @param epochs rounds, each followed by validation
 * @param stepsPerEpoch minibatches per round; 0: as many as it takes to look at about every pixel
 *     of the training set once, but at least 20
 * @param batch crops or images per minibatch
 * @param crop segmentation: width and height of a crop, pixels; a multiple of what the network
 *     shrinks by. Boxes and keypoints: largest width and height of a picture
 * @param objectShare share of the crops or pictures, in [0, 1], placed around an object; the others
 *     lie anywhere in an image
 * @param learningRate the largest, above 0
 * @param schedule of the learning rate
 * @param warmup share of the training, in [0, 1), in which the rate rises linearly from near 0
 * @param optimizer how gradients change weights
 * @param l2 factor of half the squared kernels, added to the loss; 0 for none (AdamW has its own)
 * @param clipNorm longest gradient; longer ones are scaled down; 0 for any length
 * @param averaging decay per step, in [0, 1), of the exponential moving average of the weights,
 *     which is what is validated and kept; 0 for the plain weights
 * @param validateEvery epochs from one validation to the next
 * @param patience epochs without a better validation after which to stop; 0 to go on to the end
 * @param seed of initial order, crops, augmentation and dropout
 * @param frozenLayers layers that stay as they are
 * @param rates factors of the learning rate by layer; 1 for layers not named here
 * @param loss a {@link sc.fiji.spyhop.expression.LossFormula} to be minimised; empty for what the
 *     task minimises
 * @param metrics figures of validation besides the task's own
 */
public record TrainingOptions(
    int epochs,
    int stepsPerEpoch,
    int batch,
    int crop,
    double objectShare,
    Augmentation augmentation,
    double learningRate,
    Schedule schedule,
    double warmup,
    Optimizer optimizer,
    double l2,
    double clipNorm,
    double averaging,
    int validateEvery,
    int patience,
    long seed,
    List<String> frozenLayers,
    Map<String, Double> rates,
    String loss,
    PluginMetrics metrics) {

  /** 60 epochs of minibatches of 8 crops of 128 pixels, the largest learning rate 0.003. */
  public static final TrainingOptions DEFAULT =
      new TrainingOptions(
          60,
          0,
          8,
          128,
          0.9,
          Augmentation.DEFAULT,
          3e-3,
          new Schedule.Cosine(0),
          0.05,
          new Optimizer.AdamW(0.9, 0.99, 1e-8, 1e-3),
          0,
          5,
          0.995,
          1,
          0,
          1,
          List.of(),
          Map.of(),
          "",
          PluginMetrics.NONE);

  /** For images made of images. */
  public static final TrainingOptions RESTORATION =
      DEFAULT.with().objectShare(0).augmentation(Augmentation.TURNS).build();

  /** For classes and values of whole images, a few dozen to many thousand of them. */
  public static final TrainingOptions IMAGES =
      DEFAULT
          .with()
          .epochs(30)
          .batch(64)
          .augmentation(Augmentation.MILD)
          .learningRate(2e-3)
          .build();

  /** For boxes and keypoints in some dozen to some thousand images. */
  public static final TrainingOptions DETECTION =
      DEFAULT.with().epochs(60).crop(512).learningRate(2e-3).build();

  /**
   * Copies lists and maps.
   *
   * @throws SpyhopException that names the first option that is out of range
   */
  public TrainingOptions {
    frozenLayers = List.copyOf(frozenLayers);
    rates = Map.copyOf(rates);
    metrics = metrics == null ? PluginMetrics.NONE : metrics; // older checkpoints
    check("epochs", epochs, 1, 1_000_000);
    check("steps per epoch", stepsPerEpoch, 0, 10_000_000);
    check("crops per minibatch", batch, 1, 4096);
    check("crop size", crop, 1, 16_384);
    check("share of crops around objects", objectShare, 0, 1);
    check("learning rate", learningRate, Double.MIN_NORMAL, 1000);
    check("share of warm-up", warmup, 0, Math.nextDown(1.0));
    check("L2", l2, 0, 1000);
    check("longest gradient", clipNorm, 0, Double.MAX_VALUE);
    check("averaging", averaging, 0, Math.nextDown(1.0));
    check("epochs between validations", validateEvery, 1, 1_000_000);
    check("patience", patience, 0, 1_000_000);
  }

  /** How minibatches are drawn. */
  public SamplingOptions sampling() {
    return new SamplingOptions(batch, crop, objectShare, augmentation, seed, metrics);
  }

  private static void check(String what, double value, double low, double high) {
    if (!(value >= low && value <= high)) {
      throw new SpyhopException(
          "Training: expected "
              + what
              + " from "
              + text(low)
              + " to "
              + text(high)
              + ", received "
              + text(value)
              + ".");
    }
  }

  private static String text(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e9
        ? Long.toString((long) value)
        : value == Math.nextDown(1.0) ? "below 1" : Double.toString(value);
  }

  /**
   * Learning rate of one step.
   *
   * @param step from 0
   * @param steps in all
   */
  public double learningRate(long step, long steps) {
    double rising = warmup * steps;
    double ramp = rising > 0 ? Math.min(1, (step + 1) / rising) : 1;
    return learningRate * ramp * schedule.factor((double) step / steps);
  }

  /**
   * Refuses a loss that makes no sense for a task.
   *
   * @throws OtherOptionException that says why
   */
  public void requireLossFor(Task<?, ?> task) {
    if (loss.isEmpty()) return;
    try {
      WrittenLoss.of(task, loss);
    } catch (SpyhopException e) {
      throw new OtherOptionException("loss", e.getMessage());
    }
  }

  /** A copy to change. */
  public Builder with() {
    return new Builder(this);
  }

  /** Changes some options of another set. */
  public static final class Builder {
    private int epochs;
    private int stepsPerEpoch;
    private int batch;
    private int crop;
    private double objectShare;
    private Augmentation augmentation;
    private double learningRate;
    private Schedule schedule;
    private double warmup;
    private Optimizer optimizer;
    private double l2;
    private double clipNorm;
    private double averaging;
    private int validateEvery;
    private int patience;
    private long seed;
    private List<String> frozenLayers;
    private Map<String, Double> rates;
    private String loss;
    private PluginMetrics metrics;

    private Builder(TrainingOptions from) {
      epochs = from.epochs;
      stepsPerEpoch = from.stepsPerEpoch;
      batch = from.batch;
      crop = from.crop;
      objectShare = from.objectShare;
      augmentation = from.augmentation;
      learningRate = from.learningRate;
      schedule = from.schedule;
      warmup = from.warmup;
      optimizer = from.optimizer;
      l2 = from.l2;
      clipNorm = from.clipNorm;
      averaging = from.averaging;
      validateEvery = from.validateEvery;
      patience = from.patience;
      seed = from.seed;
      frozenLayers = from.frozenLayers;
      rates = from.rates;
      loss = from.loss;
      metrics = from.metrics;
    }

    /** At least 1; 60 at first. */
    public Builder epochs(int value) {
      epochs = value;
      return this;
    }

    /** Minibatches per epoch; 0 for as many as it takes to look at about every pixel once. */
    public Builder stepsPerEpoch(int value) {
      stepsPerEpoch = value;
      return this;
    }

    /** Crops or images per minibatch, 1 to 4096. */
    public Builder batch(int value) {
      batch = value;
      return this;
    }

    /** Width and height of a crop, pixels, 1 to 16,384. */
    public Builder crop(int value) {
      crop = value;
      return this;
    }

    /** Share of the crops that lie around an object, from 0 to 1. */
    public Builder objectShare(double value) {
      objectShare = value;
      return this;
    }

    /** How crops are varied before the network sees them. */
    public Builder augmentation(Augmentation value) {
      augmentation = value;
      return this;
    }

    /** The largest learning rate, above 0. */
    public Builder learningRate(double value) {
      learningRate = value;
      return this;
    }

    /** How the learning rate changes in the course of the training. */
    public Builder schedule(Schedule value) {
      schedule = value;
      return this;
    }

    /** Share of the training in which the learning rate rises to its largest, from 0 to below 1. */
    public Builder warmup(double value) {
      warmup = value;
      return this;
    }

    /** How gradients change weights. */
    public Builder optimizer(Optimizer value) {
      optimizer = value;
      return this;
    }

    /** Weight decay as a part of the loss; 0 for none. */
    public Builder l2(double value) {
      l2 = value;
      return this;
    }

    /** Longest gradient; 0 for any length. */
    public Builder clipNorm(double value) {
      clipNorm = value;
      return this;
    }

    /** Decay of the moving average of the weights, from 0 to below 1; 0 for none. */
    public Builder averaging(double value) {
      averaging = value;
      return this;
    }

    /** Epochs from one validation to the next, at least 1. */
    public Builder validateEvery(int value) {
      validateEvery = value;
      return this;
    }

    /** Epochs without a better validation after which to stop; 0 for none. */
    public Builder patience(int value) {
      patience = value;
      return this;
    }

    /** Of everything random: the same seed, data, threads and engine give the same network. */
    public Builder seed(long value) {
      seed = value;
      return this;
    }

    /** Names of layers that stay as they are; empty for none. */
    public Builder frozenLayers(List<String> value) {
      frozenLayers = value;
      return this;
    }

    /** Factors of the learning rate by name of the layer; 1 for others. */
    public Builder rates(Map<String, Double> value) {
      rates = value;
      return this;
    }

    /** A formula to be minimised in place of the task's own losses; empty for these. */
    public Builder loss(String value) {
      loss = value;
      return this;
    }

    /** Figures of plugins beside those of the task; {@link PluginMetrics#NONE} for none. */
    public Builder metrics(PluginMetrics value) {
      metrics = value;
      return this;
    }

    /**
     * The options, checked.
     *
     * @throws SpyhopException that names the first option that is out of range
     */
    public TrainingOptions build() {
      return new TrainingOptions(
          epochs,
          stepsPerEpoch,
          batch,
          crop,
          objectShare,
          augmentation,
          learningRate,
          schedule,
          warmup,
          optimizer,
          l2,
          clipNorm,
          averaging,
          validateEvery,
          patience,
          seed,
          frozenLayers,
          rates,
          loss,
          metrics);
    }
  }
}
