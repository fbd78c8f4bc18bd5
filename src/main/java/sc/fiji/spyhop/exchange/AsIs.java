package sc.fiji.spyhop.exchange;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.FileRunner.Values;
import sc.fiji.spyhop.exchange.graph.Imported;
import sc.fiji.spyhop.exchange.onnx.OnnxFile;
import sc.fiji.spyhop.network.Activation;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.OnnxContent;
import sc.fiji.spyhop.network.OnnxGraph;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.network.Upsampling;
import sc.fiji.spyhop.task.CandidateBoxes;
import sc.fiji.spyhop.task.decode.BoxFormat;
import sc.fiji.spyhop.util.Strings;
import sc.fiji.spyhop.weights.Weights;

/**
 * Takes an ONNX file as it is: a network of {@link OnnxGraph}s, with a softmax or sigmoid at its
 * end as a layer of ours. What its outputs look like is found by running it.
 */
final class AsIs {

  private static final List<Integer> ANY = List.of(Shape.ANY, Shape.ANY);

  /** Tried in this order where a file leaves the size of images open. */
  private static final List<Integer> SIDES = List.of(224, 256, 320, 384, 512, 640, 300, 416, 800);

  /** Numbers of a box. */
  private static final int BOX = 4;

  /** Of tiles, for networks that look at the whole image and take any size. */
  private static final int TILE = 256;

  private final Path path;
  private final OnnxFile file;
  private final OnnxFile.Port input;
  private final boolean channelsLast;
  private final int channels;
  private final List<String> missing;
  private final List<String> notes = new ArrayList<>();

  private AsIs(Path path, OnnxFile file, List<String> missing) {
    this.path = path;
    this.file = file;
    this.missing = missing;
    if (file.inputs().size() != 1 || file.inputs().get(0).sizes().size() != 4) {
      throw refused("expected one image as input, received " + file.inputs());
    }
    input = file.inputs().get(0);
    List<Integer> sizes = input.sizes();
    channelsLast = isFew(sizes.get(3)) && !isFew(sizes.get(1));
    channels = sizes.get(channelsLast ? 3 : 1);
    if (channels == Shape.ANY) {
      throw refused("its number of channels is left open. Export it with a fixed one.");
    }
    if (sizes.get(0) > 1) {
      throw refused("takes batches of " + sizes.get(0) + ". Export it with a batch of 1 or any.");
    }
  }

  private static boolean isFew(int channels) {
    return channels >= 1 && channels <= 4;
  }

  private SpyhopException refused(String why) {
    return new SpyhopException(path + ": as it is: " + why);
  }

  /**
   * Takes one output, of classes of an image or of its pixels.
   *
   * @param output its name; empty: the only one
   * @param size height and width of the images it will be given, where it leaves them open
   * @param missing types of operators that have no layer; empty: as was asked for
   */
  static Imported read(
      Path path, Optional<List<Integer>> size, Optional<String> output, List<String> missing) {
    return new AsIs(path, OnnxFile.read(path), missing).ofOne(size, output);
  }

  private OnnxFile.Port output(Optional<String> kept) {
    List<OnnxFile.Port> outputs = file.outputs();
    if (kept.isEmpty() && outputs.size() == 1) return outputs.get(0);
    String names = String.join(", ", outputs.stream().map(OnnxFile.Port::name).toList());
    if (kept.isEmpty()) {
      throw refused(
          Strings.format(
              "has %d outputs (%s). Say which is kept (--keep), or, of a detector, what they are with --outputs, such as ssd; see docs/import.md.",
              outputs.size(), names));
    }
    return outputs.stream()
        .filter(o -> o.name().equals(kept.get()))
        .findFirst()
        .orElseThrow(
            () ->
                refused(
                    Strings.format(
                        "expected the name of an output to keep, one of %s, received %s.",
                        names, kept.get())));
  }

