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
    if (e instanceof OutOfMemoryError && isNative(e)) {
      return "Out of memory outside of Java's heap, where networks compute ("
          + e.getMessage()
          + "). Close other programs, use smaller minibatches or images, or give Java's heap less:"
          + " what it has is missing there.";
    }
    if (e instanceof StackOverflowError) {
      return "Something in a file is nested too deeply to be read. Get the file again, or leave it"
          + " out.";
    }
    if (e instanceof OutOfMemoryError) {
      return "Out of memory: Java may use "
          + (Runtime.getRuntime().maxMemory() >> 20)
          + " MB of heap here. Allow it more: in a shell for example SPYHOP_MEMORY=8g, in ImageJ under"
          + " Edit > Options > Memory & Threads.";
    }
    return "Unexpected error ("
        + e
        + "). Please report it at "
        + REPORT
        + ", with what the shell prints with --debug if you can run it there.";
  }

  /** Java's own words for what is missing in the heap; libraries have others. */
  private static boolean isNative(Throwable e) {
    String words = String.valueOf(e.getMessage());
    return e.getMessage() != null
        && !words.contains("heap")
        && !words.contains("GC overhead")
        && !words.contains("array size")
        && !words.contains("array length");
  }
}
