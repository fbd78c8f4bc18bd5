package sc.fiji.spyhop.exchange.caffe;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.exchange.caffe.proto.BlobShape;
import sc.fiji.spyhop.exchange.caffe.proto.LayerParameter;
import sc.fiji.spyhop.exchange.caffe.proto.NetParameter;
import sc.fiji.spyhop.exchange.caffe.proto.NetStateRule;
import sc.fiji.spyhop.exchange.caffe.proto.Phase;
import sc.fiji.spyhop.exchange.graph.GraphBuilder;
import sc.fiji.spyhop.exchange.graph.ImportProblems;
import sc.fiji.spyhop.exchange.graph.Imported;
import sc.fiji.spyhop.exchange.graph.NoLayerException;
import sc.fiji.spyhop.exchange.graph.Unsupported;
import sc.fiji.spyhop.exchange.graph.Value;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.util.Strings;

/**
 * Brings networks of Caffe over into our layers. Those for training are read as they predict. What
 * follows the convolutions of a detector (permuted and joined boxes) is cut off.
 */
public final class CaffeImport {

  /** Types in files of the first version. */
  private static final Map<String, String> FIRST_VERSION =
      Map.ofEntries(
          Map.entry("INNER_PRODUCT", "InnerProduct"),
          Map.entry("CONVOLUTION", "Convolution"),
          Map.entry("DECONVOLUTION", "Deconvolution"),
          Map.entry("POOLING", "Pooling"),
          Map.entry("RELU", "ReLU"),
          Map.entry("LRN", "LRN"),
          Map.entry("CONCAT", "Concat"),
          Map.entry("ELTWISE", "Eltwise"),
          Map.entry("DROPOUT", "Dropout"),
          Map.entry("SOFTMAX", "Softmax"),
          Map.entry("SOFTMAX_LOSS", "SoftmaxWithLoss"),
          Map.entry("SIGMOID", "Sigmoid"),
          Map.entry("TANH", "TanH"),
          Map.entry("FLATTEN", "Flatten"),
          Map.entry("POWER", "Power"),
          Map.entry("SPLIT", "Split"),
          Map.entry("ACCURACY", "Accuracy"),
          Map.entry("SILENCE", "Silence"),
          Map.entry("ARGMAX", "ArgMax"));

  private static final Set<String> LEFT_OUT = Set.of("Accuracy", "Silence", "Input");

  private final NetParameter net;
  private final GraphBuilder builder = new GraphBuilder();
  private final ImportProblems problems = new ImportProblems();
  private final List<String> notes = new ArrayList<>();
  private final Map<String, Value> values = new LinkedHashMap<>();
  private final Set<String> read = new LinkedHashSet<>();
  private final CaffeLayers layers;

  /** Of a detector: what it does behind its convolutions. */
  private final Optional<CaffeTables> tables;

  private CaffeImport(
      NetParameter net, Map<String, List<CaffeBlob>> weights, Optional<CaffeTables> tables) {
    this.net = net;
    this.layers = new CaffeLayers(builder, weights);
    this.tables = tables;
  }

  /**
   * Reads and brings over a network.
   *
   * @param prototxt its architecture
   * @param caffemodel its weights
   * @param size height and width of the images it will be given, in place of those of the file
   * @throws SpyhopException if a file is not sound, or the network uses what no layer of ours does;
   *     all of that is named
   */
  public static Imported read(Path prototxt, Path caffemodel, Optional<List<Integer>> size) {
    return read(prototxt, caffemodel, size, Optional.empty());
  }

  /**
   * The same up to one output.
   *
   * @param kept name of the only output that is wanted; empty: all of them
   * @throws SpyhopException also if there is no such output
   */
  public static Imported read(
      Path prototxt, Path caffemodel, Optional<List<Integer>> size, Optional<String> kept) {
    return read(prototxt, caffemodel, Optional.empty(), net -> net.run(size, kept));
  }

  /**
   * Brings a detector over into an ONNX file, which gives its tables of boxes and scores.
   *
   * @throws SpyhopException as {@link #read}, or if it has no such tables
   */
  public static byte[] detector(Path prototxt, Path caffemodel, Optional<List<Integer>> size) {
    CaffeTables tables = new CaffeTables();
    return read(
        prototxt,
        caffemodel,
        Optional.of(tables),
        net -> tables.file(net.run(size, Optional.empty()), net.ends()));
  }

  private static <T> T read(
      Path prototxt, Path caffemodel, Optional<CaffeTables> tables, Function<CaffeImport, T> made) {
    NetParameter net = Prototxt.read(prototxt);
    Map<String, List<CaffeBlob>> weights = CaffeModelReader.read(caffemodel);
    try {
      return made.apply(new CaffeImport(net, weights, tables));
    } catch (SpyhopException e) {
      throw NoLayerException.named(prototxt, e);
    }
  }

  /** Values that nothing reads, by name. */
  private Map<String, Value> ends() {
    Map<String, Value> ends = new LinkedHashMap<>(values);
    ends.keySet().removeAll(read);
    return ends;
  }

