package sc.fiji.spyhop.engine.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.RunOptions;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;

/**
 * Sessions that are open, and their runs. When the process ends, runs are broken off and waited
 * for, and sessions are closed: ONNX Runtime's library crashes if its memory is taken down while it
 * computes.
 */
final class Runs {

  /** Runs break off between two layers. */
  private static final long PATIENCE_MILLIS = 2000;

  private static final Set<OrtSession> OPEN = new HashSet<>();
  private static final Set<RunOptions> RUNNING = new HashSet<>();
  private static boolean ended;

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(Runs::end, "spyhop-onnx-end"));
  }

  private Runs() {}

  /** From now on, the session is closed with the process, if not before by {@link #close}. */
  static synchronized OrtSession opened(OrtSession session) {
    OPEN.add(session);
    return session;
  }

  /** Closes a session that nothing runs. */
  static synchronized void close(OrtSession session) throws OrtException {
    if (OPEN.remove(session)) session.close();
  }

  /**
   * Runs a session.
   *
   * @param outputs where its outputs are written to
   * @throws CancellationException if the process ends
   */
  static void run(
      OrtSession session, Map<String, OnnxTensor> inputs, Map<String, OnnxTensor> outputs)
      throws OrtException {
    RunOptions run = begin();
    try {
      session.run(inputs, Set.of(), outputs, run).close();
    } catch (OrtException e) {
      requireGoing();
      throw e;
    } finally {
      finish(run);
    }
  }

  private static synchronized RunOptions begin() throws OrtException {
    requireGoing();
    RunOptions run = new RunOptions();
    RUNNING.add(run);
    return run;
  }

  private static synchronized void finish(RunOptions run) {
    RUNNING.remove(run);
    run.close();
    Runs.class.notifyAll();
  }

  private static synchronized void requireGoing() {
    if (ended) throw new CancellationException("The program ends.");
  }

  private static synchronized void end() {
    ended = true;
    try {
      for (RunOptions run : RUNNING) run.setTerminate(true);
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
