package sc.fiji.spyhop.command;

import ij.ImagePlus;
import ij.gui.Roi;
import java.awt.Rectangle;
import java.util.List;
import sc.fiji.spyhop.Progress;

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
     * @param z slice, from 1
     * @param t time point, from 1
     * @param seen part of the slice, in pixels
     * @throws sc.fiji.spyhop.SpyhopException if it cannot be told
     * @throws java.util.concurrent.CancellationException if cancelled
     */
    List<Roi> outlines(int z, int t, Rectangle seen, Progress progress);
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