  private Imported ofOne(Optional<List<Integer>> size, Optional<String> kept) {
    OnnxFile.Port output = output(kept);
    List<Integer> sides;
    Values seen;
    try (AsIsProbe probe = probe(file.content())) {
      sides = sides(probe, size);
      seen = probe.run(sides).get(output.name());
    }
    List<Integer> shape = seen.shape();
    boolean map = shape.size() == 4 && rows(shape) * columns(shape) > 1;
    if (shape.get(0) != 1 || shape.size() != 2 && shape.size() != 4) {
      throw refused(
          "its output "
              + output.name()
              + " has the shape "
              + shape
              + "; expected classes of the image [1, classes] or of places [1, classes, rows,"
              + " columns]. If these are boxes, say how with --outputs; see docs/import.md.");
    }
    int axis = shape.size() == 4 && channelsLast ? 3 : 1;
    Optional<OnnxFile.Ending> ending = file.ending(output.name(), axis, shape.size());
    String value = ending.map(OnnxFile.Ending::before).orElse(output.name());
    boolean whole = ending.isEmpty() && file.outputs().size() == 1;
    OnnxContent content = whole ? file.content() : file.giving(value);
    List<Layer> layers = new ArrayList<>();
    List<Integer> space;
    try (AsIsProbe probe = probe(content)) {
      boolean open = isOpen() && size.isEmpty();
      if (map) {
        int stride = stride(sides, shape);
        Optional<AsIsProbe.Reach> reach = open ? probe.reach(value, stride) : Optional.empty();
        space = reach.isPresent() ? ANY : open ? tile(probe) : sides;
        layers.add(graph("network", content, value, shape.get(axis), reach.orElse(whole(stride))));
        if (stride > 1) layers.add(enlarged(stride));
      } else {
        int values = seen.values().length;
        space = open && probe.takesAnother(sides, value, values) ? ANY : sides;
        layers.add(graph("network", content, value, values, new AsIsProbe.Reach(0, 0, 1)));
      }
    }
    String last = layers.get(layers.size() - 1).name();
    ending.ifPresent(e -> layers.add(new Activation("output", last, e.function())));
    return imported(layers, List.of(layers.get(layers.size() - 1).name()), space);
  }

  /** A detector, and what its outputs are. */
  record Detector(Imported imported, CandidateBoxes task) {}

  /**
   * Takes a detector, whose boxes are described.
   *
   * @param path names it in messages
   * @param size height and width of the images it will be given, where it leaves them open
   * @param named classes without the background; empty: they are numbered
   * @throws SpyhopException if its outputs have other shapes than is said
   */
  static Detector detector(
      Path path,
      OnnxFile file,
      Optional<List<Integer>> size,
      BoxOutputs outputs,
      List<String> named) {
    return new AsIs(path, file, List.of()).detector(size, outputs, named);
  }

  private Detector detector(Optional<List<Integer>> size, BoxOutputs outputs, List<String> named) {
    List<Integer> sides;
    Map<String, Values> seen;
    try (AsIsProbe probe = probe(file.content())) {
      sides = sides(probe, size);
      seen = probe.run(sides);
    }
    Map<String, List<Integer>> tables = new LinkedHashMap<>();
    seen.forEach((name, v) -> table(v.shape()).ifPresent(t -> tables.put(name, t)));
    String first = outputs.apart() ? boxes(outputs, tables, seen) : only(outputs, tables, seen);
    List<Integer> table = tables.get(first);
    int values = outputs.apart() ? BOX : valuesOf(outputs, named, table);
    boolean candidatesFirst = table.get(1) == values;
    BoxFormat format = outputs.format(candidatesFirst);
    int candidates = table.get(candidatesFirst ? 0 : 1);
    Map<String, String> heads = new LinkedHashMap<>();
    heads.put(outputs.apart() ? "boxes" : "candidates", first);
    int scores = values - BOX;
    if (outputs.apart()) {
      String second = scores(outputs, tables, first, candidates, seen);
      heads.put("scores", second);
      scores = tables.get(second).get(1);
    }
    List<String> classes = classes(format, scores, named);
    CandidateBoxes task =
        new CandidateBoxes(
            classes, format, candidates, outputs.threshold(), outputs.overlap(), outputs.most());
    long priors = format.priors().count(sides.get(1), sides.get(0));
    if (!format.priors().isNone() && priors != candidates) {
      throw refused(
          Strings.format(
              "the priors make %d boxes of %d x %d pixels (rows x columns), but the network has %d candidates. Say other ones with priors=STRIDE:SIZE,SIZE;...",
              priors, sides.get(0), sides.get(1), candidates));
    }
    OnnxContent content = file.content();
    List<Layer> layers = new ArrayList<>();
    heads.forEach(
        (name, value) ->
            layers.add(
                graph(
                    name,
                    content,
                    value,
                    seen.get(value).values().length,
                    new AsIsProbe.Reach(0, 0, 1))));
    return new Detector(imported(layers, List.copyOf(heads.keySet()), sides), task);
  }

