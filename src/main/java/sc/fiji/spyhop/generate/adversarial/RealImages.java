package sc.fiji.spyhop.generate.adversarial;

import java.util.List;
import java.util.Random;
import sc.fiji.spyhop.dataset.Dataset;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.training.sampling.Minibatch;
import sc.fiji.spyhop.util.SplitMix64;

/**
 * Minibatches of real images, each image about once in an epoch. Thread safe.
 *
 * @param <T> what is known of an image
 */
final class RealImages<T> implements Minibatch.Source {

  private final Dataset<T> images;
  private final Views<T> views;
  private final int batch;
  private final long seed;
  private final String input;

  RealImages(Dataset<T> images, Views<T> views, int batch, long seed, String input) {
    this.images = images;
    this.views = views;
    this.batch = batch;
    this.seed = seed;
    this.input = input;
  }

  /** Minibatches that show every image about once. */
  int stepsPerEpoch() {
    return Math.max(1, images.size() / batch);
  }

  @Override
  public Minibatch make(int epoch, int index) {
    int[] order = order(epoch);
    int n = views.length();
    float[] data = new float[batch * n];
    String[] names = new String[batch];
    for (int i = 0; i < batch; i++) {
      long place = (long) index * batch + i;
      int image = order[(int) (place % order.length)];
      Random random = new Random(SplitMix64.mix(SplitMix64.first(seed + epoch) + place));
      System.arraycopy(views.of(images.get(image), random), 0, data, i * n, n);
      names[i] = images.names().get(image);
    }
    int[] shape = {batch, views.channels(), views.height(), views.width()};
    return new Minibatch(
        java.util.Map.of(input, new Tensor(Axes.NCHW, shape, data)),
        java.util.Map.of(),
        List.of(names));
  }

  private int lastEpoch;
  private int[] lastOrder = {};

  /** Of all images, drawn anew in each epoch. */
  private synchronized int[] order(int epoch) {
    if (epoch == lastEpoch) return lastOrder;
    int[] order = new int[images.size()];
    for (int i = 0; i < order.length; i++) order[i] = i;
    Random random = new Random(SplitMix64.mix(SplitMix64.first(seed) + epoch));
    for (int i = order.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swapped = order[i];
      order[i] = order[j];
      order[j] = swapped;
    }
    lastEpoch = epoch;
    lastOrder = order;
    return order;
  }
}
