package sc.fiji.spyhop.exchange;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.exchange.graph.Feature;
import sc.fiji.spyhop.exchange.graph.Imported;
import sc.fiji.spyhop.network.Activation;
import sc.fiji.spyhop.network.Convolution;
import sc.fiji.spyhop.network.Dense;
import sc.fiji.spyhop.network.Formula;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.network.Layer.Function;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.Padding;
import sc.fiji.spyhop.network.Shapes;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.util.Decimals;
import sc.fiji.spyhop.util.Strings;
import sc.fiji.spyhop.weights.Weights;

/**
 * A network of one input and one output that gets further layers, in front or behind; those of its
 * own stay as they are.
 */
public final class Extended {

  private final List<Network.Input> inputs;
  private final List<Layer> layers;
  private final Map<String, Tensor> weights;
  private final Set<String> names = new HashSet<>();

  /** Where the next layers in front go, and what feeds them. */
  private int front;

  private String fed;
  private String output;

  /**
   * Begins with a network as it is; its first input and its first output are those that get layers.
   */
  public Extended(Imported imported) {
    Network network = imported.network();
    inputs = network.inputs();
    layers = new ArrayList<>(network.layers());
    weights = new LinkedHashMap<>(imported.weights().tensors());
    inputs.forEach(i -> names.add(i.name()));
    layers.forEach(l -> names.add(l.name()));
    fed = inputs.get(0).name();
    output = network.outputs().get(0);
  }

  /**
   * A network that ends with probabilities of classes, which exclude each other unless it ends with
   * sigmoids of several channels; a sigmoid of one channel becomes two classes.
   *
   * @param source names the network in messages
   * @param notes is told what was added
   * @throws SpyhopException if it has several inputs or outputs, or its values are none of these
   */
  public static Imported withProbabilities(Imported imported, String source, List<String> notes) {
    requireOneOutput(imported, source);
    Network network = imported.network();
    Extended extended = new Extended(imported);
    if (extended.endsWith(Function.SOFTMAX)) return imported;
    boolean sigmoid = extended.endsWith(Function.SIGMOID);
    if (sigmoid && extended.channels() > 1) {
      notes.add(
          Strings.format(
              "It ends with a sigmoid of %d channels: classes do not exclude each other, each has a"
                  + " probability of its own.",
              extended.channels()));
      return imported;
    }
    if (!sigmoid && extended.channels() == 1) {
      throw new SpyhopException(
          Strings.format(
              "%s: ends with one channel of values that are no probabilities; expected a sigmoid behind it, or a channel for each of two or more classes.",
              source));
    }
    if (sigmoid) {
      extended.dropLast();
      extended.twoClasses(0);
    } else if (GivenProbabilities.by(imported)) {
      notes.add(
          "Its values are probabilities already: their logarithms and a softmax were added, which"
              + " change nothing.");
      extended.append(
          new Formula(extended.free("logarithms"), extended.output, "log(max(x,1e-30))"));
      extended.apply(Function.SOFTMAX);
    } else {
      extended.requireLinear(source);
      notes.add(
          "A softmax was added behind "
              + network.outputs().get(0)
              + ", which makes probabilities.");
      extended.apply(Function.SOFTMAX);
    }
    return extended.imported(imported.notes());
  }

  /**
   * A network that ends with a probability of each of its channels, of classes that do not exclude
   * each other.
   *
   * @param source names the network in messages
   * @param notes is told what was added
   * @throws SpyhopException if it has several inputs or outputs, or ends with a softmax
   */
  public static Imported withSigmoids(Imported imported, String source, List<String> notes) {
    requireOneOutput(imported, source);
    Extended extended = new Extended(imported);
    if (extended.endsWith(Function.SIGMOID)) return imported;
    if (extended.endsWith(Function.SOFTMAX)) {
      throw new SpyhopException(
          Strings.format(
              "%s: ends with a softmax, so that its classes exclude each other; leave out that they"
                  + " do not (several).",
              source));
    }
    if (GivenProbabilities.each(imported)) {
      notes.add(
          "Its values are from 0 to 1 already: their logits and a sigmoid were added, which change"
              + " nothing.");
      extended.append(
          new Formula(
              extended.free("logits"), extended.output, "log(max(x,1e-7))-log(max(1-x,1e-7))"));
    } else {
      notes.add("A sigmoid was added behind " + extended.output + ", which makes probabilities.");
    }
    extended.apply(Function.SIGMOID);
    return extended.imported(imported.notes());
  }

