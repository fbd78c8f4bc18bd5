package sc.fiji.spyhop.job;

import java.util.concurrent.CancellationException;

/** A job that the user stopped, and what is left of it, in a sentence. */
public final class StoppedException extends CancellationException {

  private static final long serialVersionUID = 1;

  /** With a sentence for the user, such as how much is kept. */
  public StoppedException(String sentence) {
    super(sentence);
  }
}
