package sc.fiji.spyhop;

/**
 * A problem the user can act on. The message is complete as it stands: it names the thing, says
 * what was expected and what was found, and what to do. Shown without a stack trace.
 */
public class SpyhopException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private static final String REPORT = "https://github.com/fiji/spyhop/issues";

  public SpyhopException(String message) {
    super(message);
  }

  public SpyhopException(String message, Throwable cause) {
    super(message, cause);
  }

  /** One sentence for whatever went wrong. */
  public static String describe(Throwable e) {
    if (e instanceof SpyhopException) return e.getMessage();
    if (e instanceof OutOfMemoryError) {
      return "Out of memory: Java may use "
          + (Runtime.getRuntime().maxMemory() >> 20)
          + " MB here. Allow it more: in a shell for example SPYHOP_MEMORY=8g, in ImageJ under"
          + " Edit > Options > Memory & Threads.";
    }
    return "Unexpected error ("
        + e
        + "). Please report it at "
        + REPORT
        + ", with what the shell prints with --debug if you can run it there.";
  }
}
