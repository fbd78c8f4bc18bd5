package sc.fiji.spyhop.ij;

import ij.ImagePlus;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.image.Frame;

/**
 * The frames of an ImageJ image: one for each slice (z) and time point (t). Read when asked for, so
 * that a virtual stack is never in memory as a whole; pixel arrays are wrapped, not copied, where
 * ImageJ's own layout allows it. Selections, display ranges and lookup tables play no part.
 */
public final class Frames {

  private Frames() {}

  /** All channels of an image, however many. */
  public static Frames of(ImagePlus image) {
    throw new UnsupportedOperationException();
  }

  /**
   * The channels a network expects. The channels of an image are the colours of an RGB image or the
   * channel dimension of a hyperstack; the slices of a plain stack are never taken for channels.
   * With {@link ChannelChoice#AUTO} and one channel expected, an RGB image whose three colours are
   * equal in every pixel counts as grey.
   *
   * @param expected channels of the network's input
   * @throws SpyhopException if the image is empty or its channels do not fit
   */
  public static Frames of(ImagePlus image, ChannelChoice choice, int expected) {
    throw new UnsupportedOperationException();
  }

  /** Slices of the image. */
  public int slices() {
    throw new UnsupportedOperationException();
  }

  /** Time points of the image. */
  public int timePoints() {
    throw new UnsupportedOperationException();
  }

  /** Channels of every frame. */
  public int channels() {
    throw new UnsupportedOperationException();
  }

  /** The image itself. */
  public ImagePlus image() {
    throw new UnsupportedOperationException();
  }

  /**
   * Reads one frame: columns, rows, channels.
   *
   * @param z slice, from 1
   * @param t time point, from 1
   */
  public Frame get(int z, int t) {
    throw new UnsupportedOperationException();
  }
}
