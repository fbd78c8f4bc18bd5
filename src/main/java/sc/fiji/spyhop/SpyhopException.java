package sc.fiji.spyhop;

/**
 * A problem the user can act on. The message is complete as it stands: it names the thing, says
 * what was expected and what was found, and what to do. Shown without a stack trace.
 */
public class SpyhopException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public SpyhopException(String message) {
    super(message);
  }

  public SpyhopException(String message, Throwable cause) {
    super(message, cause);
  }
}
