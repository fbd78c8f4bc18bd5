package sc.fiji.spyhop.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.util.Strings;

/** What a generating model makes images from: so many values for each image. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = GeneratorSource.Noise.class, name = "noise"),
  @JsonSubTypes.Type(value = GeneratorSource.Columns.class, name = "columns"),
})
public sealed interface GeneratorSource {

  /** Maximum number of values of one image. */
  int MAX_SIZE = 10_000;

  /** How many values the network is given for an image: the channels of its input. */
  int size();

  /**
   * Values on the way from those of one image to those of another.
   *
   * @param from as many as {@link #size}
   * @param to likewise
   * @param share of the way, from 0 (those of the one) to 1 (those of the other)
   */
  float[] between(float[] from, float[] to, double share);

  /** What goes in, in words. */
  String description();

  /**
   * Numbers drawn at random, each from the standard normal distribution.
   *
   * @param size how many, 1 to {@link #MAX_SIZE}
   */
  record Noise(@JsonProperty("size") int size) implements GeneratorSource {

    /** Cosine of an angle below which, and beyond which, directions count as the same line. */
    private static final double STRAIGHT = 1 - 1e-7;

    /**
     * Refuses a size out of range.
     *
     * @throws SpyhopException if it is not 1 to {@link #MAX_SIZE}
     */
    public Noise {
      if (size < 1 || size > MAX_SIZE) {
        throw new SpyhopException(
            Strings.format(
                "Generating model: expected 1 to %d numbers drawn at random, received %d.",
                MAX_SIZE, size));
      }
    }

    /**
     * The way along the sphere, on which numbers stay as large as those that are drawn (White 2016,
     * "Sampling generative networks"); the straight one between values of the same or of opposite
     * direction, and from or to zeros.
     */
    @Override
    public float[] between(float[] from, float[] to, double share) {
      double dot = 0;
      double first = 0;
      double second = 0;
      for (int i = 0; i < from.length; i++) {
        dot += (double) from[i] * to[i];
        first += (double) from[i] * from[i];
        second += (double) to[i] * to[i];
      }
      double cosine = dot / Math.sqrt(first * second);
      double a = 1 - share;
      double b = share;
      if (Math.abs(cosine) < STRAIGHT) {
        double angle = Math.acos(cosine);
        a = Math.sin((1 - share) * angle) / Math.sin(angle);
        b = Math.sin(share * angle) / Math.sin(angle);
      }
      float[] way = new float[from.length];
      for (int i = 0; i < way.length; i++) way[i] = (float) (a * from[i] + b * to[i]);
      return way;
    }

    @Override
    public String description() {
      return Strings.count(size, "number") + " drawn at random";
    }
  }

  /**
   * A row of a table.
   *
   * @param columns that count, in the order in which the network is given their values; at least
   *     one, none of a name twice
   */
  record Columns(@JsonProperty("columns") List<RowColumn> columns) implements GeneratorSource {

    /**
     * Copies the list.
     *
     * @throws SpyhopException if there is a name twice, or columns have no values or more than
     *     {@link #MAX_SIZE} in all
     */
    public Columns {
      columns = List.copyOf(columns);
      Set<String> names = new HashSet<>();
      for (RowColumn column : columns) {
        if (!names.add(column.name())) {
          throw new SpyhopException(
              "Generating model: column " + column.name() + " is there twice: expected it once.");
        }
      }
      long size = columns.stream().mapToLong(RowColumn::size).sum();
      if (size < 1 || size > MAX_SIZE) {
        throw new SpyhopException(
            Strings.format(
                "Generating model: expected columns of 1 to %d values in all, received %d.",
                MAX_SIZE, size));
      }
    }

    @Override
    public int size() {
      return columns.stream().mapToInt(RowColumn::size).sum();
    }

    /**
     * What the network is given for a row.
     *
     * @param row cells by the names of their columns; others are passed over
     * @throws SpyhopException if a column is missing, or a cell cannot be understood
     */
    public float[] encode(Map<String, String> row) {
      float[] all = new float[size()];
      int at = 0;
      for (RowColumn column : columns) {
        String cell = row.get(column.name());
        if (cell == null) throw lacking(column, row.keySet());
        float[] values = column.encode(cell);
        System.arraycopy(values, 0, all, at, values.length);
        at += values.length;
      }
      return all;
    }

    private SpyhopException lacking(RowColumn column, Set<String> there) {
      return new SpyhopException(
          Strings.format(
              "Column %s is missing: expected %s, received %s.",
              column.name(),
              columns.stream().map(RowColumn::name).collect(Collectors.joining(", ")),
              there.isEmpty() ? "none" : String.join(", ", there)));
    }

    /**
     * What of a row lies outside of what was learned, a sentence each.
     *
     * @throws SpyhopException as {@link #encode}
     */
    public List<String> outside(Map<String, String> row) {
      encode(row);
      return columns.stream().flatMap(c -> c.outside(row.get(c.name())).stream()).toList();
    }

    /** The row that values stand for; of values in between the nearest. */
    public Map<String, String> decode(float[] values) {
      Map<String, String> row = new LinkedHashMap<>();
      int at = 0;
      for (RowColumn column : columns) {
        row.put(column.name(), column.decode(Arrays.copyOfRange(values, at, at + column.size())));
        at += column.size();
      }
      return row;
    }

    /** Each column as it goes: numbers in proportion, angles the short way round, words blended. */
    @Override
    public float[] between(float[] from, float[] to, double share) {
      float[] way = new float[size()];
      int at = 0;
      for (RowColumn column : columns) {
        int end = at + column.size();
        float[] part =
            column.between(
                Arrays.copyOfRange(from, at, end), Arrays.copyOfRange(to, at, end), share);
        System.arraycopy(part, 0, way, at, part.length);
        at = end;
      }
      return way;
    }

    @Override
    public String description() {
      return columns.stream()
          .map(c -> c.name() + " (" + c.description() + ")")
          .collect(Collectors.joining(", "));
    }
  }
}
