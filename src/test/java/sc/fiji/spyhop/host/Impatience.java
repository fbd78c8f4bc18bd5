package sc.fiji.spyhop.host;

import ij.IJ;
import java.awt.event.KeyEvent;

/** Someone who keeps pressing Esc. */
public final class Impatience implements AutoCloseable {

  private final Thread thread = new Thread(Impatience::press);

  private Impatience() {
    thread.setDaemon(true);
    thread.start();
  }

  /** Until Java ends; for macros. */
  public static void begin() {
    start();
  }

  static Impatience start() {
    return new Impatience();
  }

  private static void press() {
    while (!Thread.interrupted()) {
      IJ.setKeyDown(KeyEvent.VK_ESCAPE);
      Thread.onSpinWait();
    }
  }

  @Override
  public void close() throws InterruptedException {
    thread.interrupt();
    thread.join();
    IJ.resetEscape();
  }
}
