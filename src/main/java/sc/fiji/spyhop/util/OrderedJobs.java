package sc.fiji.spyhop.util;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Does jobs at the same time and takes their results in the order of the jobs, in the thread that
 * hands them in: what is made of them does not depend on the number of threads. Only so many are
 * under way that memory stays bounded. For use by one thread.
 *
 * @param <T> what a job gives
 */
public final class OrderedJobs<T> implements AutoCloseable {

  private final int most;
  private final Consumer<? super T> sink;
  private final ExecutorService threads;
  private final Deque<Future<T>> underWay = new ArrayDeque<>();

  /**
   * Its threads end when it is closed.
   *
   * @param name of the threads
   * @param threads how many, at least 1
   * @param most jobs begun or waiting whose results have not been taken, at least 1
   * @param sink takes the results, in the order of the jobs
   */
  public OrderedJobs(String name, int threads, int most, Consumer<? super T> sink) {
    this.most = most;
    this.sink = sink;
    this.threads = Background.threads(name, threads);
  }

  /**
   * Adds a job, after having taken what results are there; waits while too many are under way.
   * Throws what an earlier job threw.
   */
  public void submit(Callable<T> job) {
    while (underWay.size() >= most || !underWay.isEmpty() && underWay.peek().isDone()) take();
    underWay.add(threads.submit(job));
  }

  /** Takes the results of all jobs. Throws what a job threw. */
  public void finish() {
    while (!underWay.isEmpty()) take();
  }

  private void take() {
    sink.accept(Background.await(underWay.remove()));
  }

  /** Gives up jobs that have not begun, and returns when no other runs any more. */
  @Override
  public void close() {
    underWay.forEach(job -> job.cancel(false));
    threads.shutdown();
    boolean interrupted = false;
    for (boolean ended = false; !ended; ) {
      try {
        ended = threads.awaitTermination(1, TimeUnit.DAYS);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) Thread.currentThread().interrupt();
  }
}
