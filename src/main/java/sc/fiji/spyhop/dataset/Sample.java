package sc.fiji.spyhop.dataset;

import sc.fiji.spyhop.image.Frame;

/**
 * An image and what is known about it.
 *
 * @param truth what a perfect prediction would say
 */
public record Sample<T>(Frame frame, T truth) {

  /** Name of the frame, by which messages tell it from others. */
  public String name() {
    return frame.name();
  }
}