  /**
   * Refuses networks that are not from one image to one output.
   *
   * @param source names the network in messages
   */
  static void requireOneOutput(Imported imported, String source) {
    Network network = imported.network();
    if (network.inputs().size() != 1 || network.inputs().get(0).shape().rank() != 2) {
      throw new SpyhopException(
          Strings.format(
              "%s: expected a network with one image as input, received %s.",
              source,
              network.inputs().stream()
                  .map(i -> i.name() + " (" + i.shape() + ")")
                  .collect(Collectors.joining(", "))));
    }
    if (network.outputs().size() != 1) {
      List<String> names = network.outputs().stream().map(o -> named(imported, o)).toList();
      throw new SpyhopException(
          Strings.format(
              "%s: expected a network with one output, classes of an image or of its pixels; this one ends with %d (%s). Say which is kept (--keep, in a macro keep=); see docs/import.md.",
              source, names.size(), String.join(", ", names)));
    }
  }

  /** Whether the output says something of each place. */
  public boolean isMap() {
    return Shapes.of(new Network(inputs, layers, List.of(output))).get(output).rank() == 2;
  }

  /** What the other program calls the output of a layer. */
  private static String named(Imported imported, String layer) {
    String name = layer;
    for (Map.Entry<String, Feature> value : imported.values().entrySet()) {
      if (value.getValue().layer().equals(layer)) name = value.getKey();
    }
    return name;
  }

  /**
   * Refuses networks that do not end with probabilities: nothing tells what their values are.
   *
   * @param source names the network in messages
   */
  static void requireProbabilities(Imported imported, String source) {
    requireOneOutput(imported, source);
    Extended extended = new Extended(imported);
    if (extended.endsWith(Function.SOFTMAX) || extended.endsWith(Function.SIGMOID)) return;
    throw new SpyhopException(
        Strings.format(
            "%s: ends with %s, and nothing tells what is meant by that. Name the classes (--classes), or set the task (--task) to classify, segment, measure or restore.",
            source, Strings.count(extended.channels(), "value")));
  }

  /** The network as it is now. */
  public Imported imported(List<String> notes) {
    return imported(notes, List.of());
  }

  /**
   * The network as it is now, with its other outputs as well.
   *
   * @param others outputs besides the one that layers were put behind
   */
  public Imported imported(List<String> notes, List<String> others) {
    List<String> outputs = new ArrayList<>(List.of(output));
    outputs.addAll(others);
    Network network = new Network(inputs, layers, outputs);
    return new Imported(network, new Weights(weights).fittedTo(network), notes);
  }

  /** Channels of the output. */
  public int channels() {
    return Shapes.of(new Network(inputs, layers, List.of(output))).get(output).channels();
  }

  private boolean isVector() {
    return Shapes.of(new Network(inputs, layers, List.of(output))).get(output).rank() == 0;
  }

  /** Whether the network ends with a function. */
  public boolean endsWith(Function function) {
    return last() instanceof Activation a && a.function() == function;
  }

  private void requireLinear(String source) {
    if (!(last() instanceof Activation a) || a.function() == Function.IDENTITY) return;
    throw new SpyhopException(
        Strings.format(
            "%s: ends with %s, behind which a softmax would make no probabilities; expected a softmax, or what comes before one.",
            source, a.function().name().toLowerCase(Locale.ROOT)));
  }

  private Layer last() {
    return layers.stream().filter(l -> l.name().equals(output)).findFirst().orElseThrow();
  }

  /** Puts a function behind. */
  public void apply(Function function) {
    append(new Activation(free(function.name().toLowerCase(Locale.ROOT)), output, function));
  }

  /**
   * Puts {@code value * gain + offset} behind.
   *
   * @param gain one number, or one per channel
   * @param offset one number, or one per channel
   */
  public void scale(double[] gain, double[] offset) {
    int channels = channels();
    String name = free("scaled");
    if (isVector()) {
      float[] matrix = new float[channels * channels];
      for (int c = 0; c < channels; c++) matrix[c * channels + c] = (float) at(gain, c);
      dense(name, channels, channels, matrix, spread(offset, channels));
    } else {
      append(depthwise(name, output, channels, gain, offset));
    }
  }

  /**
   * Puts limits behind.
   *
   * @param min infinite for none
   * @param max infinite for none
   */
  public void clip(double min, double max) {
    String formula = Double.isInfinite(min) ? "x" : "max(x," + Decimals.text(min) + ")";
    if (!Double.isInfinite(max)) formula = "min(" + formula + "," + Decimals.text(max) + ")";
    append(new Formula(free("clipped"), output, formula));
  }

