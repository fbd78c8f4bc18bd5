package sc.fiji.spyhop.training;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.engine.Predictor;
import sc.fiji.spyhop.task.metrics.Score;
import sc.fiji.spyhop.training.diagnosis.Census;

/**
 * What a training learns from and is judged by: images and truth, cut and varied as a kind of task
 * needs it. Whoever makes one refuses what cannot be trained on.
 */
interface Material extends Minibatch.Source {

  /** Validation images that are shown to who watches. */
  int SHOWN = 4;

  /** A sentence about the images. */
  String description();

  /** Minibatches that show about everything once. */
  int stepsPerEpoch();

  /**
   * How good a network is on the validation images.
   *
   * @param shown gets the first of them, at most {@link #SHOWN}
   * @throws java.util.concurrent.CancellationException if the user asked to stop
   */
  Score score(Predictor predictor, Consumer<Example> shown, Progress progress);

  /**
   * Some of what is not trained on, without augmentation, always the same; empty if there is none.
   */
  List<Minibatch> probe();

  /** How often each class occurs, for tasks that have classes. */
  Optional<Census> census();

  /** Spreads seeds that lie close together (SplitMix64, Steele et al. 2014). */
  static long mix(long seed) {
    long z = seed + 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /** Shows nothing but can be cancelled. */
  static Progress quiet(Progress progress) {
    return new Progress() {
      @Override
      public void update(String message, long done, long total) {}

      @Override
      public boolean isCancelled() {
        return progress.isCancelled();
      }
    };
  }

  static String count(int n, String what) {
    return n == 0 ? "no " + what + "s" : n + " " + what + (n == 1 ? "" : "s");
  }
}
