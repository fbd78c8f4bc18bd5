package sc.fiji.spyhop;

import java.util.Locale;

/**
 * A problem the user can act on. The message is complete as it stands: it names the thing, says
 * what was expected and what was found, and what to do. Shown without a stack trace.
 */
public class SpyhopException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private static final String REPORT = "https://github.com/fiji/spyhop/issues";

  /** What to do where Java's heap is too small. */
  public static final String MORE_HEAP =
      "Allow Java more: in a shell for example SPYHOP_MEMORY=8g, in ImageJ under Edit > Options >"
          + " Memory & Threads.";

  /** For a problem that was found here; the message is shown to the user as it stands. */
  public SpyhopException(String message) {
    super(message);
  }

  /**
   * For a problem that another exception reports, which is kept for those who look for its reason.
   */
  public SpyhopException(String message, Throwable cause) {
    super(message, cause);
  }

  /** One sentence for whatever went wrong. */
  public static String describe(Throwable e) {
    if (e instanceof SpyhopException) return e.getMessage();
    if (e instanceof OutOfMemoryError && String.valueOf(e.getMessage()).contains("thread")) {
      return "The system gives this program no more threads or memory ("
          + e.getMessage()
          + "). Close other programs, or ask who runs the machine for a higher limit.";
    }
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
          + " MB of heap here. "
          + MORE_HEAP;
    }
    return "Unexpected error ("
        + e
        + "). Please report it at "
        + REPORT
        + ", with what the shell prints with --debug if you can run it there.";
  }

  /** The same as {@link #describe}, for memory that did not suffice for something. */
  public static SpyhopException outOfMemory(Object forWhat, OutOfMemoryError e) {
    return new SpyhopException(forWhat + ": " + describe(e), e);
  }

  /**
   * Java's own words for what is missing in the heap, or in buffers beside it that may take as much
   * as the heap; libraries have others.
   */
  private static boolean isNative(Throwable e) {
    String words = String.valueOf(e.getMessage());
    return e.getMessage() != null
        && !words.contains("heap")
        && !words.contains("GC overhead")
        && !words.toLowerCase(Locale.ROOT).contains("direct buffer")
        && !words.contains("array size")
        && !words.contains("array length");
  }
}
