package sc.fiji.spyhop.model;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.prediction.Diameters;
import sc.fiji.spyhop.util.Digits;
import sc.fiji.spyhop.util.Strings;

/**
 * How large the objects are that a network learned from: diameters of circles of their area, in
 * pixels of what it was shown. All 0: not known.
 *
 * @param low the fifth percentile
 * @param median of all objects
 * @param high the ninety-fifth percentile
 */
public record ObjectSizes(
    @JsonProperty("low") double low,
    @JsonProperty("median") double median,
    @JsonProperty("high") double high) {

  /** Of a network that nothing is known about, or that knows no objects. */
  public static final ObjectSizes UNKNOWN = new ObjectSizes(0, 0, 0);

  /** Throws a {@link SpyhopException} if they are not in order, or are above a million pixels. */
  public ObjectSizes {
    if (!(low >= 0 && low <= median && median <= high && high <= 1e6) || (low == 0 && high > 0)) {
      throw new SpyhopException(
          "Sizes of objects: expected three diameters in pixels, the smallest first, or zeros,"
              + " received "
              + low
              + ", "
              + median
              + " and "
              + high
              + ".");
    }
  }

  /** Of objects that were measured; unknown if there are none. */
  public static ObjectSizes of(Diameters measured) {
    if (measured.median().isEmpty()) return UNKNOWN;
    return new ObjectSizes(
        measured.quantile(0.05).orElseThrow(),
        measured.median().orElseThrow(),
        measured.quantile(0.95).orElseThrow());
  }

  /** For users. */
  public String description() {
    return isKnown()
        ? Strings.format(
            "%s pixels across (median), 90 %% of them %s to %s",
            Digits.six(Math.rint(10 * median) / 10),
            Digits.six(Math.rint(10 * low) / 10),
            Digits.six(Math.rint(10 * high) / 10))
        : "of a size that is not known";
  }

  /** Whether objects were measured; if not, all three numbers are 0. */
  @JsonIgnore
  public boolean isKnown() {
    return median > 0;
  }
}
