package sc.fiji.spyhop.engine.dl4j;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.nd4j.linalg.api.memory.MemoryWorkspaceManager;
import org.nd4j.linalg.factory.Nd4j;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.graph.NativeHost;

/**
 * A thread that computes, one thing after the other, for whoever waits. ND4J's workspaces and
 * devices belong to threads: with one for each network, its memory goes when it is closed, from
 * whatever thread it was used.
 */
final class Worker {

  private static final String NO_MEMORY =
      "Not enough memory for this network and size of image; use smaller tiles or fewer images.";

  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          work -> {
            Thread t = new Thread(work, "spyhop-dl4j");
            t.setDaemon(true);
            t.setContextClassLoader(Nd4j.class.getClassLoader());
            return t;
          });
  private volatile boolean closed;

  /**
   * Waits until the work is done.
   *
   * @throws IllegalStateException if closed
   * @throws SpyhopException if there is not enough memory
   */
  synchronized void run(Runnable work) {
    checkOpen();
    await(
        () -> {
          NativeLibrary.useFirstDevice();
          work.run();
        });
  }

  /** Throws IllegalStateException if closed. */
  void checkOpen() {
    if (closed) throw new IllegalStateException("network: already closed");
  }

  private void await(Runnable work) {
    try {
      CompletableFuture.runAsync(work, thread).join();
    } catch (CompletionException e) {
      for (Throwable t = e; t != null; t = t.getCause()) {
        if (t instanceof OutOfMemoryError) throw new SpyhopException(NO_MEMORY, t);
      }
      if (e.getCause() instanceof Error error) throw error;
      throw (RuntimeException) e.getCause();
    }
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
      await(
          () -> {
            last.run();
            // all at once, ND4J would ask Java for a full collection
            MemoryWorkspaceManager workspaces = Nd4j.getWorkspaceManager();
            workspaces.getAllWorkspacesForCurrentThread().forEach(workspaces::destroyWorkspace);
          });
    } finally {
      thread.shutdown();
      NativeHost.trim();
    }
  }
}