  /** Takes off the last layer, which has one input. */
  public void dropLast() {
    Layer last = last();
    output = last.input();
    boolean read = layers.stream().anyMatch(l -> l.inputs().contains(last.name()));
    if (!read) layers.remove(last);
  }

  /**
   * From one channel, the logit of one class, to the probabilities of two classes: {@code 1 -
   * sigmoid(value - threshold)} and {@code sigmoid(value - threshold)}.
   */
  public void twoClasses(double threshold) {
    String name = free("two_classes");
    float[] matrix = {0, 1};
    float[] bias = {0, (float) -threshold};
    if (isVector()) {
      dense(name, 1, 2, matrix, bias);
    } else {
      weights.put(name + ".weight", new Tensor(Axes.OIHW, new int[] {2, 1, 1, 1}, matrix));
      weights.put(name + ".bias", new Tensor(Axes.C, new int[] {2}, bias));
      append(pointwise(name, output, 1, 2, 1));
    }
    apply(Function.SOFTMAX);
  }

  /** Puts a function in front of the network, behind what was put there before. */
  public void applyInFront(Function function) {
    String name = free("prepared");
    prepend(new Activation(name, fed, function));
  }

  /** Puts {@code value * gain + offset} in front, as {@link #scale}. */
  public void scaleInFront(double[] gain, double[] offset) {
    String name = free("prepared");
    prepend(depthwise(name, fed, inputs.get(0).shape().channels(), gain, offset));
  }

  /**
   * Puts {@code matrix * values + offset} in front, at each place.
   *
   * @param matrix a row for each channel that the network is given, a column for each that it takes
   * @param offset one number per row
   */
  public void mixInFront(float[][] matrix, float[] offset) {
    int n = matrix.length;
    float[] flat = new float[n * n];
    for (int i = 0; i < flat.length; i++) flat[i] = matrix[i / n][i % n];
    String name = free("prepared");
    weights.put(name + ".weight", new Tensor(Axes.OIHW, new int[] {n, n, 1, 1}, flat));
    weights.put(name + ".bias", new Tensor(Axes.C, new int[] {n}, offset));
    prepend(pointwise(name, fed, n, n, 1));
  }

  private void dense(String name, int from, int to, float[] matrix, float[] bias) {
    weights.put(name + ".weight", new Tensor(Axes.OI, new int[] {to, from}, matrix));
    weights.put(name + ".bias", new Tensor(Axes.C, new int[] {to}, bias));
    append(new Dense(name, output, from, to, true));
  }

  private Convolution depthwise(
      String name, String source, int channels, double[] gain, double[] offset) {
    int[] shape = {channels, 1, 1, 1};
    weights.put(name + ".weight", new Tensor(Axes.OIHW, shape, spread(gain, channels)));
    weights.put(name + ".bias", new Tensor(Axes.C, new int[] {channels}, spread(offset, channels)));
    return pointwise(name, source, channels, channels, channels);
  }

  private static Convolution pointwise(
      String name, String source, int channels, int filters, int groups) {
    List<Integer> one = List.of(1, 1);
    return new Convolution(
        name, source, channels, filters, one, one, one, Padding.VALID, true, groups);
  }

  private static double at(double[] numbers, int channel) {
    return numbers[numbers.length == 1 ? 0 : channel];
  }

  private static float[] spread(double[] numbers, int channels) {
    float[] all = new float[channels];
    for (int c = 0; c < channels; c++) all[c] = (float) at(numbers, c);
    return all;
  }

  private void append(Layer layer) {
    layers.add(layer);
    output = layer.name();
  }

  /** What has read the last thing in front reads the layer from now on. */
  private void prepend(Layer layer) {
    String before = fed;
    fed = layer.name();
    for (int i = front; i < layers.size(); i++) {
      Layer l = layers.get(i);
      if (!l.inputs().contains(before)) continue;
      List<String> sources = l.inputs().stream().map(s -> s.equals(before) ? fed : s).toList();
      layers.set(i, l.renamed(l.name(), sources));
    }
    layers.add(front++, layer);
  }

  /** A name like this that no layer has. */
  private String free(String name) {
    String free = name;
    for (int i = 2; !names.add(free); i++) free = name + "_" + i;
    return free;
  }
}
