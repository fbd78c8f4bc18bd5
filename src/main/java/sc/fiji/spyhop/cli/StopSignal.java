package sc.fiji.spyhop.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import sc.fiji.spyhop.util.Streams;

/**
 * Lets a command finish in order when the process is told to end (Ctrl-C, a closing terminal, a
 * scheduler): asks it to stop, and holds the process until it has put its files right.
 */
final class StopSignal {

  private static final int PATIENCE_SECONDS = 300;

  private final CountDownLatch finished = new CountDownLatch(1);

  private StopSignal() {}

  static StopSignal install(Console console) {
    StopSignal signal = new StopSignal();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> signal.stop(console), "spyhop-stop"));
    return signal;
  }

  private void stop(Console console) {
    if (finished.getCount() == 0) return;
    console.say("Stopping...");
    console.requestStop();
    try {
      for (int i = 0; i < 10 * PATIENCE_SECONDS; i++) {
        if (finished.await(100, TimeUnit.MILLISECONDS)) return;
        if (Streams.isWaiting()) return; // nobody reads what it would put right
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The command has ended. */
  void finished() {
    finished.countDown();
  }
}
