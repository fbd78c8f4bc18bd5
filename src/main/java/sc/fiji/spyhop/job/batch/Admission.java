package sc.fiji.spyhop.job.batch;

import java.util.concurrent.CancellationException;

/**
 * Lets files into memory in their order, one being opened at a time, while there is room. A file
 * that does not fit beside others waits until it is alone. Safe for several threads.
 */
final class Admission {

  private final long room;
  private long used;
  private int tickets;
  private int turn;

  /**
   * @param room for all that is open, in bytes
   */
  Admission(long room) {
    this.room = room;
  }

  /** A place in the queue. */
  synchronized Ticket ticket() {
    return new Ticket(tickets++);
  }

  /** A file's, from before it is opened until nothing of it is left. */
  final class Ticket implements AutoCloseable {

    private final int number;
    private boolean entered;
    private long size;

    private Ticket(int number) {
      this.number = number;
    }

    /**
     * Waits until the file may be opened.
     *
     * @param least bytes that it will take, as far as can be told
     */
    void await(long least) {
      synchronized (Admission.this) {
        waitFor(least);
      }
    }

    /**
     * Waits until the file may be worked on.
     *
     * @param bytes that it takes, now that this is known
     */
    void enter(long bytes) {
      synchronized (Admission.this) {
        waitFor(bytes);
        entered = true;
        size = bytes;
        used += bytes;
        turn++;
        Admission.this.notifyAll();
      }
    }

    /** Makes room; lets the next in if this file could not be opened. */
    @Override
    public void close() {
      synchronized (Admission.this) {
        if (!entered) {
          waitFor(0);
          turn++;
        }
        used -= size;
        size = 0;
        entered = true;
        Admission.this.notifyAll();
      }
    }

    private void waitFor(long bytes) {
      while (turn != number || bytes > 0 && used > 0 && used + bytes > room) {
        try {
          Admission.this.wait();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new CancellationException("Cancelled.");
        }
      }
    }
  }
}
