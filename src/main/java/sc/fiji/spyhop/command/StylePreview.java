package sc.fiji.spyhop.command;

import ij.ImagePlus;
import ij.macro.Interpreter;
import java.awt.GraphicsEnvironment;
import java.util.function.Supplier;
import sc.fiji.spyhop.generate.style.StyleTransfer;
import sc.fiji.spyhop.ij.FrameImages;
import sc.fiji.spyhop.image.Frame;

/** A window in which an image is seen while it is painted; none where there are no windows. */
final class StylePreview implements StyleTransfer.Viewer, AutoCloseable {

  /** Between two looks, nanoseconds. */
  private static final long PAUSE = 500_000_000;

  private final ImagePlus image = new ImagePlus();
  private final String title;
  private final boolean shows = !GraphicsEnvironment.isHeadless() && !Interpreter.isBatchMode();
  private long last = System.nanoTime() - PAUSE;
  private boolean open;

  StylePreview(String title) {
    this.title = title;
  }

  @Override
  public void seen(int iteration, Supplier<Frame> painted) {
    if (!shows || System.nanoTime() - last < PAUSE) return;
    if (open && image.getWindow() == null) return; // the user has closed it
    ImagePlus now = FrameImages.of(painted.get());
    image.setProcessor(title + ", iteration " + iteration, now.getProcessor());
    image.setCalibration(now.getCalibration());
    if (open) image.updateAndDraw();
    else image.show();
    open = true;
    last = System.nanoTime();
  }

  /** What is painted is shown as an image of its own. */
  @Override
  public void close() {
    if (!open) return;
    image.changes = false;
    image.close();
  }
}
