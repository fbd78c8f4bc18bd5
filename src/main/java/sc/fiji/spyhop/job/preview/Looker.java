package sc.fiji.spyhop.job.preview;

import ij.ImagePlus;
import sc.fiji.spyhop.Progress;

/**
 * Looks at parts of images again and again, while settings change. For one thread at a time; holds
 * native memory until it is closed, after which it can be asked again.
 *
 * @param <A> what is asked for
 */
public interface Looker<A extends Looker.Asked> extends AutoCloseable {

  /** What is asked for. */
  interface Asked {

    /** What is looked at and drawn on; stays as it is. */
    ImagePlus image();
  }

  /** Pixels that a network is shown for a preview at most; more would take too long. */
  long MAX_PIXELS = 1L << 22;

  /**
   * What is in a part of an image.
   *
   * @throws sc.fiji.spyhop.SpyhopException if the image cannot be looked at so, or the part is too
   *     large
   * @throws java.util.concurrent.CancellationException if cancelled
   */
  Seen look(A asked, View view, Progress progress);

  @Override
  void close();
}
