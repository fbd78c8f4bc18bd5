package sc.fiji.spyhop.expression;

/**
 * What an expression has values of its own for.
 *
 * @param extent whether for each place, each sample, or none of them
 * @param channels whether for each channel
 */
public record Kind(Extent extent, boolean channels) {

  /** In the order in which one holds more values than the other. */
  public enum Extent {
    /** One for all of a minibatch. */
    BATCH,
    /** One for each sample. */
    SAMPLE,
    /** One for each place of each sample. */
    PLACE
  }

  /** One value. */
  public static final Kind ONE = new Kind(Extent.BATCH, false);

  /** A value for each channel and place. */
  public static final Kind MAP = new Kind(Extent.PLACE, true);

  /** A value for each place. */
  public static final Kind PLANE = new Kind(Extent.PLACE, false);

  /** That of what two of these are combined to. */
  Kind with(Kind other) {
    return new Kind(
        extent.compareTo(other.extent) >= 0 ? extent : other.extent, channels || other.channels);
  }

  boolean hasPlaces() {
    return extent == Extent.PLACE;
  }

  /** In words, for messages. */
  @Override
  public String toString() {
    String of =
        switch (extent) {
          case BATCH -> "";
          case SAMPLE -> "sample";
          case PLACE -> "place";
        };
    if (channels && of.isEmpty()) return "one value for each channel";
    if (of.isEmpty()) return "one value";
    return "one value for each " + (channels ? "channel and " : "") + of;
  }
}
