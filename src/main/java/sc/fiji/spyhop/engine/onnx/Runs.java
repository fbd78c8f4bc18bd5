package sc.fiji.spyhop.engine.onnx;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.RunOptions;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CancellationException;

/**
 * Sessions that are open, and the uses of them. When the process ends, uses are broken off and
 * waited for, and sessions are closed: ONNX Runtime's library crashes if its memory is taken down
 * while something works with it.
 */
final class Runs {

  /** Runs break off between two layers. */
  private static final long PATIENCE_MILLIS = 10_000;

  private static final String ENDS = "The program ends.";

  private static final Set<OrtSession> OPEN = new HashSet<>();
  private static final Set<RunOptions> RUNNING = new HashSet<>();
  private static boolean ended;

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(Runs::end, "spyhop-onnx-end"));
  }

  private Runs() {}

  /** Something that works with sessions and tensors of the library. */
  interface Use<T> {

    /**
     * Works.
     *
     * @param options of the runs of sessions, with which they can be broken off
     */
    T with(RunOptions options) throws OrtException;
  }

  /** From now on, the session is closed with the process, if not before by {@link #close}. */
  static synchronized OrtSession opened(OrtSession session) {
    OPEN.add(session);
    return session;
  }

  /** Closes a session that nothing uses. */
  static synchronized void close(OrtSession session) throws OrtException {
    if (OPEN.remove(session)) session.close();
  }

  /**
   * Everything that touches the native library, from the first tensor to the last, goes through
   * here.
   *
   * @throws CancellationException if the process ends
   */
  static <T> T use(Use<T> use) throws OrtException {
    RunOptions options = begin();
    try {
      return use.with(options);
    } catch (OrtException e) {
      requireGoing();
      if (isEnding()) throw new CancellationException(ENDS);
      throw e;
    } finally {
      finish(options);
    }
  }

  private static synchronized RunOptions begin() throws OrtException {
    requireGoing();
    RunOptions options = new RunOptions();
    // failures arrive as exceptions, and the library's log may be closed before the last of them
    options.setLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
    RUNNING.add(options);
    return options;
  }

  private static synchronized void finish(RunOptions options) {
    RUNNING.remove(options);
    options.close();
    Runs.class.notifyAll();
  }

  private static synchronized void requireGoing() {
    if (ended) throw new CancellationException(ENDS);
  }

  /** Whether the process has begun to end, though this class may not have been told yet. */
  private static boolean isEnding() {
    Thread none = new Thread(() -> {}, "spyhop-onnx-none");
    try {
      Runtime.getRuntime().addShutdownHook(none);
      Runtime.getRuntime().removeShutdownHook(none);
      return false;
    } catch (IllegalStateException e) {
      return true;
    }
  }

  private static synchronized void end() {
    ended = true;
    try {
      for (RunOptions options : RUNNING) options.setTerminate(true);
      long end = System.nanoTime() + PATIENCE_MILLIS * 1_000_000;
      while (!RUNNING.isEmpty() && end > System.nanoTime()) {
        Runs.class.wait(Math.max(1, (end - System.nanoTime()) / 1_000_000));
      }
      if (!RUNNING.isEmpty()) return;
      for (OrtSession session : OPEN) session.close();
      OPEN.clear();
    } catch (OrtException | InterruptedException e) {
      // the process ends in any case
    }
  }
}
