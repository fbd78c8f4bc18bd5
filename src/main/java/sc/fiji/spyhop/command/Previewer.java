package sc.fiji.spyhop.command;

import ij.ImagePlus;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.job.preview.Seen;
import sc.fiji.spyhop.job.preview.View;

/**
 * Tells what will come of a command in the part of an image that is seen, while its dialog is
 * filled in. The image stays as it is. May hold native memory until it is closed.
 */
public interface Previewer extends AutoCloseable {

  /** What is asked for; settings that change later are not in it. */
  interface Asked {

    /** What is drawn on. */
    ImagePlus image();

    /**
     * What is drawn. One thread at a time may ask, and close the previewer.
     *
     * @throws sc.fiji.spyhop.SpyhopException if it cannot be told
     * @throws java.util.concurrent.CancellationException if cancelled
     */
    Seen look(View view, Progress progress);
  }

  /**
   * What the settings of the command ask for now, which are checked.
   *
   * @throws sc.fiji.spyhop.SpyhopException if there is nothing to look at
   */
  Asked asked();

  @Override
  void close();
}
