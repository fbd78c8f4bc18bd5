package sc.fiji.spyhop.network;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import sc.fiji.spyhop.util.Strings;

/**
 * A network as a table: one row a layer.
 *
 * @param rows inputs first, then layers in order
 * @param parameters trained values in all
 */
public record Summary(List<Row> rows, long parameters) {

  /**
   * One input or layer.
   *
   * @param type the layer's type and what matters of it: {@code convolution 3 x 3}
   * @param inputs names of what feeds it
   * @param output shape without samples, channels first
   * @param parameters trained values; running statistics do not count
   * @param receptiveField how many values of the input each output sees along each dimension; empty
   *     where it has no place among them
   * @param amongAll whether each output hangs on all of the input besides, by statistics of maps
   */
  public record Row(
      String name,
      String type,
      List<String> inputs,
      Shape output,
      long parameters,
      List<Integer> receptiveField,
      boolean amongAll) {}

  /** Copies the rows. */
  public Summary {
    rows = List.copyOf(rows);
  }

  /** For the sizes that the network declares. */
  public static Summary of(Network network) {
    Map<String, Shape> shapes = Shapes.of(network);
    Map<String, List<Integer>> fields = ReceptiveField.sizes(network);
    Set<String> amongAll = ReceptiveField.amongAll(network);
    List<Row> rows = new ArrayList<>();
    for (Network.Input input : network.inputs()) {
      List<Integer> field = fields.getOrDefault(input.name(), List.of());
      rows.add(new Row(input.name(), "input", List.of(), input.shape(), 0, field, false));
    }
    for (Layer layer : network.layers()) {
      long parameters =
          layer.parameters().stream()
              .filter(p -> p.role().isTrained())
              .mapToLong(Parameter::length)
              .sum();
      rows.add(
          new Row(
              layer.name(),
              layer.description(),
              layer.inputs(),
              shapes.get(layer.name()),
              parameters,
              fields.getOrDefault(layer.name(), List.of()),
              amongAll.contains(layer.name())));
    }
    return new Summary(rows, Parameters.count(network));
  }

  /** The table in columns, ended by a line with the number of parameters; for fixed-width fonts. */
  public String text() {
    List<List<String>> cells = new ArrayList<>();
    cells.add(List.of("layer", "type", "inputs", "output", "parameters", "receptive field"));
    for (Row row : rows) {
      cells.add(
          List.of(
              row.name(),
              row.type(),
              String.join(", ", row.inputs()),
              row.output().toString(),
              row.parameters() == 0 ? "" : grouped(row.parameters()),
              field(row)));
    }
    int[] widths = new int[6];
    for (List<String> line : cells) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], line.get(i).length());
      }
    }
    String table =
        cells.stream()
            .map(
                line ->
                    Strings.format(
                            "%s  %s  %s  %s  %s  %s",
                            left(line.get(0), widths[0]),
                            left(line.get(1), widths[1]),
                            left(line.get(2), widths[2]),
                            left(line.get(3), widths[3]),
                            " ".repeat(widths[4] - line.get(4).length()) + line.get(4),
                            line.get(5))
                        .stripTrailing())
            .collect(Collectors.joining("\n"));
    return table + "\n" + grouped(parameters) + " parameters\n";
  }

  private static String field(Row row) {
    if (row.receptiveField().isEmpty()) return "all";
    return Shape.sizes(row.receptiveField()) + (row.amongAll() ? ", statistics of all" : "");
  }

  private static String left(String text, int width) {
    return text + " ".repeat(width - text.length());
  }

  private static String grouped(long number) {
    return Strings.format("%,d", number);
  }
}
