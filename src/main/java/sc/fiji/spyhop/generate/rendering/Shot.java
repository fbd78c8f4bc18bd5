package sc.fiji.spyhop.generate.rendering;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.model.GeneratorSource;
import sc.fiji.spyhop.model.RowColumn;
import sc.fiji.spyhop.util.Decimals;
import sc.fiji.spyhop.util.Digits;
import sc.fiji.spyhop.util.Strings;

/**
 * Images that are to be made together: one of a row, or several on a way.
 *
 * @param name of the file or stack
 * @param codes what the network is given for each
 * @param labels what each shows, as many
 */
public record Shot(String name, List<float[]> codes, List<String> labels) {

  /** Maximum number of images on a way. */
  public static final int MAX_STEPS = 10_000;

  /** Copies the lists. */
  public Shot {
    codes = List.copyOf(codes);
    labels = List.copyOf(labels);
  }

  /**
   * The image of a row.
   *
   * @throws SpyhopException if a column is missing or a cell cannot be understood
   */
  public static Shot of(String name, GeneratorSource.Columns columns, Map<String, String> row) {
    return new Shot(name, List.of(columns.encode(row)), List.of(name));
  }

  /**
   * On the way from one row to another: numbers in proportion, angles the short way round, words
   * blended.
   *
   * @param steps images, the two of the rows counted: at least 2
   */
  public static Shot between(
      String name,
      GeneratorSource.Columns columns,
      Map<String, String> from,
      Map<String, String> to,
      int steps) {
    requireSteps(steps);
    float[] start = columns.encode(from);
    float[] end = columns.encode(to);
    List<float[]> codes = new ArrayList<>();
    List<String> labels = new ArrayList<>();
    for (int i = 0; i < steps; i++) {
      double share = (double) i / (steps - 1);
      codes.add(columns.between(start, end, share));
      labels.add(Strings.format("%s: %.0f %% of the way", name, 100 * share));
    }
    return new Shot(name, codes, labels);
  }

  /**
   * Along a column, all else as in a row. Numbers go in proportion from the one to the other;
   * angles likewise, so that 0 to 270 is three quarters of a turn; words blend. Where neither end
   * is given, numbers go from the lowest that was learned to the highest, angles once around, and
   * words one after the other in their order.
   *
   * @param along name of the column
   * @param from cell of the first image; absent: where the column begins
   * @param to cell of the last image; absent: where it ends
   * @param steps images: at least 2
   * @throws SpyhopException if there is no such column, or a cell cannot be understood
   */
  public static Shot along(
      String name,
      GeneratorSource.Columns columns,
      Map<String, String> row,
      String along,
      Optional<String> from,
      Optional<String> to,
      int steps) {
    requireSteps(steps);
    RowColumn column = column(columns, along);
    Way way = way(column, from, to, steps);
    List<float[]> codes = new ArrayList<>();
    List<String> labels = new ArrayList<>();
    // what stands in the row is of no account there, and may be missing
    Map<String, String> complete = new LinkedHashMap<>(row);
    complete.put(along, way.anyCell);
    float[] code = columns.encode(complete);
    int at = 0;
    for (RowColumn c : columns.columns()) {
      if (c == column) break;
      at += c.size();
    }
    for (int i = 0; i < steps; i++) {
      float[] own = code.clone();
      Value value = way.at.apply(i);
      System.arraycopy(value.code, 0, own, at, value.code.length);
      codes.add(own);
      labels.add(Strings.format("%s: %s %s", name, along, value.label));
    }
    return new Shot(name, codes, labels);
  }

  private static void requireSteps(int steps) {
    if (steps >= 2 && steps <= MAX_STEPS) return;
    throw new SpyhopException(
        Strings.format("Steps: expected 2 to %d images, received %d.", MAX_STEPS, steps));
  }

  /** The column of a name. */
  static RowColumn column(GeneratorSource.Columns columns, String name) {
    return columns.columns().stream()
        .filter(c -> c.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new SpyhopException(
                    Strings.format(
                        "The model knows no column %s: expected one of %s.",
                        name,
                        String.join(
                            ", ", columns.columns().stream().map(RowColumn::name).toList()))));
  }

  /** What the network is given for a column, and what that is in words. */
  private record Value(float[] code, String label) {}

  /**
   * @param anyCell a cell that can be understood
   * @param at value of an image, by its number from 0
   */
  private record Way(String anyCell, Function<Integer, Value> at) {}

  private static Way way(RowColumn column, Optional<String> from, Optional<String> to, int steps) {
    if (column instanceof RowColumn.Choice c) return words(c, from, to, steps);
    boolean turn = column instanceof RowColumn.Angle && from.isEmpty() && to.isEmpty();
    double low = column instanceof RowColumn.Number n ? n.low() : 0;
    double high = column instanceof RowColumn.Number n ? n.high() : 360;
    from.ifPresent(column::encode);
    to.ifPresent(column::encode);
    double start = from.map(Decimals::parse).orElse(low);
    double end = to.map(Decimals::parse).orElse(high);
    int parts = turn ? steps : steps - 1;
    return new Way(
        Decimals.text(start),
        i -> {
          double value = start + (end - start) * i / parts;
          String cell = Digits.six(value);
          return new Value(column.encode(Double.toString(value)), cell);
        });
  }

  private static Way words(
      RowColumn.Choice column, Optional<String> from, Optional<String> to, int steps) {
    List<String> stations = column.values();
    if (from.isPresent() || to.isPresent()) {
      String first = stations.get(0);
      String last = stations.get(stations.size() - 1);
      stations = List.of(from.orElse(first).strip(), to.orElse(last).strip());
    }
    List<String> all = stations;
    for (String word : all) column.encode(word);
    return new Way(
        all.get(0),
        i -> {
          double place = (double) i / (steps - 1) * (all.size() - 1);
          int left = Math.min((int) place, Math.max(0, all.size() - 2));
          String one = all.get(left);
          String other = all.get(Math.min(left + 1, all.size() - 1));
          double share = place - left;
          float[] code = column.between(column.encode(one), column.encode(other), share);
          String label =
              share < 1e-9
                  ? one
                  : share > 1 - 1e-9
                      ? other
                      : Strings.format(
                          "%.0f %% %s, %.0f %% %s", 100 * (1 - share), one, 100 * share, other);
          return new Value(code, label);
        });
  }
}
