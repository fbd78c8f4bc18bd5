package sc.fiji.spyhop.job.batch;

import java.util.Arrays;
import java.util.Locale;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.util.Strings;

/** What to do with results that are in the folder already. */
public enum Existing {
  /** Nothing is done if there are some. */
  REFUSE,
  /** Images that were finished are passed over, and what is missing is done. */
  RESUME,
  /** All is done anew. */
  REPLACE;

  /**
   * Reads a name in any case.
   *
   * @throws SpyhopException if there is no such
   */
  public static Existing parse(String text) {
    for (Existing e : values()) {
      if (e.name().equalsIgnoreCase(text.strip())) return e;
    }
    throw new SpyhopException(
        Strings.format(
            "Earlier results: expected one of %s, received \"%s\".",
            Arrays.toString(values()).toLowerCase(Locale.ROOT), text.strip()));
  }
}
