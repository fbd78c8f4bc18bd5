package sc.fiji.spyhop.util;

/** Times as text. */
public final class Durations {

  private Durations() {}

  /** Such as {@code 45 s}, {@code 12 min} or {@code 3 h 5 min}. */
  public static String text(double seconds) {
    if (seconds < 90) return Math.round(seconds) + " s";
    long minutes = Math.round(seconds / 60);
    return minutes < 90 ? minutes + " min" : minutes / 60 + " h " + minutes % 60 + " min";
  }
}
