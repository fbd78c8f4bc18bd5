package sc.fiji.spyhop.inference;

import java.util.ArrayList;
import java.util.List;
import net.imglib2.FinalInterval;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.type.numeric.RealType;
import net.imglib2.view.Views;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.prediction.ClassMaps;
import sc.fiji.spyhop.prediction.ClassScores;
import sc.fiji.spyhop.util.Strings;

/**
 * Slides over an image, mirrored at its edges, and has each window classified.
 *
 * @param size width and height of the window in pixels of the image, at least 1
 * @param stride pixels from one window to the next, at least 1
 */
public record SlidingWindow(int size, int stride) {

  /** Windows of all classes together that a map may have. */
  private static final long MAX_VALUES = 1L << 28;

  /** Throws a {@link SpyhopException} if window or stride is below 1 pixel. */
  public SlidingWindow {
    if (size < 1 || stride < 1) {
      throw new SpyhopException(
          Strings.format(
              "Sliding window: expected a window and a stride of at least 1 pixel, received %d and %d.",
              size, stride));
    }
  }

  /**
   * Refuses images that are smaller than the window.
   *
   * @param name of the image
   * @throws SpyhopException if it is
   */
  public void requireWithin(String name, int width, int height) {
    if (size > Math.min(width, height)) {
      throw new SpyhopException(
          Strings.format(
              "%s is %d x %d pixels, which a sliding window of %d pixels does not fit into: expected a window of at most %d.",
              name, width, height, size, Math.min(width, height)));
    }
  }

  /**
   * How likely each class is where the window was.
   *
   * @param frame one plane, at least as large as the window
   * @param classifier tells the classes, in the order of the maps
   * @param progress can cancel
   * @return a map for each class
   * @throws SpyhopException if the window is larger than the image, there would be too many
   *     windows, or as {@link Runner#predict}
   * @throws java.util.concurrent.CancellationException if cancelled
   */
  public ClassMaps over(Frame frame, Runner<ClassScores> classifier, Progress progress) {
    requireWithin(frame.name(), frame.width(), frame.height());
    int classes = classifier.spec().names().size();
    int width = (frame.width() + stride - 1) / stride;
    int height = (frame.height() + stride - 1) / stride;
    long values = (long) width * height * classes;
    if (values > MAX_VALUES) {
      throw new SpyhopException(
          Strings.format(
              "%s: a stride of %d gives maps of %d x %d pixels for %d classes, which are too many. Choose a larger stride.",
              frame.name(), stride, width, height, classes));
    }
    List<float[]> planes = new ArrayList<>();
    for (int c = 0; c < classes; c++) planes.add(new float[width * height]);
    for (int y = 0; y < height; y++) {
      int row = y;
      List<ClassScores> scores =
          classifier.predict(width, x -> window(frame, x, row), new Quiet(progress));
      for (int x = 0; x < width; x++) {
        for (int c = 0; c < classes; c++) {
          planes.get(c)[y * width + x] = scores.get(x).probability(c);
        }
      }
      progress.update("Predicting " + frame.name(), y + 1, height);
    }
    return new ClassMaps(width, height, stride, planes, frame.origin().x(), frame.origin().y());
  }

  private record Quiet(Progress progress) implements Progress {
    @Override
    public void update(String message, long done, long total) {}

    @Override
    public boolean isCancelled() {
      return progress.isCancelled();
    }
  }

  private Frame window(Frame frame, int column, int row) {
    return new Frame(
        frame.name(),
        part(frame.pixels(), start(column), start(row), frame.channels()),
        frame.pixelSize());
  }

  private long start(int index) {
    return Math.round((index + 0.5) * stride - size / 2.0);
  }

  @SuppressWarnings("unchecked")
  private <T extends RealType<T>> RandomAccessibleInterval<T> part(
      RandomAccessibleInterval<? extends RealType<?>> pixels, long left, long top, int channels) {
    RandomAccessibleInterval<T> typed = (RandomAccessibleInterval<T>) pixels;
    return Views.zeroMin(
        Views.interval(
            Views.extendMirrorDouble(typed),
            FinalInterval.createMinSize(left, top, 0, size, size, channels)));
  }
}
