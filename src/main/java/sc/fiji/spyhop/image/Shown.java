package sc.fiji.spyhop.image;

import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;

/** What a network is shown of an image, normalised, read part by part. Not thread-safe. */
public final class Shown {

  private interface Pixels {
    float[] read(long x, long y, int width, int height);
  }

  private final Frame frame;
  private final Intensity intensity;
  private final int width;
  private final int height;
  private final Pixels pixels;

  private Shown(Frame frame, Intensity intensity, int width, int height, Pixels pixels) {
    this.frame = frame;
    this.intensity = intensity;
    this.width = width;
    this.height = height;
    this.pixels = pixels;
  }

  /**
   * An image as it is; beyond it, it is mirrored: the edge pixel is not repeated, and a small image
   * is mirrored as often as it takes.
   *
   * @throws sc.fiji.spyhop.SpyhopException if the image is empty
   */
  public static Shown asItIs(Frame frame, Intensity intensity) {
    FloatBlocks blocks = new FloatBlocks(frame);
    return new Shown(frame, intensity, frame.width(), frame.height(), blocks::readMirrored);
  }

  /** An image as its {@link Resize} shows it; beyond it, it goes on as that view does. */
  public static Shown of(Frame frame, Intensity intensity, Resize fit) {
    if (fit instanceof Resize.AnySize) return asItIs(frame, intensity);
    Resize.View view = fit.view(frame.width(), frame.height());
    return new Shown(
        frame,
        intensity,
        view.width(),
        view.height(),
        (x, y, w, h) -> Resize.read(frame, view.part((int) x, (int) y, w, h)));
  }

  /** What becomes of the image's values before they are shown. */
  public Intensity intensity() {
    return intensity;
  }

  /** Of the image, for messages. */
  String name() {
    return frame.name();
  }

  /** Columns of what the network is shown, which are not those of the image where it is scaled. */
  public int width() {
    return width;
  }

  /** Rows of what the network is shown, which are not those of the image where it is scaled. */
  public int height() {
    return height;
  }

  /**
   * Reads a part, which may reach beyond.
   *
   * @return [1, channels, height, width]
   */
  Tensor read(long x, long y, int partWidth, int partHeight) {
    float[] values = pixels.read(x, y, partWidth, partHeight);
    intensity.apply(values, frame.channels());
    int[] shape = {1, frame.channels(), partHeight, partWidth};
    return new Tensor(Axes.NCHW, shape, values);
  }
}
