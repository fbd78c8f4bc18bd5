package sc.fiji.spyhop.training.sampling;

import sc.fiji.spyhop.dataset.Augmentation;
import sc.fiji.spyhop.task.metrics.PluginMetrics;

/**
 * How minibatches are drawn.
 *
 * @param batch images or crops in a minibatch
 * @param crop width and height of crops, pixels
 * @param objectShare share of crops that are drawn around an object, in [0, 1]
 * @param augmentation how images are varied
 * @param seed of everything random
 * @param metrics figures of validation besides the task's own
 */
public record SamplingOptions(
    int batch,
    int crop,
    double objectShare,
    Augmentation augmentation,
    long seed,
    PluginMetrics metrics) {

  /** The task's own figures alone. */
  public SamplingOptions(
      int batch, int crop, double objectShare, Augmentation augmentation, long seed) {
    this(batch, crop, objectShare, augmentation, seed, PluginMetrics.NONE);
  }
}
