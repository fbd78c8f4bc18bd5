package sc.fiji.spyhop.network.picture;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import sc.fiji.spyhop.network.Activation;
import sc.fiji.spyhop.network.BatchNorm;
import sc.fiji.spyhop.network.Dropout;
import sc.fiji.spyhop.network.Flatten;
import sc.fiji.spyhop.network.GroupNorm;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.network.LayerNorm;
import sc.fiji.spyhop.network.LocalResponseNorm;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.PRelu;
import sc.fiji.spyhop.network.ReceptiveField;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.network.Summary;
import sc.fiji.spyhop.util.Strings;

/**
 * What is drawn as one box: a layer with the functions and normalizations that follow it.
 *
 * @param name of its first layer, or of an input
 * @param operation such as {@code convolution 3 x 3}
 * @param functions what follows, such as {@code batch norm, relu}; may be empty
 * @param shape of its output
 * @param size the shape in words; where a network takes any size, relative to that of the image
 *     ({@code 16 x H/2 x W/2})
 * @param scale pixels of the image per position; 0 for vectors
 * @param parameters trained values
 * @param field pixels of the image that a position sees, in words
 * @param sources positions of the boxes that feed it
 * @param kind of operation
 */
record Block(
    String name,
    String operation,
    String functions,
    Shape shape,
    String size,
    double scale,
    long parameters,
    String field,
    List<Integer> sources,
    Kind kind) {

  /** What is drawn alike. */
  enum Kind {
    INPUT,
    WEIGHTS,
    POOLING,
    UPSAMPLING,
    JOINED,
    OTHER
  }

  /** Those of a network, in its order. */
  static List<Block> of(Network network) {
    Map<String, Summary.Row> rows =
        Summary.of(network).rows().stream()
            .collect(Collectors.toMap(Summary.Row::name, r -> r, (a, b) -> a, LinkedHashMap::new));
    Map<String, List<Double>> strides = ReceptiveField.strides(network);
    List<List<String>> groups = new ArrayList<>();
    network.inputs().forEach(i -> groups.add(List.of(i.name())));
    Map<String, Integer> users = new HashMap<>();
    network.layers().forEach(l -> l.inputs().forEach(i -> users.merge(i, 1, Integer::sum)));
    for (Layer l : network.layers()) {
      List<String> last = groups.get(groups.size() - 1);
      boolean only =
          l.inputs().equals(List.of(last.get(last.size() - 1))) && users.get(l.input()) == 1;
      boolean flat =
          last.size() == 1
              && network.layers().stream()
                  .anyMatch(f -> f instanceof Flatten && f.name().equals(last.get(0)));
      if (only && !rows.get(last.get(0)).type().equals("input") && (follows(l) || flat))
        last.add(l.name());
      else groups.add(new ArrayList<>(List.of(l.name())));
    }
    Map<String, Integer> places = new HashMap<>();
    for (int i = 0; i < groups.size(); i++) for (String n : groups.get(i)) places.put(n, i);
    Map<String, Layer> layers =
        network.layers().stream().collect(Collectors.toMap(Layer::name, l -> l));
    return groups.stream().map(g -> of(g, rows, layers, strides, places)).toList();
  }

  /** Whether it belongs to the layer before it. */
  private static boolean follows(Layer l) {
    return l instanceof Activation
        || l instanceof BatchNorm
        || l instanceof GroupNorm
        || l instanceof LayerNorm
        || l instanceof PRelu
        || l instanceof Dropout
        || l instanceof LocalResponseNorm;
  }

  private static Block of(
      List<String> names,
      Map<String, Summary.Row> rows,
      Map<String, Layer> layers,
      Map<String, List<Double>> strides,
      Map<String, Integer> places) {
    boolean flattens = names.size() > 1 && layers.get(names.get(0)) instanceof Flatten;
    String main = names.get(flattens ? 1 : 0);
    Summary.Row row = rows.get(main);
    Summary.Row last = rows.get(names.get(names.size() - 1));
    String functions =
        names.stream()
            .filter(n -> !n.equals(main))
            .map(n -> first(rows.get(n).type()))
            .collect(Collectors.joining(", "));
    List<Double> stride = strides.getOrDefault(last.name(), List.of());
    Layer layer = layers.get(main);
    return new Block(
        main,
        first(row.type()),
        functions,
        last.output(),
        size(last.output(), stride),
        stride.isEmpty() ? 0 : stride.get(0),
        names.stream().mapToLong(n -> rows.get(n).parameters()).sum(),
        last.receptiveField().isEmpty()
            ? "sees all"
            : "sees "
                + last.receptiveField().stream()
                    .map(String::valueOf)
                    .collect(Collectors.joining(" x ")),
        rows.get(names.get(0)).inputs().stream().map(places::get).distinct().toList(),
        layer == null ? Kind.INPUT : kind(layer));
  }

  private static String first(String type) {
    int comma = type.indexOf(',');
    return comma < 0 ? type : type.substring(0, comma);
  }

  private static String size(Shape shape, List<Double> stride) {
    if (shape.isFixed() || stride.size() != 2) return shape.toString();
    String letters = "HW";
    StringBuilder text = new StringBuilder().append(shape.channels());
    for (int d = 0; d < 2; d++) {
      int fixed = shape.space().get(d);
      double step = stride.get(d);
      String part = step == 1 ? "" : step > 1 ? "/" + number(step) : " x " + number(1 / step);
      text.append(" x ").append(fixed == Shape.ANY ? letters.charAt(d) + part : "" + fixed);
    }
    return text.toString();
  }

  private static String number(double value) {
    return value == Math.rint(value) ? "" + (long) value : Strings.format("%.2f", value);
  }

  private static Kind kind(Layer layer) {
    if (!layer.parameters().isEmpty()) return Kind.WEIGHTS;
    if (layer.inputs().size() > 1) return Kind.JOINED;
    String what = layer.description();
    if (what.contains("pooling")) return Kind.POOLING;
    return what.contains("upsampling") ? Kind.UPSAMPLING : Kind.OTHER;
  }

  /** What stands under the box, a line each; a line may be empty. */
  List<String> lines() {
    String count = parameters == 0 ? "" : Strings.format("%,d parameters", parameters);
    return List.of(name, operation, functions, size, count, kind == Kind.INPUT ? "" : field);
  }
}
