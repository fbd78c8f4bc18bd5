package sc.fiji.spyhop.image;

import com.fasterxml.jackson.annotation.JsonProperty;
import net.imglib2.FinalInterval;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.type.numeric.RealType;
import net.imglib2.view.Views;

/** Whether the channels a network reads are colours, and in which order. */
public enum Colors {
  /** Channels as they are in the image. */
  @JsonProperty("none")
  NONE,
  /** Red, green and blue; a grey image is shown in all three. */
  @JsonProperty("rgb")
  RGB,
  /** Blue, green and red; a grey image is shown in all three. */
  @JsonProperty("bgr")
  BGR;

  /** Whether an image of so many channels can be shown to a network of {@code expected}. */
  public boolean fits(int available, int expected) {
    return available == expected || this != NONE && expected == 3 && available == 1;
  }

  /**
   * The channels of an image in the order the network reads them; a view, nothing is copied.
   *
   * @param frame whose channels fit, see {@link #fits}
   */
  public Frame arrange(Frame frame) {
    if (this == NONE) return frame;
    if (frame.channels() == 1) return frame.showing(repeated(frame));
    if (this == RGB) return frame;
    return frame.showing(reversed(frame.pixels()));
  }

  private static <T extends RealType<T>> RandomAccessibleInterval<T> reversed(
      RandomAccessibleInterval<? extends RealType<?>> pixels) {
    return Views.zeroMin(Views.invertAxis(Colors.<T>typed(pixels), 2));
  }

  private static <T extends RealType<T>> RandomAccessibleInterval<T> repeated(Frame frame) {
    return Views.interval(
        Views.extendBorder(Colors.<T>typed(frame.pixels())),
        FinalInterval.createMinSize(0, 0, 0, frame.width(), frame.height(), 3));
  }

  @SuppressWarnings("unchecked")
  private static <T extends RealType<T>> RandomAccessibleInterval<T> typed(
      RandomAccessibleInterval<? extends RealType<?>> pixels) {
    return (RandomAccessibleInterval<T>) pixels;
  }
}