  private Imported run(Optional<List<Integer>> size, Optional<String> kept) {
    if (net.getLayerCount() == 0) {
      throw new SpyhopException("expected layers, received a file without any.");
    }
    inputs(size);
    for (LayerParameter layer : net.getLayerList()) {
      if (isForPrediction(layer)) run(layer);
    }
    problems.check("Caffe");
    return tables.isPresent()
        ? builder.build(tables.get().layers(), notes)
        : builder.build(builder.ends(Value.kept(ends(), kept), notes), notes, Map.of());
  }

  private static boolean isForPrediction(LayerParameter layer) {
    return layer.getIncludeList().stream().noneMatch(r -> isFor(r, Phase.TRAIN))
        && layer.getExcludeList().stream().noneMatch(r -> isFor(r, Phase.TEST))
        && !LEFT_OUT.contains(type(layer));
  }

  private static boolean isFor(NetStateRule rule, Phase phase) {
    return rule.hasPhase() && rule.getPhase() == phase;
  }

  private static String type(LayerParameter layer) {
    return FIRST_VERSION.getOrDefault(layer.getType().toUpperCase(Locale.ROOT), layer.getType());
  }

  private void inputs(Optional<List<Integer>> size) {
    List<Integer> legacy = net.getInputDimList();
    for (int i = 0; i < net.getInputCount(); i++) {
      List<Integer> sizes =
          i < net.getInputShapeCount()
              ? ints(net.getInputShape(i))
              : legacy.size() >= 4 * i + 4 ? legacy.subList(4 * i, 4 * i + 4) : List.of();
      input(net.getInput(i), sizes, size);
    }
    for (LayerParameter layer : net.getLayerList()) {
      if (!type(layer).equals("Input")) continue;
      List<BlobShape> told = layer.getInputParam().getShapeList();
      for (int i = 0; i < layer.getTopCount(); i++) {
        List<Integer> sizes =
            told.isEmpty() ? List.of() : ints(told.get(Math.min(i, told.size() - 1)));
        input(layer.getTop(i), sizes, size);
      }
    }
    if (values.isEmpty()) {
      throw new SpyhopException(
          "expected a network with an input, such as a deploy.prototxt; this one reads its own data.");
    }
  }

  static List<Integer> ints(BlobShape shape) {
    return shape.getDimList().stream().map(Math::toIntExact).toList();
  }

  private void input(String name, List<Integer> sizes, Optional<List<Integer>> size) {
    if (name.equals("im_info")) return;
    if (sizes.size() != 4) {
      throw new SpyhopException(
          Strings.format(
              "input %s: expected sample, channel, row and column, received %s.", name, sizes));
    }
    List<Integer> space = size.orElse(sizes.subList(2, 4));
    Shape shape = Shape.of(sizes.get(1), space.get(0), space.get(1));
    values.put(name, new Value.Mapped(builder.input(name, shape)));
  }

  private void run(LayerParameter layer) {
    String type = type(layer);
    String name = layer.hasName() ? layer.getName() : type;
    List<Value> inputs = new ArrayList<>();
    for (String bottom : layer.getBottomList()) {
      Value value = values.get(bottom);
      if (value == null) {
        if (type.endsWith("Loss")) continue;
        problems.add("layer " + name, type(layer), "input " + bottom + ", which nothing gives");
        value = new Value.Failed();
      }
      inputs.add(value);
      read.add(bottom);
    }
    Value result = result(layer, type, name, inputs);
    for (String top : layer.getTopList()) {
      values.put(top, result);
      // a layer may write where it reads: then it is read only if another one does
      read.remove(top);
    }
  }

  private Value result(LayerParameter layer, String type, String name, List<Value> inputs) {
    if (inputs.stream().anyMatch(v -> v instanceof Value.Failed)) {
      if (!layers.isKnown(type)) {
        problems.add("layer " + name, type, Unsupported.NO_COUNTERPART);
      }
      return new Value.Failed();
    }
    Optional<Value.Cut> cut =
        inputs.stream().filter(v -> v instanceof Value.Cut).map(v -> (Value.Cut) v).findFirst();
    String where = "layer " + name;
    try {
      if (cut.isPresent()) {
        if (!layers.hasWeights(name)) return cut.get().with(inputs);
        throw new Unsupported(cut.get().reason() + " at " + cut.get().at());
      }
      return tables.isPresent()
          ? tables.get().apply(layer, type, inputs, () -> layers.apply(layer, type, name, inputs))
          : layers.apply(layer, type, name, inputs);
    } catch (Unsupported e) {
      problems.add(where, type, e.getMessage());
    } catch (ArithmeticException | IllegalArgumentException | IndexOutOfBoundsException e) {
      problems.add(where, type, "settings that make no sense");
    } catch (SpyhopException e) {
      problems.add(where, type, e.getMessage().replaceFirst("^layer [^:]*: ", ""));
    }
    return new Value.Failed();
  }
}