  /** The two sizes of an output that is a table, whatever axes of one are among them. */
  private static Optional<List<Integer>> table(List<Integer> shape) {
    if (shape.size() < 3 || shape.get(0) != 1) return Optional.empty();
    List<Integer> sizes = new ArrayList<>(shape.subList(1, shape.size()));
    while (sizes.size() > 2 && sizes.remove(Integer.valueOf(1))) continue;
    return sizes.size() == 2 ? Optional.of(sizes) : Optional.empty();
  }

  private SpyhopException noSuch(String what, Map<String, Values> seen) {
    String all =
        seen.entrySet().stream()
            .map(e -> e.getKey() + " " + e.getValue().shape())
            .collect(Collectors.joining(", "));
    return refused("expected " + what + ", received " + all + ". See docs/import.md.");
  }

  private String only(
      BoxOutputs outputs, Map<String, List<Integer>> tables, Map<String, Values> seen) {
    if (tables.containsKey(outputs.boxes())) return outputs.boxes();
    if (!outputs.boxes().isEmpty() || tables.size() != 1) {
      throw noSuch(
          outputs.boxes().isEmpty()
              ? "one output of the shape [1, candidates, values] or [1, values, candidates], or"
                  + " its name (boxes=NAME)"
              : "an output " + outputs.boxes() + " of candidates",
          seen);
    }
    return tables.keySet().iterator().next();
  }

  private String boxes(
      BoxOutputs outputs, Map<String, List<Integer>> tables, Map<String, Values> seen) {
    List<String> fitting =
        tables.keySet().stream()
            .filter(t -> tables.get(t).get(1) == BOX)
            .filter(t -> outputs.boxes().isEmpty() || t.equals(outputs.boxes()))
            .filter(t -> !t.equals(outputs.scores()))
            .toList();
    List<String> called =
        fitting.stream().filter(t -> t.toLowerCase(Locale.ROOT).contains("box")).toList();
    if (fitting.size() == 1) return fitting.get(0);
    if (called.size() == 1) return called.get(0);
    throw noSuch("one output of boxes [1, candidates, 4], or its name (boxes=NAME)", seen);
  }

  private String scores(
      BoxOutputs outputs,
      Map<String, List<Integer>> tables,
      String boxes,
      int candidates,
      Map<String, Values> seen) {
    List<String> fitting =
        tables.keySet().stream()
            .filter(t -> !t.equals(boxes) && tables.get(t).get(0) == candidates)
            .filter(t -> outputs.scores().isEmpty() || t.equals(outputs.scores()))
            .toList();
    if (fitting.size() == 1) return fitting.get(0);
    throw noSuch(
        "one output of scores [1, " + candidates + ", classes], or its name (scores=NAME)", seen);
  }

  /** How many values a candidate has: as many as the classes ask for, or the fewer. */
  private int valuesOf(BoxOutputs outputs, List<String> named, List<Integer> table) {
    BoxFormat format = outputs.format(true);
    if (named.isEmpty() && !format.labelled()) return Math.min(table.get(0), table.get(1));
    int values = BOX + format.scores(named.size());
    if (table.contains(values)) return values;
    throw refused(
        Strings.format(
            "expected candidates of %d values (4 of a box, %d of scores for %d classes), received a table of %s.",
            values, values - BOX, named.size(), table));
  }

