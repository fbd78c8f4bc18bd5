package sc.fiji.spyhop;

import java.util.concurrent.CancellationException;

/**
 * How a long job tells where it is and learns that it should stop. Implementations are called from
 * one thread at a time, often; they must return quickly.
 */
public interface Progress {

  /** Neither shows anything nor ever cancels. */
  Progress NONE = (message, done, total) -> {};

  /**
   * Reports work done.
   *
   * @param message what is being done, in the user's words
   * @param done units finished, {@code 0 <= done <= total}
   * @param total units in all; {@code done == total} ends the report
   */
  void update(String message, long done, long total);

  /** Whether the user asked to stop. */
  default boolean isCancelled() {
    return false;
  }

  /**
   * Call between units of work.
   *
   * @throws CancellationException if the user asked to stop
   */
  default void checkCancelled() {
    if (isCancelled()) throw new CancellationException("Cancelled.");
  }

  /** Tells nothing, and is cancelled when this is. */
  default Progress quiet() {
    Progress whole = this;
    return new Progress() {
      @Override
      public void update(String message, long done, long total) {}

      @Override
      public boolean isCancelled() {
        return whole.isCancelled();
      }
    };
  }

  /**
   * Progress of one of several alike parts.
   *
   * @param index of the part, from 0
   * @param count how many there are
   */
  default Progress part(int index, int count) {
    Progress whole = this;
    return new Progress() {
      @Override
      public void update(String message, long done, long total) {
        whole.update(message, index * total + done, count * total);
      }

      @Override
      public boolean isCancelled() {
        return whole.isCancelled();
      }
    };
  }
}
