package sc.fiji.spyhop.engine.dl4j;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.nd4j.linalg.factory.Nd4j;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.graph.NativeHost;

/**
 * A thread that computes, one thing after the other, for whoever waits. ND4J's workspaces and
 * devices belong to threads: with one for each network, its memory goes when it is closed, from
 * whatever thread it was used.
 */
final class Worker {

  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          work -> {
            Thread t = new Thread(work, "spyhop-dl4j");
            t.setDaemon(true);
            t.setContextClassLoader(Nd4j.class.getClassLoader());
            return t;
          });
  private boolean closed;

  /**
   * Waits until the work is done.
   *
   * @throws IllegalStateException if closed
   */
  synchronized <T> T call(Callable<T> work) {
    if (closed) throw new IllegalStateException("network: already closed");
    return result(
        thread.submit(
            () -> {
              NativeLibrary.useFirstDevice();
              return work.call();
            }));
  }

  private static <T> T result(Future<T> future) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return future.get();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      if (cause instanceof OutOfMemoryError) throw noMemory(cause);
      if (cause instanceof RuntimeException r) throw r;
      if (cause instanceof Error r) throw r;
      throw new IllegalStateException(cause);
    } finally {
      if (interrupted) Thread.currentThread().interrupt();
    }
  }

  private static SpyhopException noMemory(Throwable cause) {
    return new SpyhopException(
        "Not enough memory for this network and size of image; use smaller tiles or fewer images"
            + " at a time.",
        cause);
  }

  /**
   * Ends the thread and frees its workspaces; harmless if it has ended.
   *
   * @param last done before, on the thread
   */
  synchronized void close(Runnable last) {
    if (closed) return;
    closed = true;
    try {
      result(
          thread.submit(
              () -> {
                last.run();
                Nd4j.getWorkspaceManager().destroyAllWorkspacesForCurrentThread();
              }));
    } finally {
      thread.shutdown();
      NativeHost.trim();
    }
  }
}
