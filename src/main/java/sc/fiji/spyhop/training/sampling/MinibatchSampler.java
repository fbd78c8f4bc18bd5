package sc.fiji.spyhop.training.sampling;

import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.engine.Predictor;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.prediction.Annotation;
import sc.fiji.spyhop.prediction.LabelMap;
import sc.fiji.spyhop.task.AnnotationTask;
import sc.fiji.spyhop.task.Ends;
import sc.fiji.spyhop.task.ImageTask;
import sc.fiji.spyhop.task.PixelTask;
import sc.fiji.spyhop.task.Restoration;
import sc.fiji.spyhop.task.Task;
import sc.fiji.spyhop.task.metrics.Score;
import sc.fiji.spyhop.training.diagnosis.Census;
import sc.fiji.spyhop.util.SplitMix64;

/**
 * What a training learns from and is judged by: images and truth, cut and varied as a kind of task
 * needs it. Whoever makes one refuses what cannot be trained on.
 */
public interface MinibatchSampler extends Minibatch.Source {

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

  /** Random numbers of one place of an epoch, whoever asks and when. */
  static SplittableRandom random(long seed, int epoch, long place) {
    return new SplittableRandom(
        SplitMix64.first(SplitMix64.first(SplitMix64.first(seed) + epoch) + place));
  }

  /** A number with its noun, for messages, such as {@code 2 images} and {@code no images}. */
  static String count(int n, String what) {
    return n == 0 ? "no " + what + "s" : n + " " + what + (n == 1 ? "" : "s");
  }

  /**
   * The sampler for a kind of task. A task's type says what its truth is, so the casts are sound.
   *
   * @param ends of the network
   * @throws sc.fiji.spyhop.SpyhopException if the images cannot be trained on
   */
  @SuppressWarnings("unchecked")
  static <T> MinibatchSampler of(
      TrainingImages<T> images, Task<T, ?> task, Ends ends, Progress progress) {
    return task.accept(
        new Task.FamilyVisitor<>() {
          @Override
          public MinibatchSampler image(ImageTask<?> of) {
            return new ImageMinibatches<>(images, (ImageTask<T>) of, ends, progress);
          }

          @Override
          public MinibatchSampler annotation(AnnotationTask of) {
            return new DetectionMinibatches(
                (TrainingImages<Annotation>) images, of, ends, progress);
          }

          @Override
          public MinibatchSampler pixels(PixelTask<?> of) {
            return new CropMinibatches<>((TrainingImages<LabelMap>) images, of, ends, progress);
          }

          @Override
          public MinibatchSampler restoration(Restoration of) {
            return new RestorationMinibatches((TrainingImages<Frame>) images, of, ends, progress);
          }
        });
  }
}
