package sc.fiji.spyhop.inference;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.Device;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.engine.Predictor;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.model.Model;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.task.ImageTask;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.util.Strings;

/**
 * Shows images to a model that says something about each as a whole, several at a time; images are
 * read and fitted one minibatch ahead, in another thread.
 */
final class ImagePredictor<T> implements AutoCloseable {

  private static final int MOST_IMAGES = 64;

  /** Values of a minibatch, so that feature maps of deep networks stay within a gigabyte or so. */
  private static final int MOST_VALUES = 1_500_000;

  private final Model model;
  private final ImageTask<T> task;
  private final Predictor predictor;
  private final String input;

  ImagePredictor(Model model, ImageTask<T> task, Engine engine, Device device) {
    this.model = model;
    this.task = task;
    input = model.network().inputs().get(0).name();
    predictor = engine.predictor(model.network(), model.weights(), device);
  }

  Device device() {
    return predictor.device();
  }

  /** The network's outputs for a normalised input. */
  List<Tensor> predict(Tensor normalized) {
    return predictor.predict(Map.of(input, normalized));
  }

  /**
   * What the model says about each image.
   *
   * @param frames by position, asked for once each, in order, in another thread
   */
  List<T> predict(int count, IntFunction<Frame> frames, Progress progress) {
    List<T> said = new ArrayList<>();
    ExecutorService reader = Executors.newSingleThreadExecutor(ImagePredictor::daemon);
    try {
      Ahead ahead = new Ahead(count, frames);
      Future<List<Tensor>> next = reader.submit(ahead::minibatch);
      while (said.size() < count) {
        progress.checkCancelled();
        List<Tensor> images = await(next);
        next = reader.submit(ahead::minibatch);
        Tensor joined =
            images.size() == 1 ? images.get(0) : Tensor.concatenate(images.toArray(Tensor[]::new));
        said.addAll(task.decode(predict(joined)));
        progress.update("Predicting", said.size(), count);
      }
    } finally {
      reader.shutdownNow();
    }
    return said;
  }

  private static Thread daemon(Runnable job) {
    Thread thread = new Thread(job, "spyhop-image-reader");
    thread.setDaemon(true);
    return thread;
  }

  private static List<Tensor> await(Future<List<Tensor>> images) {
    try {
      return images.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) throw cause;
      if (e.getCause() instanceof Error cause) throw cause;
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("Cancelled.");
    }
  }

  /** Gathers images of one size. */
  private final class Ahead {
    private final int count;
    private final IntFunction<Frame> frames;
    private final List<Tensor> left = new ArrayList<>();
    private int at;

    Ahead(int count, IntFunction<Frame> frames) {
      this.count = count;
      this.frames = frames;
    }

    List<Tensor> minibatch() {
      List<Tensor> images = new ArrayList<>(left);
      left.clear();
      while (at < count && images.size() < MOST_IMAGES) {
        Tensor image = read(frames.apply(at++));
        boolean fits =
            images.isEmpty()
                || Arrays.equals(images.get(0).shape(), image.shape())
                    && (images.size() + 1L) * image.length() <= MOST_VALUES;
        if (!fits) {
          left.add(image);
          break;
        }
        images.add(image);
      }
      return images;
    }
  }

  private Tensor read(Frame frame) {
    ModelSpec.Input expected = model.spec().input();
    if (!expected.colors().fits(frame.channels(), expected.channels())) {
      throw new SpyhopException(
          Strings.format(
              "%s: model %s expects %d channel%s, the image has %d. %s",
              frame.name(),
              model.spec().name(),
              expected.channels(),
              expected.channels() == 1 ? "" : "s",
              frame.channels(),
              expected.channels() == 1
                  ? "Choose one channel, or convert the image to grey values."
                  : "Give it an image with these channels, or choose another model."));
    }
    return expected.read(frame);
  }

  Model.Check check() {
    return model.check(this::predict);
  }

  @Override
  public void close() {
    predictor.close();
  }
}
