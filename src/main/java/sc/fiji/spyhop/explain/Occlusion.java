package sc.fiji.spyhop.explain;

import java.util.LinkedHashMap;
import java.util.Map;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.util.Digits;
import sc.fiji.spyhop.util.Strings;

/**
 * How parts of an image are hidden.
 *
 * @param window width and height of what is hidden at once, pixels of the image; 0: a sixth of the
 *     side of a square of the image's area
 * @param stride from one place to the next, at most the window; 0: a third of the window
 * @param fill what is shown instead
 */
public record Occlusion(int window, int stride, Fill fill) implements Explanation {

  /** Sizes that suit the image, mean. */
  public static final Occlusion DEFAULT = new Occlusion(0, 0, Fill.MEAN);

  private static final double WINDOWS = 6;
  private static final int STRIDES = 3;

  /** Predictions that may be asked for. */
  private static final long MOST = 1_000_000;

  /**
   * Throws a {@link SpyhopException} if the window is below 0, or the stride below 0 or longer than
   * the window.
   */
  public Occlusion {
    if (window < 0) {
      throw new SpyhopException(
          "Window: expected at least 1 pixel, or 0 for a size that suits the image, received "
              + window
              + ".");
    }
    if (stride < 0 || window > 0 && stride > window) {
      throw new SpyhopException(
          "Stride: expected 1 to "
              + (window > 0 ? window : "as many")
              + " pixels like the window, so that every pixel is hidden once, or 0 for a third of"
              + " the window, received "
              + stride
              + ".");
    }
  }

  @Override
  public String name() {
    return "occlusion";
  }

  @Override
  public Map<String, String> settings() {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("window", String.valueOf(window));
    settings.put("stride", String.valueOf(stride));
    settings.put("fill", fill.toString());
    return settings;
  }

  @Override
  public String largest() {
    return "largest_drop";
  }

  @Override
  public String effect(SaliencyMap map) {
    return Strings.format(
        "hiding a window of %d pixels lowers it %s",
        window, map.largest() > 0 ? "by up to " + Digits.six(map.largest()) : "nowhere");
  }

  @Override
  public boolean needsGradients() {
    return false;
  }

  @Override
  public Attribution map(Question question, Progress progress) {
    return Attribution.of(this, OcclusionSaliency.map(question, this, progress));
  }

  /**
   * With the sizes that will be used for an image.
   *
   * @throws SpyhopException if the window is larger than the image, or windows are too many
   */
  @Override
  public Occlusion fittedTo(int width, int height) {
    int shorter = Math.min(width, height);
    int w = window;
    if (w == 0) {
      double side = Math.sqrt((double) width * height) / WINDOWS;
      w = (int) Math.max(1, Math.min(shorter, Math.round(side)));
      w = Math.max(w, stride);
    }
    if (w > shorter) {
      throw new SpyhopException(
          Strings.format(
              "Window: expected at most the %d pixels of the image's shorter side, received %d.",
              shorter, w));
    }
    int s = stride == 0 ? Math.max(1, w / STRIDES) : stride;
    Occlusion fitted = new Occlusion(w, s, fill);
    long count = (long) fitted.starts(width).length * fitted.starts(height).length;
    if (count > MOST) {
      throw new SpyhopException(
          Strings.format(
              "A window of %d and a stride of %d pixels take %,d predictions on an image of %d x %d; use a larger stride.",
              w, s, count, width, height));
    }
    return fitted;
  }

  /** Where windows begin along a side; they stick out equally at both ends. */
  int[] starts(int length) {
    int count = (length - window + stride - 1) / stride + 1;
    int first = Math.floorDiv(length - ((count - 1) * stride + window), 2);
    int[] starts = new int[count];
    for (int i = 0; i < count; i++) starts[i] = first + i * stride;
    return starts;
  }
}
