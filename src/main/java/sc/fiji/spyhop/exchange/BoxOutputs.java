package sc.fiji.spyhop.exchange;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.task.decode.BoxFormat;
import sc.fiji.spyhop.task.decode.BoxFormat.Background;
import sc.fiji.spyhop.task.decode.BoxFormat.Form;
import sc.fiji.spyhop.task.decode.BoxFormat.Function;
import sc.fiji.spyhop.task.decode.BoxFormat.Unit;
import sc.fiji.spyhop.task.decode.BoxPriors;

/**
 * What the outputs of a detector are, in a line such as {@code "yolov8"}, or {@code "ssd
 * unit=pixels overlap=0.3"}: the name of a family and what differs, or settings alone. The settings
 * are in docs/import.md.
 *
 * @param settings by name, those of the family included
 */
record BoxOutputs(Map<String, String> settings) {

  private static final String CORNERS = "form=corners ";
  private static final String CENTERS = "form=centers ";

  private static final Map<String, String> FAMILIES =
      new TreeMap<>(
          Map.of(
              "yolov8", CENTERS + "unit=pixels",
              "yolov5", CENTERS + "unit=pixels objectness=yes",
              "yolov10", CORNERS + "unit=pixels labelled=yes overlap=1",
              "ssd", CORNERS + "unit=shares apart=yes background=first threshold=0.5",
              "detr",
                  CENTERS
                      + "unit=shares apart=yes background=last function=softmax threshold=0.5"
                      + " overlap=1",
              "rfb320",
                  CENTERS
                      + "unit=priors apart=yes background=first threshold=0.7 overlap=0.3"
                      + " priors=8:10,16,24;16:32,48;32:64,96;64:128,192,256"));

  /** Settings, each with its default. */
  private static final Map<String, String> DEFAULTS =
      Map.ofEntries(
          Map.entry("form", "corners"),
          Map.entry("unit", "pixels"),
          Map.entry("apart", "no"),
          Map.entry("boxes", ""),
          Map.entry("scores", ""),
          Map.entry("objectness", "no"),
          Map.entry("background", "none"),
          Map.entry("labelled", "no"),
          Map.entry("function", "none"),
          Map.entry("priors", ""),
          Map.entry("variances", "0.1,0.2"),
          Map.entry("threshold", "0.25"),
          Map.entry("overlap", "0.45"),
          Map.entry("most", "300"));

  BoxOutputs {
    settings = Map.copyOf(settings);
  }

  /**
   * Reads a line.
   *
   * @throws SpyhopException naming the word that is not understood, and what may be there
   */
  static BoxOutputs parse(String text) {
    Map<String, String> settings = new LinkedHashMap<>(DEFAULTS);
    List<String> words = new ArrayList<>(List.of(text.strip().split("\\s+")));
    String family = words.get(0).toLowerCase(Locale.ROOT);
    if (FAMILIES.containsKey(family)) {
      words.remove(0);
      words.addAll(0, List.of(FAMILIES.get(family).split(" ")));
    }
    for (String word : words) {
      int at = word.indexOf('=');
      String name = at < 0 ? word : word.substring(0, at);
      if (at < 0 || !DEFAULTS.containsKey(name)) {
        throw new SpyhopException(
            "Outputs: expected one of "
                + String.join(", ", FAMILIES.keySet())
                + ", and settings such as unit=pixels ("
                + DEFAULTS.keySet().stream().sorted().collect(Collectors.joining(", "))
                + "), received "
                + word
                + ".");
      }
      settings.put(name, word.substring(at + 1));
    }
    BoxOutputs outputs = new BoxOutputs(settings);
    outputs.format(true);
    outputs.threshold();
    outputs.overlap();
    outputs.most();
    return outputs;
  }

  /** How candidates are written down. */
  BoxFormat format(boolean candidatesFirst) {
    return new BoxFormat(
        apart(),
        candidatesFirst,
        choice("form", Form.values()),
        choice("unit", Unit.values()),
        yes("objectness"),
        choice("background", Background.values()),
        yes("labelled"),
        choice("function", Function.values()),
        priors());
  }

  boolean apart() {
    return yes("apart");
  }

  /** Name of the output with boxes; empty: found by its shape. */
  String boxes() {
    return settings.get("boxes");
  }

  /** The same of scores. */
  String scores() {
    return settings.get("scores");
  }

  double threshold() {
    return number("threshold", settings.get("threshold"), 0, 1);
  }

  double overlap() {
    return number("overlap", settings.get("overlap"), 0, 1);
  }

  int most() {
    return (int) number("most", settings.get("most"), 1, 1e6);
  }

  private boolean yes(String name) {
    return switch (settings.get(name)) {
      case "yes" -> true;
      case "no" -> false;
      default -> throw wrong(name, "yes or no");
    };
  }

  private <E extends Enum<E>> E choice(String name, E[] values) {
    return Stream.of(values)
        .filter(v -> word(v).equals(settings.get(name)))
        .findFirst()
        .orElseThrow(
            () ->
                wrong(
                    name,
                    Stream.of(values).map(BoxOutputs::word).collect(Collectors.joining(", "))));
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private SpyhopException wrong(String name, String expected) {
    return new SpyhopException(
        "Outputs: " + name + ": expected " + expected + ", received " + settings.get(name) + ".");
  }

  private double number(String name, String text, double least, double most) {
    try {
      double value = Double.parseDouble(text);
      if (value >= least && value <= most) return value;
    } catch (NumberFormatException e) {
      // said below
    }
    throw wrong(name, "a number from " + least + " to " + most);
  }

  /** Levels such as {@code 8:10,16x24;16:32}: stride, and sizes as side or width x height. */
  private BoxPriors priors() {
    String text = settings.get("priors");
    if (text.isEmpty()) return BoxPriors.NONE;
    List<BoxPriors.Level> levels = new ArrayList<>();
    for (String level : text.split(";")) {
      String[] parts = level.split(":");
      if (parts.length != 2) throw wrong("priors", "STRIDE:SIZE,SIZE;STRIDE:SIZE and so on");
      List<Double> widths = new ArrayList<>();
      List<Double> heights = new ArrayList<>();
      for (String size : parts[1].split(",")) {
        String[] sides = size.split("x");
        widths.add(number("priors", sides[0], 0, 1e5));
        heights.add(number("priors", sides[sides.length - 1], 0, 1e5));
      }
      levels.add(new BoxPriors.Level((int) number("priors", parts[0], 1, 4096), widths, heights));
    }
    double[] variances =
        Arrays.stream(settings.get("variances").split(","))
            .mapToDouble(v -> number("variances", v, 0, 1e3))
            .toArray();
    if (variances.length != 2) throw wrong("variances", "two numbers with a comma");
    return new BoxPriors(levels, variances[0], variances[1]);
  }
}
