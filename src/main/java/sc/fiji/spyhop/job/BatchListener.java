package sc.fiji.spyhop.job;

import sc.fiji.spyhop.Progress;

/** Is told how a batch goes; called from one thread, but for what {@link #begin} gives. */
public interface BatchListener {

  /**
   * The model is compiled and work begins.
   *
   * @param title model and device
   * @param images how many will be looked at
   * @param before how many were finished before
   */
  void start(String title, int images, int before);

  /** An image comes next; several can be under way. Safe for another thread. */
  Progress begin(String name);

  /** The image that began first has ended; {@code line} says how. */
  void end(String line);

  /** Whether the user asked to stop. */
  boolean isCancelled();
}
