package sc.fiji.spyhop.training.sampling;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Prepares minibatches ahead of the training in one thread of its own. What comes out does not
 * depend on timing, since every minibatch is a function of epoch and index alone.
 */
public final class Prefetcher implements AutoCloseable {

  private static final int AHEAD = 3;

  private final Minibatch.Source source;
  private final int stepsPerEpoch;
  private final long end;
  private final Deque<Future<Minibatch>> queue = new ArrayDeque<>();
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread t = new Thread(task, "spyhop-minibatches");
            t.setDaemon(true);
            return t;
          });
  private long next;
  private long waited;

  /**
   * Starts a thread that makes minibatches ahead of time.
   *
   * @param first step to begin with
   * @param end step to end before
   */
  public Prefetcher(Minibatch.Source source, int stepsPerEpoch, long first, long end) {
    this.source = source;
    this.stepsPerEpoch = stepsPerEpoch;
    this.next = first;
    this.end = end;
    for (int i = 0; i < AHEAD; i++) submit();
  }

  private void submit() {
    if (next >= end) return;
    int epoch = Math.toIntExact(next / stepsPerEpoch) + 1;
    int index = (int) (next % stepsPerEpoch);
    queue.add(thread.submit(() -> source.make(epoch, index)));
    next++;
  }

  /**
   * The next minibatch, waiting for it; what went wrong in making it is thrown here.
   *
   * @throws InterruptedException if the thread is interrupted while it waits
   */
  public Minibatch next() throws InterruptedException {
    Future<Minibatch> head = queue.remove();
    submit();
    long start = System.nanoTime();
    try {
      return head.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) throw cause;
      if (e.getCause() instanceof Error cause) throw cause;
      throw new IllegalStateException(e.getCause());
    } finally {
      waited += System.nanoTime() - start;
    }
  }

  /** Seconds that {@link #next} has waited in all, for minibatches that were not yet prepared. */
  public double waited() {
    return waited * 1e-9;
  }

  /** Stops the thread after the minibatch it is at. */
  @Override
  public void close() {
    thread.shutdownNow();
    queue.clear();
  }
}
