package sc.fiji.spyhop.ui;

import java.util.function.BooleanSupplier;

/**
 * What the person at the buttons wants of a training; the first wish counts. Safe for use by
 * several threads.
 */
final class Wishes {

  private enum Wish {
    GO_ON,
    /** Ends it; the best network so far is kept. */
    STOP,
    /** Ends it; nothing is kept. */
    DISCARD
  }

  private Wish wish = Wish.GO_ON;
  private boolean over;

  /** Ends the training; the best network so far is kept. */
  void stop() {
    wish(Wish.STOP);
  }

  /**
   * Ends the training and keeps nothing of it.
   *
   * @param sure asks once more; meanwhile training goes on, and may end by itself
   */
  void cancel(BooleanSupplier sure) {
    if (isOpen() && sure.getAsBoolean()) wish(Wish.DISCARD);
  }

  /** The training has ended; what is wished from now on comes too late. */
  synchronized void end() {
    over = true;
  }

  /** Whether there is still something to wish. */
  synchronized boolean isOpen() {
    return !over && wish == Wish.GO_ON;
  }

  synchronized boolean isStopped() {
    return wish == Wish.STOP;
  }

  synchronized boolean isDiscarded() {
    return wish == Wish.DISCARD;
  }

  private synchronized void wish(Wish wanted) {
    if (isOpen()) wish = wanted;
  }
}