  private List<String> classes(BoxFormat format, int scores, List<String> named) {
    if (named.isEmpty() && format.labelled()) {
      throw refused("candidates tell their class by number: name the classes (--classes).");
    }
    int n = format.labelled() ? named.size() : scores - format.scores(0);
    if (n < 1) throw refused("has no scores for classes besides its boxes: " + scores + " values.");
    if (!named.isEmpty() && named.size() != n) {
      throw refused(
          Strings.format(
              "expected %d names, as many as the network has classes, received %d.",
              n, named.size()));
    }
    if (!named.isEmpty()) return named;
    notes.add("No names of classes were given: they are numbered from 0.");
    return IntStream.range(0, n).mapToObj(i -> "class " + i).toList();
  }

  private AsIsProbe probe(OnnxContent content) {
    return new AsIsProbe(content, channels, channelsLast);
  }

  private int rows(List<Integer> shape) {
    return shape.get(channelsLast ? 1 : 2);
  }

  private int columns(List<Integer> shape) {
    return shape.get(channelsLast ? 2 : 3);
  }

  private int stride(List<Integer> sides, List<Integer> shape) {
    int stride = sides.get(0) / rows(shape);
    if (stride * rows(shape) != sides.get(0) || stride * columns(shape) != sides.get(1)) {
      throw refused(
          "makes a map of the shape "
              + shape
              + " of an image of "
              + sides
              + " (rows, columns); expected the same whole number of pixels for each place.");
    }
    return stride;
  }

  private static AsIsProbe.Reach whole(int stride) {
    return new AsIsProbe.Reach(stride, 0, stride);
  }

  /** Of a network that takes any size, but sees all of it. */
  private List<Integer> tile(AsIsProbe probe) {
    List<Integer> tile = List.of(TILE, TILE);
    probe.run(tile);
    notes.add(
        Strings.format(
            "What the network says of a place hangs on the whole of what it is shown, so it is shown parts of %d x %d pixels; say another size with the preparation, such as \"crop 512\".",
            TILE, TILE));
    return tile;
  }

  private Upsampling enlarged(int stride) {
    notes.add(
        "Its map has one place for "
            + stride
            + " x "
            + stride
            + " pixels, between which values are interpolated.");
    return new Upsampling(
        "enlarged", "network", List.of(stride, stride), Layer.Interpolation.BILINEAR);
  }

  private boolean isOpen() {
    return rows(input.sizes()) == Shape.ANY && columns(input.sizes()) == Shape.ANY;
  }

  private OnnxGraph graph(
      String name, OnnxContent content, String value, int outputChannels, AsIsProbe.Reach reach) {
    return new OnnxGraph(
        name,
        "input",
        content,
        value,
        outputChannels,
        reach.stride(),
        reach.halo(),
        reach.multiple(),
        channelsLast,
        missing);
  }

  private Imported imported(List<Layer> layers, List<String> outputs, List<Integer> space) {
    Network network =
        new Network(
            List.of(new Network.Input("input", new Shape(channels, space))), layers, outputs);
    notes.add(
        0,
        "The network is kept as it is, for prediction only"
            + (missing.isEmpty() ? "" : ": Spyhop has no layer for " + String.join(", ", missing))
            + ". ONNX Runtime computes it; it cannot be trained further.");
    return new Imported(network, new Weights(Map.of()), notes);
  }

  /** Rows and columns of images it is looked at with. */
  private List<Integer> sides(AsIsProbe probe, Optional<List<Integer>> size) {
    int h = rows(input.sizes());
    int w = columns(input.sizes());
    if (h != Shape.ANY && w != Shape.ANY) return List.of(h, w);
    if (size.isPresent()) {
      return List.of(
          h == Shape.ANY ? size.get().get(0) : h, w == Shape.ANY ? size.get().get(1) : w);
    }
    SpyhopException last = refused("no size fits");
    for (int side : SIDES) {
      List<Integer> sides = List.of(h == Shape.ANY ? side : h, w == Shape.ANY ? side : w);
      try {
        probe.run(sides);
        return sides;
      } catch (SpyhopException e) {
        last = e;
      }
    }
    throw refused(
        "it runs on images of none of the sizes "
            + SIDES
            + ". Say its size with the preparation, such as \"crop 300\". "
            + last.getMessage());
  }
}
