package sc.fiji.spyhop.generate.adversarial;

import java.util.List;
import java.util.Map;
import java.util.Random;
import sc.fiji.spyhop.dataset.Dataset;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.training.sampling.Minibatch;
import sc.fiji.spyhop.training.sampling.Shuffle;
import sc.fiji.spyhop.util.SplitMix64;

/**
 * Minibatches of real images, each image about once in an epoch. Thread safe.
 *
 * @param <T> what is known of an image
 */
final class RealImages<T> implements Minibatch.Source {

  private final Dataset<T> images;
  private final RealView<T> view;
  private final int batch;
  private final long seed;
  private final Shuffle shuffle;

  RealImages(Dataset<T> images, RealView<T> view, int batch, long seed) {
    this.images = images;
    this.view = view;
    this.batch = batch;
    this.seed = seed;
    shuffle = new Shuffle(images.size(), seed);
  }

  /** Minibatches that show every image about once. */
  int stepsPerEpoch() {
    return Math.max(1, images.size() / batch);
  }

  /** The images alone, under the name {@code image}: [batch, channels, height, width]. */
  @Override
  public Minibatch make(int epoch, int index) {
    int n = view.length();
    float[] data = new float[batch * n];
    String[] names = new String[batch];
    for (int i = 0; i < batch; i++) {
      long place = (long) index * batch + i;
      int image = shuffle.image(epoch, place);
      Random random = new Random(SplitMix64.mix(SplitMix64.first(seed ^ epoch) + place));
      System.arraycopy(view.of(images.get(image), random), 0, data, i * n, n);
      names[i] = images.names().get(image);
    }
    int[] shape = {batch, view.channels(), view.height(), view.width()};
    Tensor shown = new Tensor(Axes.NCHW, shape, data);
    return new Minibatch(Map.of("image", shown), Map.of(), List.of(names));
  }
}
