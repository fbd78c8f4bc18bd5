package sc.fiji.spyhop.util;

import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Threads that work beside another, and do not keep the program running. */
public final class Background {

  private Background() {}

  /** A number of threads of one name. */
  public static ExecutorService threads(String name, int count) {
    return Executors.newFixedThreadPool(
        count,
        job -> {
          Thread thread = new Thread(job, name);
          thread.setDaemon(true);
          return thread;
        });
  }

  /**
   * Waits for what a job gives; throws what it threw.
   *
   * @throws CancellationException if the waiting thread is interrupted
   */
  public static <T> T await(Future<T> job) {
    try {
      return job.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) throw cause;
      if (e.getCause() instanceof Error cause) throw cause;
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("Cancelled.");
    }
  }
}
