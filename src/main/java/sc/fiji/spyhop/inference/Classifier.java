package sc.fiji.spyhop.inference;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import net.imglib2.FinalInterval;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.type.numeric.RealType;
import net.imglib2.view.Views;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.Device;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.engine.selection.Engines;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.model.Model;
import sc.fiji.spyhop.model.ModelRegistry;
import sc.fiji.spyhop.prediction.ClassMaps;
import sc.fiji.spyhop.prediction.ClassScores;
import sc.fiji.spyhop.task.Classification;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.util.Strings;

/**
 * Says of which class an image is. Images may be of any size; the model says how they are fitted.
 *
 * <p>Compiles the network once, for any number of images. Holds native memory until closed. Safe
 * for use by several threads, which may wait for each other.
 */
public final class Classifier implements AutoCloseable {

  /** Windows of all classes together that a map may have. */
  private static final long MOST_VALUES = 1L << 28;

  private final Model model;
  private final Classification task;
  private final ImagePredictor<ClassScores> predictor;

  /**
   * Compiles a model.
   *
   * @throws SpyhopException if it is not for classification
   */
  public Classifier(Model model, Engine engine, Device device) {
    this.model = model;
    task = model.spec().task(Classification.class, "classification");
    predictor = new ImagePredictor<>(model, task, engine, device);
  }

  /**
   * Opens a model and compiles it for the best device of this machine.
   *
   * @param nameOrPath see {@link ModelRegistry#find}
   */
  public static Classifier open(String nameOrPath) {
    Model model = ModelRegistry.standard().find(nameOrPath);
    Engine engine = Engines.forPrediction(model.network());
    return new Classifier(model, engine, engine.devices().get(0));
  }

  public Model model() {
    return model;
  }

  /** Names of the classes, by their numbers. */
  public List<String> classes() {
    return task.classes();
  }

  /** What really computes. */
  public Device device() {
    return predictor.device();
  }

  /** Whether the model still gives what it gave when it was made; see {@link Model#check}. */
  public Model.Check check() {
    return predictor.check();
  }

  /**
   * The network's outputs for a normalised input.
   *
   * @param normalized NCHW, of the size the network takes
   */
  public List<Tensor> predict(Tensor normalized) {
    return predictor.predict(normalized);
  }

  /**
   * Classifies one image.
   *
   * @throws SpyhopException if the image is empty, has other channels than the model expects, or
   *     pixels that are not finite numbers
   */
  public ClassScores classify(Frame frame) {
    return classify(1, i -> frame, Progress.NONE).get(0);
  }

  /**
   * Classifies many images, several at a time.
   *
   * @param frames by position from 0, asked for once each, in order, in another thread
   * @throws SpyhopException as for one image; names it
   * @throws java.util.concurrent.CancellationException if cancelled, between two minibatches
   */
  public List<ClassScores> classify(int count, IntFunction<Frame> frames, Progress progress) {
    return predictor.predict(count, frames, progress);
  }

  /**
   * Slides a window over an image, mirrored at its edges.
   *
   * @param window width and height of the window in pixels of the image, at least 1
   * @param stride pixels from one window to the next, at least 1
   */
  public ClassMaps slide(Frame frame, int window, int stride, Progress progress) {
    if (window < 1 || stride < 1) {
      throw new SpyhopException(
          Strings.format(
              "Sliding window: expected a window and a stride of at least 1 pixel, received %d and %d.",
              window, stride));
    }
    int width = (frame.width() + stride - 1) / stride;
    int height = (frame.height() + stride - 1) / stride;
    long values = (long) width * height * classes().size();
    if (values > MOST_VALUES) {
      throw new SpyhopException(
          Strings.format(
              "%s: a stride of %d gives maps of %d x %d pixels for %d classes, which are too many. Choose a larger stride.",
              frame.name(), stride, width, height, classes().size()));
    }
    List<float[]> planes = new ArrayList<>();
    for (int c = 0; c < classes().size(); c++) planes.add(new float[width * height]);
    for (int y = 0; y < height; y++) {
      int row = y;
      List<ClassScores> scores =
          classify(
              width,
              x -> window(frame, centre(x, stride), centre(row, stride), window),
              new Quiet(progress));
      for (int x = 0; x < width; x++) {
        for (int c = 0; c < planes.size(); c++) {
          planes.get(c)[y * width + x] = scores.get(x).probability(c);
        }
      }
      progress.update("Predicting " + frame.name(), y + 1, height);
    }
    return new ClassMaps(width, height, stride, planes);
  }

  private static double centre(int i, int stride) {
    return (i + 0.5) * stride;
  }

  private record Quiet(Progress progress) implements Progress {
    @Override
    public void update(String message, long done, long total) {}

    @Override
    public boolean isCancelled() {
      return progress.isCancelled();
    }
  }

  private static Frame window(Frame frame, double x, double y, int size) {
    return new Frame(
        frame.name(),
        window(
            frame.pixels(),
            Math.round(x - size / 2.0),
            Math.round(y - size / 2.0),
            size,
            frame.channels()),
        frame.pixelSize());
  }

  @SuppressWarnings("unchecked")
  private static <T extends RealType<T>> RandomAccessibleInterval<T> window(
      RandomAccessibleInterval<? extends RealType<?>> pixels,
      long left,
      long top,
      int size,
      int channels) {
    RandomAccessibleInterval<T> typed = (RandomAccessibleInterval<T>) pixels;
    return Views.zeroMin(
        Views.interval(
            Views.extendMirrorDouble(typed),
            FinalInterval.createMinSize(left, top, 0, size, size, channels)));
  }

  @Override
  public void close() {
    predictor.close();
  }
}
