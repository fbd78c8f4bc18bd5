package sc.fiji.spyhop.exchange.caffe;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.exchange.graph.GraphBuilder;
import sc.fiji.spyhop.exchange.graph.Imported;
import sc.fiji.spyhop.exchange.graph.Problems;
import sc.fiji.spyhop.exchange.graph.Unsupported;
import sc.fiji.spyhop.exchange.graph.Value;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.util.AtomicFile;
import sc.fiji.spyhop.util.Strings;

/**
 * Brings networks of Caffe over into our layers. Those for training are read as they predict. What
 * follows the convolutions of a detector (permuted and joined boxes) is cut off.
 */
public final class CaffeImport {

  private static final long MOST_TEXT = 16L << 20;

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

  private final Text net;
  private final GraphBuilder builder = new GraphBuilder();
  private final Problems problems = new Problems();
  private final List<String> notes = new ArrayList<>();
  private final Map<String, Value> values = new LinkedHashMap<>();
  private final Set<String> read = new LinkedHashSet<>();
  private final CaffeLayers layers;

  private CaffeImport(Text net, Map<String, List<Blob>> weights) {
    this.net = net;
    this.layers = new CaffeLayers(builder, weights);
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
    Text net;
    try {
      if (Files.size(prototxt) > MOST_TEXT) {
        throw new SpyhopException(prototxt + ": expected a prototxt of at most 16 MB.");
      }
      net = TextParser.parse(Files.readString(prototxt));
    } catch (IOException e) {
      throw new SpyhopException(
          prototxt + ": cannot be read as text (" + AtomicFile.reason(e) + ").", e);
    } catch (SpyhopException e) {
      throw new SpyhopException(prototxt + ": " + e.getMessage(), e);
    }
    Map<String, List<Blob>> weights = CaffeModelReader.read(caffemodel);
    try {
      return new CaffeImport(net, weights).run(size);
    } catch (SpyhopException e) {
      throw new SpyhopException(prototxt + ": " + e.getMessage(), e);
    }
  }

  private Imported run(Optional<List<Integer>> size) {
    List<Text> all = new ArrayList<>(net.messages("layer"));
    all.addAll(net.messages("layers"));
    if (all.isEmpty()) {
      throw new SpyhopException("expected layers, received a file without any.");
    }
    inputs(all, size);
    for (Text layer : all) {
      if (isForPrediction(layer)) run(layer);
    }
    problems.check("Caffe");
    Map<String, Value> outputs = new LinkedHashMap<>(values);
    outputs.keySet().removeAll(read);
    return builder.build(Value.outputs(outputs, notes), notes);
  }

  private static boolean isForPrediction(Text layer) {
    for (Text rule : layer.messages("include")) {
      String phase = rule.word("phase", "TEST");
      if (phase.equals("TRAIN") || phase.equals("0")) return false;
    }
    for (Text rule : layer.messages("exclude")) {
      String phase = rule.word("phase", "TRAIN");
      if (phase.equals("TEST") || phase.equals("1")) return false;
    }
    return !LEFT_OUT.contains(type(layer));
  }

  private static String type(Text layer) {
    String type = layer.word("type", "");
    return FIRST_VERSION.getOrDefault(type.toUpperCase(Locale.ROOT), type);
  }

  private void inputs(List<Text> all, Optional<List<Integer>> size) {
    List<String> names = net.words("input");
    List<Integer> legacy = net.numbers("input_dim");
    List<Text> shapes = net.messages("input_shape");
    for (int i = 0; i < names.size(); i++) {
      List<Integer> sizes =
          i < shapes.size()
              ? shapes.get(i).numbers("dim")
              : legacy.size() >= 4 * i + 4 ? legacy.subList(4 * i, 4 * i + 4) : List.of();
      input(names.get(i), sizes, size);
    }
    for (Text layer : all) {
      if (!type(layer).equals("Input")) continue;
      List<Text> told = layer.message("input_param").messages("shape");
      List<String> tops = layer.words("top");
      for (int i = 0; i < tops.size(); i++) {
        List<Integer> sizes =
            told.isEmpty() ? List.of() : told.get(Math.min(i, told.size() - 1)).numbers("dim");
        input(tops.get(i), sizes, size);
      }
    }
    if (values.isEmpty()) {
      throw new SpyhopException(
          "expected a network with an input, such as a deploy.prototxt; this one reads its own data.");
    }
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

  private void run(Text layer) {
    String type = type(layer);
    String name = layer.word("name", type);
    List<Value> inputs = new ArrayList<>();
    for (String bottom : layer.words("bottom")) {
      Value value = values.get(bottom);
      if (value == null) {
        if (type.endsWith("Loss")) continue;
        problems.add("layer " + name, "input " + bottom + ", which nothing gives");
        value = new Value.Failed();
      }
      inputs.add(value);
      read.add(bottom);
    }
    Value result = result(layer, type, name, inputs);
    for (String top : layer.words("top")) {
      values.put(top, result);
      // a layer may write where it reads: then it is read only if another one does
      read.remove(top);
    }
  }

  private Value result(Text layer, String type, String name, List<Value> inputs) {
    if (inputs.stream().anyMatch(v -> v instanceof Value.Failed)) return new Value.Failed();
    Optional<Value.Cut> cut =
        inputs.stream().filter(v -> v instanceof Value.Cut).map(v -> (Value.Cut) v).findFirst();
    String where = "layer " + name;
    try {
      if (cut.isPresent()) {
        if (!layers.hasWeights(name)) return cut.get().with(inputs);
        throw new Unsupported(cut.get().reason() + " at " + cut.get().at());
      }
      return layers.apply(layer, type, name, inputs);
    } catch (Unsupported e) {
      problems.add(where, type + ": " + e.getMessage());
    } catch (ArithmeticException | IllegalArgumentException | IndexOutOfBoundsException e) {
      problems.add(where, type + ": settings that make no sense");
    } catch (SpyhopException e) {
      problems.add(where, type + ": " + e.getMessage().replaceFirst("^layer [^:]*: ", ""));
    }
    return new Value.Failed();
  }
}
