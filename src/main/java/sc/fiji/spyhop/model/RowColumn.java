package sc.fiji.spyhop.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.util.Decimals;
import sc.fiji.spyhop.util.Digits;
import sc.fiji.spyhop.util.Strings;

/**
 * A column of a table from whose rows a network makes images, and the values that the network is
 * given for what stands in a cell.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = RowColumn.Number.class, name = "number"),
  @JsonSubTypes.Type(value = RowColumn.Angle.class, name = "angle"),
  @JsonSubTypes.Type(value = RowColumn.Choice.class, name = "choice"),
})
public sealed interface RowColumn {

  /** Maximum length of the name of a column, and of a value to choose. */
  int MAX_LENGTH = 200;

  /** Maximum number of values of a choice. */
  int MAX_VALUES = 1000;

  /** As in the first line of the table. */
  String name();

  /** How many values the network is given for it. */
  int size();

  /**
   * What the network is given for a cell.
   *
   * @param cell as it stands in the table
   * @return as many values as {@link #size}
   * @throws SpyhopException if it is not a finite number, or none of the values to choose from
   */
  float[] encode(String cell);

  /**
   * Says of a cell that it lies outside of what was learned.
   *
   * @return a sentence; empty if the cell lies within
   * @throws SpyhopException as {@link #encode}
   */
  Optional<String> outside(String cell);

  /**
   * Values on the way between two cells.
   *
   * @param from as {@link #encode} gives them
   * @param to likewise
   * @param share of the way, 0 to 1
   */
  float[] between(float[] from, float[] to, double share);

  /** What stands in a cell, for what {@link #encode} gives; of values in between the nearest. */
  String decode(float[] values);

  /** What it is, in words, such as {@code a number from 1 to 5 µm}. */
  String description();

  /**
   * A number. The network is given -1 for the lowest and 1 for the highest one that it learned
   * from, and in proportion for others.
   *
   * @param unit of the number; may be empty
   * @param low lowest number learned from
   * @param high highest number learned from, more than the lowest
   */
  record Number(
      @JsonProperty("name") String name,
      @JsonProperty("unit") String unit,
      @JsonProperty("low") double low,
      @JsonProperty("high") double high)
      implements RowColumn {

    /**
     * Throws a {@link SpyhopException} if the name is empty or too long, or low is not below high.
     */
    public Number {
      requireText("a column", name);
      if (unit.length() > MAX_LENGTH) throw wrong("column " + name, "a short unit", unit);
      if (!(low < high) || !Double.isFinite(high - low)) {
        throw wrong("column " + name, "a low number and a higher one", low + " and " + high);
      }
    }

    @Override
    public int size() {
      return 1;
    }

    @Override
    public float[] encode(String cell) {
      return new float[] {(float) (2 * (number(name, cell) - low) / (high - low) - 1)};
    }

    @Override
    public Optional<String> outside(String cell) {
      double value = number(name, cell);
      if (value >= low && value <= high) return Optional.empty();
      return Optional.of(
          Strings.format(
              "%s is %s: the model learned from %s to %s%s, and guesses beyond.",
              name, Digits.six(value), Digits.six(low), Digits.six(high), inUnit()));
    }

    private String inUnit() {
      return unit.isEmpty() ? "" : " " + unit;
    }

    @Override
    public float[] between(float[] from, float[] to, double share) {
      return new float[] {mixed(from[0], to[0], share)};
    }

    @Override
    public String decode(float[] values) {
      return Digits.six(low + (values[0] + 1) / 2 * (high - low));
    }

    @Override
    public String description() {
      return "a number from " + Digits.six(low) + " to " + Digits.six(high) + inUnit();
    }
  }

  /** An angle in degrees. The network is given its sine and its cosine, so that 0 is 360. */
  record Angle(@JsonProperty("name") String name) implements RowColumn {

    /** Throws a {@link SpyhopException} if the name is empty or too long. */
    public Angle {
      requireText("a column", name);
    }

    @Override
    public int size() {
      return 2;
    }

    @Override
    public float[] encode(String cell) {
      double radians = Math.toRadians(number(name, cell));
      return new float[] {(float) Math.sin(radians), (float) Math.cos(radians)};
    }

    @Override
    public Optional<String> outside(String cell) {
      number(name, cell);
      return Optional.empty();
    }

    /** The short way round; of opposite angles the one that grows. */
    @Override
    public float[] between(float[] from, float[] to, double share) {
      double start = Math.atan2(from[0], from[1]);
      double way = Math.IEEEremainder(Math.atan2(to[0], to[1]) - start, 2 * Math.PI);
      if (way < -Math.PI + 1e-6) way += 2 * Math.PI;
      double angle = start + share * way;
      return new float[] {(float) Math.sin(angle), (float) Math.cos(angle)};
    }

    @Override
    public String decode(float[] values) {
      double degrees = Math.toDegrees(Math.atan2(values[0], values[1]));
      double rounded = Math.rint((degrees < 0 ? degrees + 360 : degrees) * 1e3) / 1e3;
      return Digits.six(rounded >= 360 ? 0 : rounded);
    }

    @Override
    public String description() {
      return "an angle in degrees";
    }
  }

  /**
   * One of some words. The network is given 1 for the one that stands in the cell and 0 for each
   * other.
   *
   * @param values to choose from, none twice, 1 to {@link #MAX_VALUES}
   */
  record Choice(@JsonProperty("name") String name, @JsonProperty("values") List<String> values)
      implements RowColumn {

    /**
     * Throws a {@link SpyhopException} if the name is empty or too long, there is no value or too
     * many, or one twice.
     */
    public Choice {
      requireText("a column", name);
      values = List.copyOf(values);
      if (values.isEmpty() || values.size() > MAX_VALUES) {
        throw wrong("column " + name, "1 to " + MAX_VALUES + " values", values.size());
      }
      for (String value : values) requireText("a value of column " + name, value);
      if (new HashSet<>(values).size() < values.size()) {
        throw wrong("column " + name, "values of which none comes twice", values);
      }
    }

    @Override
    public int size() {
      return values.size();
    }

    @Override
    public float[] encode(String cell) {
      int at = values.indexOf(cell.strip());
      if (at < 0) {
        throw new SpyhopException(
            Strings.format(
                "%s is \"%s\": expected one of %s.",
                name, cell.strip(), String.join(", ", values)));
      }
      float[] one = new float[values.size()];
      one[at] = 1;
      return one;
    }

    @Override
    public Optional<String> outside(String cell) {
      encode(cell);
      return Optional.empty();
    }

    /** So much of both. */
    @Override
    public float[] between(float[] from, float[] to, double share) {
      float[] blend = new float[from.length];
      for (int i = 0; i < blend.length; i++) blend[i] = mixed(from[i], to[i], share);
      return blend;
    }

    @Override
    public String decode(float[] shares) {
      int best = 0;
      for (int i = 1; i < shares.length; i++) if (shares[i] > shares[best]) best = i;
      return values.get(best);
    }

    @Override
    public String description() {
      return "one of " + String.join(", ", values);
    }
  }

  private static float mixed(float from, float to, double share) {
    return (float) (from + share * (to - from));
  }

  private static double number(String name, String cell) {
    String text = cell.strip();
    double value = Decimals.parse(text);
    if (Double.isFinite(value)) return value;
    throw new SpyhopException(
        Strings.format("%s is \"%s\": expected a number with a decimal point.", name, text));
  }

  private static void requireText(String what, String text) {
    boolean fits = !text.isBlank() && text.length() <= MAX_LENGTH && text.equals(text.strip());
    if (fits && text.chars().noneMatch(Character::isISOControl)) return;
    throw new SpyhopException(
        Strings.format(
            "Generating model: expected a name for %s, of 1 to %d characters, received \"%s\".",
            what, MAX_LENGTH, text.replaceAll("\\p{Cntrl}", "?")));
  }

  private static SpyhopException wrong(String where, String expected, Object received) {
    return new SpyhopException(
        Strings.format(
            "Generating model, %s: expected %s, received %s.", where, expected, received));
  }
}
