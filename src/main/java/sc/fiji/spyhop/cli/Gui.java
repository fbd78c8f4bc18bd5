package sc.fiji.spyhop.cli;

import ij.IJ;
import ij.ImageJ;
import java.awt.AWTError;
import java.awt.GraphicsEnvironment;
import java.awt.HeadlessException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.host.Host;

/** Starts ImageJ with Spyhop in its Plugins menu. */
@Command(
    name = "gui",
    description = "Starts ImageJ with Spyhop in its Plugins menu, until its window is closed.",
    footer = {"", "Example:", "  spyhop gui test-images/nuclei/images/nuclei_000.tif"})
final class Gui extends Job {

  @Parameters(arity = "0..*", paramLabel = "IMAGE", description = "Images to open.")
  private List<Path> images = List.of();

  /** Java finds out only on the first window that a display does not answer. */
  private static ImageJ window() {
    SpyhopException none =
        new SpyhopException(
            "gui: expected a display to show windows on, found none. Without one, use the other"
                + " commands, or: spyhop macro FILE.ijm.");
    try {
      if (GraphicsEnvironment.isHeadless()) throw none;
      GraphicsEnvironment.getLocalGraphicsEnvironment().getDefaultScreenDevice();
      return new ImageJ();
    } catch (HeadlessException | AWTError | LinkageError e) {
      none.initCause(e);
      throw none;
    }
  }

  @Override
  public Integer call() {
    ImageJ window = window();
    CountDownLatch closed = new CountDownLatch(1);
    window.exitWhenQuitting(false);
    Host.instance().install();
    images.forEach(i -> IJ.open(i.toAbsolutePath().toString()));
    window.addWindowListener(
        new java.awt.event.WindowAdapter() {
          @Override
          public void windowClosed(java.awt.event.WindowEvent e) {
            closed.countDown();
          }
        });
    try {
      closed.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return ExitCode.OK;
  }
}
