package sc.fiji.spyhop.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.opentest4j.TestAbortedException;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.selection.Reference;
import sc.fiji.spyhop.network.Activation;
import sc.fiji.spyhop.network.Add;
import sc.fiji.spyhop.network.BatchNorm;
import sc.fiji.spyhop.network.Concat;
import sc.fiji.spyhop.network.Convolution;
import sc.fiji.spyhop.network.Dense;
import sc.fiji.spyhop.network.Dropout;
import sc.fiji.spyhop.network.Flatten;
import sc.fiji.spyhop.network.Formula;
import sc.fiji.spyhop.network.GlobalPooling;
import sc.fiji.spyhop.network.GroupNorm;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.network.Layer.Function;
import sc.fiji.spyhop.network.Layer.Interpolation;
import sc.fiji.spyhop.network.Layer.PoolingKind;
import sc.fiji.spyhop.network.LayerNorm;
import sc.fiji.spyhop.network.LocalResponseNorm;
import sc.fiji.spyhop.network.Multiply;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.NetworkBuilder;
import sc.fiji.spyhop.network.OnnxGraph;
import sc.fiji.spyhop.network.PRelu;
import sc.fiji.spyhop.network.Pad;
import sc.fiji.spyhop.network.Padding;
import sc.fiji.spyhop.network.Parameter;
import sc.fiji.spyhop.network.Parameters;
import sc.fiji.spyhop.network.PixelShuffle;
import sc.fiji.spyhop.network.PluginLayer;
import sc.fiji.spyhop.network.Pooling;
import sc.fiji.spyhop.network.Resizing;
import sc.fiji.spyhop.network.SelectChannels;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.network.Shapes;
import sc.fiji.spyhop.network.TransposedConvolution;
import sc.fiji.spyhop.network.Upsampling;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.weights.Initialization;
import sc.fiji.spyhop.weights.Safetensors;
import sc.fiji.spyhop.weights.Weights;

/**
 * What every engine must do, as far as it says it can. Outputs and gradients are compared with
 * {@link Reference}.
 */
public abstract class EngineContract {

  protected abstract Engine engine();

  private boolean can(Capability capability) {
    return engine().capabilities().contains(capability);
  }

  private void assumeTrains() {
    assumeTrue(can(Capability.TRAINING), engine().name() + " does not train");
  }

  /** What it is to compute on, and in which arithmetic. */
  protected Device device() {
    return engine().devices().get(0);
  }

  /**
   * The error allowed.
   *
   * @param single what is allowed in 32 bits
   */
  protected double tolerance(double single) {
    return single;
  }

  /** A number that is given to the engine as it can be kept exactly. */
  protected float given(float value) {
    return value;
  }

  /** A small network and the size of its input. */
  private record Case(String name, Network network, int[] input) {}

  private static Case plane(String name, int channels, int h, int w, Layer... layers) {
    return new Case(
        name,
        new Network(
            List.of(new Network.Input("in", Shape.of(channels, h, w))),
            List.of(layers),
            List.of(layers[layers.length - 1].name())),
        new int[] {2, channels, h, w});
  }

  /**
   * Whether each layer is tried between two others, because maps there are kept in another way than
   * answers are.
   */
  protected boolean triesWithin() {
    return false;
  }

  private Stream<Case> tried() {
    return triesWithin() ? cases().stream().map(EngineContract::within) : cases().stream();
  }

  /** The same between two layers that mix channels. */
  private static Case within(Case c) {
    Shape in = c.network().inputs().get(0).shape();
    String last = c.network().outputs().get(0);
    Shape out = Shapes.of(c.network()).get(last);
    List<Layer> layers = new ArrayList<>();
    layers.add(mixing("before", "in", in, in.channels()));
    for (Layer l : c.network().layers()) {
      List<String> sources =
          l.inputs().stream().map(name -> name.equals("in") ? "before" : name).toList();
      layers.add(l.renamed(l.name(), sources));
    }
    layers.add(mixing("after", last, out, 2));
    return new Case(
        c.name(), new Network(c.network().inputs(), layers, List.of("after")), c.input());
  }

  private static Layer mixing(String name, String from, Shape shape, int channels) {
    return shape.space().isEmpty()
        ? new Dense(name, from, shape.channels(), channels, true)
        : convolution(name, from, shape.channels(), channels, 1, 1, 1, Padding.VALID, true);
  }

  private Stream<Case> supported() {
    return tried().filter(c -> engine().supports(c.network()));
  }

  private static Case vector(String name, int features, Layer... layers) {
    return new Case(
        name,
        new Network(
            List.of(new Network.Input("in", Shape.of(features))),
            List.of(layers),
            List.of(layers[layers.length - 1].name())),
        new int[] {3, features});
  }

  private static Convolution convolution(
      String name, String in, int c, int f, int k, int s, int d, Padding padding, boolean bias) {
    return new Convolution(
        name, in, c, f, List.of(k, k), List.of(s, s), List.of(d, d), padding, bias);
  }

  private static Layer relu(String name, String in) {
    return new Activation(name, in, Function.RELU);
  }

  private static List<Case> cases() {
    List<Case> cases = new ArrayList<>();
    for (Padding p : List.of(Padding.VALID, Padding.SAME)) {
      for (int[] kds :
          new int[][] {
            {1, 1, 1}, {3, 1, 1}, {2, 1, 1}, {5, 1, 2}, {3, 1, 3}, {3, 2, 1}, {3, 3, 1}, {2, 2, 1},
            {3, 2, 2}
          }) {
        cases.add(
            plane(
                "convolution kernel " + kds[0] + " dilation " + kds[1] + " stride " + kds[2] + p,
                2,
                11,
                8,
                convolution("c", "in", 2, 3, kds[0], kds[2], kds[1], p, kds[0] != 2)));
      }
      cases.add(
          plane(
              "convolution, all different " + p,
              3,
              9,
              12,
              new Convolution(
                  "c", "in", 3, 2, List.of(3, 2), List.of(1, 2), List.of(1, 1), p, true)));
      cases.add(
          plane(
              "convolution, dilated differently " + p,
              3,
              9,
              12,
              new Convolution(
                  "c", "in", 3, 2, List.of(3, 2), List.of(1, 1), List.of(2, 3), p, true)));
      for (int k = 1; k <= 4; k++) {
        for (int s = 1; s <= (p == Padding.SAME ? Math.min(k, 3) : 3); s++) {
          cases.add(
              plane(
                  "transposed convolution kernel " + k + " stride " + s + " " + p,
                  3,
                  4,
                  5,
                  new TransposedConvolution(
                      "t", "in", 3, 2, List.of(k, k), List.of(s, s), p, k != 3)));
        }
      }
      cases.add(
          plane(
              "transposed convolution, all different " + p,
              2,
              4,
              3,
              new TransposedConvolution("t", "in", 2, 3, List.of(3, 4), List.of(2, 3), p, true)));
      for (PoolingKind kind : PoolingKind.values()) {
        for (int[] ks : new int[][] {{2, 2}, {3, 2}, {3, 1}, {2, 3}}) {
          cases.add(
              plane(
                  kind + " pooling kernel " + ks[0] + " stride " + ks[1] + " " + p,
                  2,
                  7,
                  8,
                  new Pooling("p", "in", kind, List.of(ks[0], ks[0]), List.of(ks[1], ks[1]), p)));
        }
        cases.add(
            plane(
                kind + " pooling, all different " + p,
                2,
                8,
                7,
                new Pooling("p", "in", kind, List.of(2, 3), List.of(3, 2), p)));
      }
    }
    for (PoolingKind kind : PoolingKind.values()) {
      cases.add(plane("global " + kind + " pooling", 3, 5, 6, new GlobalPooling("g", "in", kind)));
    }
    for (Interpolation i : Interpolation.values()) {
      for (int[] f : new int[][] {{2, 2}, {3, 3}, {1, 4}, {3, 2}}) {
        cases.add(
            plane(
                i + " upsampling by " + Arrays.toString(f),
                2,
                4,
                5,
                new Upsampling("u", "in", List.of(f[0], f[1]), i)));
      }
      cases.add(
          plane(
              i + " upsampling of single places",
              18,
              1,
              1,
              new Upsampling("u", "in", List.of(8, 8), i)));
      cases.add(
          plane(
              i + " upsampling of places that became single",
              2,
              4,
              4,
              convolution("c", "in", 2, 2, 4, 1, 1, Padding.VALID, true),
              new Upsampling("u", "c", List.of(4, 4), i)));
    }
    for (Function f : Function.values()) {
      cases.add(plane(f + " of planes", 3, 4, 5, new Activation("a", "in", f)));
      cases.add(vector(f + " of vectors", 5, new Activation("a", "in", f)));
      // a product with itself spreads values over [-16, 16], where some functions bend
      cases.add(
          plane(
              f + " of large values",
              3,
              4,
              5,
              convolution("c", "in", 3, 4, 1, 1, 1, Padding.SAME, true),
              new Multiply("m", List.of("c", "c", "c")),
              new Activation("a", "m", f)));
    }
    cases.add(plane("batch norm of planes", 3, 4, 5, new BatchNorm("b", "in", 3, 1e-3, 0.9)));
    cases.add(vector("batch norm of vectors", 4, new BatchNorm("b", "in", 4, 1e-5, 0.99)));
    cases.add(vector("dense", 5, new Dense("d", "in", 5, 4, true)));
    cases.add(vector("dense without bias", 5, new Dense("d", "in", 5, 1, false)));
    cases.add(
        plane("flatten, dense", 2, 3, 4, new Flatten("f", "in"), new Dense("d", "f", 24, 3, true)));
    cases.add(
        plane(
            "concat and add, maps used twice",
            2,
            5,
            4,
            convolution("c1", "in", 2, 3, 3, 1, 1, Padding.SAME, true),
            relu("r1", "c1"),
            convolution("c2", "r1", 3, 3, 3, 1, 1, Padding.SAME, true),
            new Add("sum", List.of("r1", "c2", "r1")),
            new Concat("cat", List.of("sum", "in", "c1")),
            convolution("c3", "cat", 8, 2, 1, 1, 1, Padding.SAME, true)));
    cases.add(
        plane(
            "functions in a chain",
            2,
            4,
            4,
            convolution("c", "in", 2, 3, 3, 1, 1, Padding.SAME, true),
            new Activation("t", "c", Function.TANH),
            new Activation("l", "t", Function.LEAKY_RELU),
            new Activation("s", "l", Function.SIGMOID)));
    cases.add(
        plane(
            "u-net with batch norm",
            1,
            8,
            12,
            convolution("c1", "in", 1, 3, 3, 1, 1, Padding.SAME, false),
            new BatchNorm("b1", "c1", 3, 1e-3, 0.9),
            relu("r1", "b1"),
            new Pooling("p1", "r1", PoolingKind.MAX, List.of(2, 2), List.of(2, 2), Padding.VALID),
            convolution("c2", "p1", 3, 4, 3, 1, 1, Padding.SAME, true),
            relu("r2", "c2"),
            new Upsampling("u1", "r2", List.of(2, 2), Interpolation.NEAREST),
            new Concat("cat1", List.of("u1", "r1")),
            convolution("c3", "cat1", 7, 3, 3, 1, 1, Padding.SAME, true),
            new BatchNorm("b3", "c3", 3, 1e-3, 0.9),
            relu("r3", "b3"),
            convolution("head", "r3", 3, 2, 1, 1, 1, Padding.SAME, true)));
    cases.addAll(casesOfImportedNetworks());
    return cases;
  }

  /** What networks of other libraries need. */
  private static List<Case> casesOfImportedNetworks() {
    List<Case> cases = new ArrayList<>();
    Padding even = Padding.of(1, 2, 1, 2);
    Padding odd = Padding.of(0, 1, 2, 0);
    for (Padding p : List.of(Padding.VALID, Padding.SAME, even, odd)) {
      for (int groups : new int[] {1, 2, 4}) {
        for (int[] kds : new int[][] {{3, 1, 1}, {3, 1, 2}, {2, 2, 3}}) {
          if (groups == 1 && p instanceof Padding.Rule) continue;
          cases.add(
              plane(
                  "convolution in " + groups + " groups, " + Arrays.toString(kds) + " " + p,
                  4,
                  5,
                  6,
                  new Convolution(
                      "c",
                      "in",
                      4,
                      8,
                      List.of(kds[0], kds[0]),
                      List.of(kds[2], kds[2]),
                      List.of(kds[1], kds[1]),
                      p,
                      groups != 2,
                      groups)));
        }
      }
    }
    cases.add(
        plane(
            "grouped convolution, all different",
            6,
            5,
            9,
            convolution("c0", "in", 6, 6, 1, 1, 1, Padding.SAME, true),
            new Convolution(
                "c", "c0", 6, 3, List.of(3, 1), List.of(1, 2), List.of(2, 1), odd, true, 3)));
    cases.add(
        plane(
            "convolution with padding wider than its kernel",
            2,
            3,
            2,
            convolution("c", "in", 2, 2, 2, 3, 1, Padding.of(4, 3, 0, 5), true)));
    for (Padding p : List.of(even, odd, Padding.of(1, 0, 0, 1))) {
      for (int s = 1; s <= 3; s++) {
        cases.add(
            plane(
                "transposed convolution stride " + s + " " + p,
                3,
                4,
                5,
                new TransposedConvolution(
                    "t", "in", 3, 2, List.of(4, 5), List.of(s, s), p, s != 2)));
      }
    }
    for (PoolingKind kind : PoolingKind.values()) {
      for (boolean ceil : new boolean[] {false, true}) {
        for (Padding p : List.of(Padding.VALID, Padding.of(1, 1, 1, 1), Padding.of(0, 1, 2, 0))) {
          for (boolean counted : new boolean[] {false, true}) {
            if (p == Padding.VALID && (counted || !ceil)) continue;
            for (int s = 2; s <= 4; s++) {
              cases.add(
                  plane(
                      kind + " pooling stride " + s + p + (ceil ? " ceil" : "") + counted,
                      1,
                      7,
                      8,
                      new Pooling(
                          "p", "in", kind, List.of(3, 3), List.of(s, s), p, ceil, counted)));
            }
          }
        }
      }
      cases.add(
          plane(
              kind + " pooling by half, padded",
              2,
              4,
              6,
              new Pooling(
                  "p",
                  "in",
                  kind,
                  List.of(2, 2),
                  List.of(2, 2),
                  Padding.of(1, 1, 0, 0),
                  false,
                  true)));
    }
    cases.add(plane("PReLU of planes", 3, 4, 5, new PRelu("p", "in", 3)));
    cases.add(plane("PReLU of places", 3, 4, 5, new PRelu("p", "in", 3, List.of(4, 5))));
    cases.add(plane("PReLU of columns", 3, 4, 5, new PRelu("p", "in", 3, List.of(1, 5))));
    cases.add(vector("PReLU of vectors", 4, new PRelu("p", "in", 4)));
    for (int size : new int[] {1, 3, 5, 9}) {
      cases.add(
          plane(
              "local response norm over " + size,
              6,
              4,
              3,
              new LocalResponseNorm("l", "in", size, 2, 0.75, 1.5)));
    }
    for (int groups : new int[] {1, 2, 6}) {
      cases.add(
          plane(
              "group norm, " + groups + " of 6 channels",
              6,
              4,
              5,
              new GroupNorm("n", "in", 6, groups, 1e-3)));
    }
    cases.add(vector("group norm of vectors", 6, new GroupNorm("n", "in", 6, 2, 1e-2)));
    cases.add(plane("layer norm of planes", 5, 4, 3, new LayerNorm("n", "in", 5, 1e-2)));
    cases.add(vector("layer norm of vectors", 6, new LayerNorm("n", "in", 6, 1e-2)));
    cases.add(
        plane(
            "normalization between convolutions",
            3,
            5,
            4,
            convolution("c1", "in", 3, 20, 3, 1, 1, Padding.SAME, false),
            new GroupNorm("n1", "c1", 20, 5, 1e-3),
            relu("r1", "n1"),
            new LayerNorm("n2", "r1", 20, 1e-2),
            new Add("a", List.of("n2", "r1")),
            convolution("c2", "a", 20, 2, 3, 2, 1, Padding.SAME, true)));
    cases.add(
        plane(
            "formula of a leaky ReLU",
            3,
            5,
            4,
            convolution("c", "in", 3, 5, 3, 1, 1, Padding.SAME, true),
            new Formula("f", "c", "max(x,0.2*x)")));
    cases.add(plane("formula of values", 5, 4, 3, new Formula("f", "in", "x*sigmoid(1.7*x)")));
    cases.add(
        plane(
            "formula of channels",
            3,
            4,
            5,
            convolution("c", "in", 3, 20, 3, 1, 1, Padding.SAME, true),
            new Formula("f", "c", "x/(1+mean(x^2, channels)) + 0.1*x[2]"),
            new Formula("one", "f", "logsumexp(x, channels) + where(x[0] > x[1], x[0], 2*x[1])")));
    cases.add(
        plane(
            "formula of maps",
            3,
            4,
            5,
            convolution("c", "in", 3, 20, 3, 1, 1, Padding.SAME, true),
            convolution("d", "in", 3, 20, 1, 1, 1, Padding.SAME, true),
            new Formula("f", List.of("c", "d"), "x*sigmoid(y)-0.5*y"),
            new Formula("e", List.of("f", "c", "f"), "tanh(x)+y*z")));
    cases.add(
        plane(
            "formula of a map, a plane, a vector and a pixel",
            3,
            4,
            5,
            convolution("c", "in", 3, 5, 3, 1, 1, Padding.SAME, true),
            convolution("one", "in", 3, 1, 3, 1, 1, Padding.SAME, true),
            new GlobalPooling("g", "c", PoolingKind.AVERAGE),
            new Pooling("a", "c", PoolingKind.AVERAGE, List.of(4, 5), List.of(1, 1), Padding.VALID),
            new Formula("f", List.of("one", "c", "g", "a"), "x*y+z/(2+u^2)"),
            new Formula("s", List.of("g", "f"), "x*mean(y, channels)")));
    cases.add(
        vector(
            "formula of two vectors",
            6,
            new Dense("d", "in", 6, 1, true),
            new Formula("f", List.of("d", "in"), "x*y-x")));
    cases.add(vector("formula of vectors", 6, new Formula("f", "in", "softmax(2*x)*(channel+1)")));
    cases.add(
        vector("local response norm of vectors", 5, new LocalResponseNorm("l", "in", 3, 2, 1, 2)));
    cases.add(
        plane(
            "squeeze and excitation",
            3,
            4,
            5,
            convolution("c", "in", 3, 4, 3, 1, 1, Padding.SAME, true),
            new GlobalPooling("g", "c", PoolingKind.AVERAGE),
            new Dense("d", "g", 4, 4, true),
            new Activation("s", "d", Function.HARD_SIGMOID),
            new Multiply("m", List.of("c", "s")),
            new Pooling("a", "m", PoolingKind.AVERAGE, List.of(4, 5), List.of(1, 1), Padding.VALID),
            new Multiply("m2", List.of("m", "a", "c"))));
    cases.add(
        plane(
            "product and sum with one channel",
            3,
            4,
            5,
            convolution("c", "in", 3, 4, 3, 1, 1, Padding.SAME, true),
            convolution("one", "c", 4, 1, 1, 1, 1, Padding.SAME, true),
            new Activation("gate", "one", Function.SIGMOID),
            new Multiply("m", List.of("c", "gate")),
            new Add("a", List.of("m", "one", "c"))));
    cases.add(
        plane(
            "sum with one value for each channel",
            3,
            4,
            5,
            convolution("c", "in", 3, 4, 3, 1, 1, Padding.SAME, true),
            new GlobalPooling("g", "c", PoolingKind.AVERAGE),
            new Dense("d", "g", 4, 4, true),
            new Add("s", List.of("c", "d")),
            new Pooling("p", "s", PoolingKind.AVERAGE, List.of(4, 5), List.of(1, 1), Padding.VALID),
            new Add("s2", List.of("s", "p"))));
    cases.add(
        vector(
            "sum and product of vectors with one value",
            4,
            new Dense("d", "in", 4, 1, true),
            new Multiply("m", List.of("in", "d")),
            new Add("a", List.of("m", "d"))));
    cases.add(vector("product of vectors", 4, new Multiply("m", List.of("in", "in"))));
    cases.addAll(casesOfMovedValues());
    return cases;
  }

  /** Layers that move or mix values, whatever these are. */
  private static List<Case> casesOfMovedValues() {
    List<Case> cases = new ArrayList<>();
    for (Pad.Mode mode : Pad.Mode.values()) {
      cases.add(
          plane("pad " + mode, 2, 4, 5, new Pad("p", "in", List.of(1, 2), List.of(3, 0), mode)));
      cases.add(
          plane(
              "pad and crop " + mode,
              2,
              5,
              4,
              new Pad("p", "in", List.of(-1, 3), List.of(2, -2), mode)));
    }
    for (PoolingKind kind : PoolingKind.values()) {
      cases.add(
          plane(
              kind + " pooling of zeros around a map",
              2,
              5,
              6,
              new Pad("p", "in", List.of(2, 1), List.of(0, 1), Pad.Mode.ZEROS),
              new Pooling("m", "p", kind, List.of(2, 2), List.of(2, 2), Padding.VALID)));
    }
    cases.add(
        plane(
            "crop of what is used twice",
            2,
            6,
            7,
            convolution("c", "in", 2, 3, 3, 1, 1, Padding.VALID, true),
            new Pad("p", "in", List.of(-1, -1), List.of(-1, -1), Pad.Mode.ZEROS),
            new Concat("cat", List.of("c", "p"))));
    for (int[] f : new int[][] {{2, 2, 1, 1}, {3, 1, 2, 1}, {1, 2, 2, 3}, {1, 1, 4, 6}}) {
      List<Integer> factor = List.of(f[0], f[1]);
      List<Integer> divisor = List.of(f[2], f[3]);
      String by = factor + " by " + divisor;
      for (Interpolation i : Interpolation.values()) {
        cases.add(
            plane(
                i + " resizing " + by,
                2,
                4,
                6,
                new Resizing("r", "in", factor, divisor, i, false)));
      }
      cases.add(
          plane(
              "resizing with corners aligned " + by,
              2,
              4,
              6,
              new Resizing("r", "in", factor, divisor, Interpolation.BILINEAR, true)));
    }
    cases.add(
        plane(
            "some channels, others in another order",
            5,
            3,
            4,
            new SelectChannels("some", "in", List.of(1, 2, 3)),
            new SelectChannels("all", "some", List.of(2, 0, 0, 1))));
    cases.add(vector("some features", 5, new SelectChannels("s", "in", List.of(3, 4))));
    cases.add(vector("features shuffled", 3, new SelectChannels("s", "in", List.of(2, 0, 1))));
    for (int block : new int[] {2, 3}) {
      cases.add(
          plane(
              "pixels of channels, blocks of " + block,
              2 * block * block,
              2,
              3,
              new PixelShuffle("p", "in", block, PixelShuffle.Direction.TO_SPACE)));
      cases.add(
          plane(
              "channels of pixels, blocks of " + block,
              2,
              2 * block,
              block,
              new PixelShuffle("p", "in", block, PixelShuffle.Direction.TO_CHANNELS)));
    }
    return cases;
  }

  /** Values in [-1, 1) that differ by at least 1e-3 or so, so that no maximum is a tie. */
  private Tensor random(long seed, int... shape) {
    Axes axes = shape.length == 2 ? Axes.NC : Axes.NCHW;
    Tensor t = Tensor.zeros(axes, shape);
    Random random = new Random(seed);
    for (int i = 0; i < t.length(); i++) t.data()[i] = given(2 * random.nextFloat() - 1);
    return t;
  }

  /** Weights of which none is 0 or 1, so that none can be forgotten. */
  private Weights weights(Network network) {
    Weights initial = Initialization.of(network, 1);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    initial
        .tensors()
        .forEach(
            (name, t) -> {
              Random random = new Random(name.hashCode());
              float[] values = t.data().clone();
              for (int i = 0; i < values.length; i++) {
                values[i] = given(values[i] + 0.4f * random.nextFloat());
              }
              tensors.put(name, new Tensor(t.axes(), t.shape(), values));
            });
    return new Weights(tensors);
  }

  private void assertClose(double[] expected, float[] actual, double single, String what) {
    double tolerance = tolerance(single);
    assertEquals(expected.length, actual.length, what);
    double scale = 1;
    for (double e : expected) scale = Math.max(scale, Math.abs(e));
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], actual[i], tolerance * scale, what + " at " + i);
    }
  }

  /** What has nothing to compare with, or is computed by one engine alone, has tests of its own. */
  @Test
  void everyKindOfLayerIsTried() {
    Set<Class<?>> missing = new HashSet<>(Layer.kinds());
    for (Case c : cases()) c.network().layers().forEach(l -> missing.remove(l.getClass()));
    assertEquals(Set.of(Dropout.class, PluginLayer.class, OnnxGraph.class), missing);
  }

  @TestFactory
  Stream<DynamicTest> outputsAgreeWithTheReference() {
    return supported().map(c -> DynamicTest.dynamicTest(c.name(), () -> outputs(c)));
  }

  private void outputs(Case c) {
    Weights weights = weights(c.network());
    Tensor x = random(2, c.input());
    Map<String, Reference.Map4> expected =
        Reference.run(
            c.network(), Reference.doubles(weights), Map.of("in", Reference.of(x)), false);
    List<String> layers = c.network().layers().stream().map(Layer::name).toList();
    try (Predictor p = engine().predictor(c.network(), weights, device())) {
      Map<String, Tensor> all = p.activations(Map.of("in", x), layers);
      for (String layer : layers) {
        assertArrayEquals(expected.get(layer).tensor().shape(), all.get(layer).shape(), layer);
        assertClose(expected.get(layer).v(), all.get(layer).data(), 2e-6, layer);
      }
      Tensor last = p.predict(x);
      assertClose(expected.get(layers.get(layers.size() - 1)).v(), last.data(), 2e-6, "alone");
    }
  }

  @TestFactory
  Stream<DynamicTest> inputGradientsAgreeWithFiniteDifferences() {
    if (!can(Capability.GRADIENTS)) return Stream.empty();
    return tried().map(c -> DynamicTest.dynamicTest(c.name(), () -> inputGradient(c)));
  }

  private void inputGradient(Case c) {
    Weights weights = weights(c.network());
    Tensor x = steady(c, weights, (w, at) -> inputSlopes(c, w, at));
    Map<String, double[]> expected = inputSlopes(c, weights, x);
    try (Predictor p = engine().predictor(c.network(), weights, device())) {
      for (String name : expected.keySet()) {
        Tensor direction = direction(c, weights, x, name);
        Tensor actual = p.gradient(Map.of("in", x), name, direction, "in");
        assertArrayEquals(x.shape(), actual.shape());
        assertClose(expected.get(name), actual.data(), 1e-5, name);
      }
    }
  }

  @Test
  void gradientsOfSeveralLayersAddUp() {
    assumeTrue(can(Capability.GRADIENTS), engine().name() + " gives no gradients");
    Network network = adversary();
    Map<String, Tensor> in = Map.of("image", random(5, 2, 1, 8, 8));
    Tensor early = random(6, 2, 4, 4, 4);
    Tensor late = random(7, 2, 2, 4, 4);
    try (Predictor p = engine().predictor(network, weights(network), device())) {
      Tensor a = p.gradient(in, "c1", early, "image");
      Tensor b = p.gradient(in, "c2", late, "image");
      double[] sum = doubles(a);
      for (int i = 0; i < sum.length; i++) sum[i] += b.data()[i];
      List<String> layers = List.of("c1", "c2");
      Map<String, Tensor> seen = new LinkedHashMap<>();
      Tensor both =
          p.gradient(
              in,
              layers,
              found -> {
                seen.putAll(found);
                return Map.of("c1", early, "c2", late);
              },
              "image");
      assertClose(sum, both.data(), 1e-5, "both");
      Map<String, Tensor> plain = p.activations(in, layers);
      assertEquals(Set.copyOf(layers), seen.keySet());
      seen.forEach((l, t) -> assertClose(doubles(plain.get(l)), t.data(), 1e-6, l));
      Tensor one = p.gradient(in, layers, found -> Map.of("c1", early), "image");
      assertClose(doubles(a), one.data(), 1e-5, "one is left out");
      refused("c2", () -> p.gradient(in, List.of("c1"), found -> Map.of("c2", late), "image"));
    }
  }

  /** Smooth, with batch norm, which looks at the minibatch alone. */
  private static Network adversary() {
    return NetworkBuilder.image(1)
        .bias(false)
        .convolution("c1", 4, 3, 2, 1)
        .batchNorm()
        .activation(Function.TANH)
        .bias(true)
        .convolution("c2", 2, 3)
        .build();
  }

  private Trainer adversaryTrainer(Network network) {
    return engine()
        .trainer(
            network,
            weights(network),
            plan("c2", new Loss.SquaredError(), new Optimizer.Sgd(0), 0),
            device());
  }

  private Tensor adversaryTruth() {
    return random(3, 2, 2, 4, 4);
  }

  /** Slopes of the mean of squared differences. */
  private Map<String, Tensor> adversarySlopes(Map<String, Tensor> found) {
    Tensor y = found.get("c2");
    float[] truth = adversaryTruth().data();
    Tensor slopes = Tensor.zeros(y.axes(), y.shape());
    for (int i = 0; i < y.length(); i++) {
      slopes.data()[i] = 2 * (y.data()[i] - truth[i]) / y.length();
    }
    return Map.of("c2", slopes);
  }

  private static Map<String, float[]> changes(Weights before, Weights after) {
    Map<String, float[]> changes = new LinkedHashMap<>();
    before
        .tensors()
        .forEach(
            (name, t) -> {
              if (name.contains("running")) return;
              float[] change = after.get(name).data().clone();
              for (int i = 0; i < change.length; i++) change[i] -= t.data()[i];
              changes.put(name, change);
            });
    return changes;
  }

  @Test
  void whatIsAccumulatedIsAddedToTheNextStepAlone() {
    assumeTrains();
    Network network = adversary();
    Weights start = weights(network);
    Map<String, Tensor> a = Map.of("image", random(1, 2, 1, 8, 8));
    Map<String, Tensor> b = Map.of("image", random(2, 2, 1, 8, 8));
    List<Map<String, float[]>> alone = new ArrayList<>();
    List<Double> norms = new ArrayList<>();
    for (Map<String, Tensor> in : List.of(a, b)) {
      try (Trainer t = adversaryTrainer(network)) {
        norms.add(t.step(in, this::adversarySlopes, 1));
        alone.add(changes(start, t.weights()));
      }
    }
    try (Trainer t = adversaryTrainer(network)) {
      assertEquals(norms.get(0), t.accumulate(a, this::adversarySlopes), tolerance(1e-5));
      changes(start, t.weights()).forEach((n, c) -> assertClose(new double[c.length], c, 0, n));
      Tensor broken = random(0, 2, 1, 8, 8);
      broken.data()[17] = Float.NaN;
      double none = t.accumulate(Map.of("image", broken), this::adversarySlopes);
      assertFalse(Double.isFinite(none));
      t.step(b, this::adversarySlopes, 1);
      changes(start, t.weights())
          .forEach(
              (name, both) -> {
                double[] sum = new double[both.length];
                for (int i = 0; i < sum.length; i++) {
                  sum[i] = (double) alone.get(0).get(name)[i] + alone.get(1).get(name)[i];
                }
                assertClose(sum, both, 1e-5, name);
              });
      t.restore(start, t.optimizerState());
      t.step(b, this::adversarySlopes, 1);
      changes(start, t.weights())
          .forEach((n, c) -> assertClose(doubles(alone.get(1).get(n)), c, 1e-5, n));
    }
  }

  /** What a gradient of an input leaves alone. */
  @Test
  void gradientsOfInputsDoNotTouchWhatIsAccumulated() {
    assumeTrains();
    Network network = adversary();
    Weights start = weights(network);
    Map<String, Tensor> a = Map.of("image", random(1, 2, 1, 8, 8));
    Map<String, Tensor> b = Map.of("image", random(2, 2, 1, 8, 8));
    try (Trainer alone = adversaryTrainer(network);
        Trainer asked = adversaryTrainer(network)) {
      for (Trainer t : List.of(alone, asked)) {
        t.accumulate(a, this::adversarySlopes);
        if (t == asked) t.gradient(b, this::adversarySlopes, "image");
        t.step(b, this::adversarySlopes, 1);
      }
      Map<String, float[]> expected = changes(start, alone.weights());
      changes(start, asked.weights())
          .forEach((n, c) -> assertClose(doubles(expected.get(n)), c, 1e-5, n));
    }
  }

  /** Against sums in 64 bits; sizes do not fill the blocks that libraries compute in. */
  @ParameterizedTest
  @CsvSource({"1, 1, 1", "2, 3, 5", "7, 300, 9", "70, 33, 513", "3, 9001, 4"})
  void productsOfMatricesAreAdded(int rows, int inner, int columns) {
    float[] a = random(1, rows, inner).data();
    float[] b = random(2, inner, columns).data();
    float[] turned = new float[b.length];
    for (int i = 0; i < b.length; i++) turned[i % columns * inner + i / columns] = b[i];
    double[] expected = new double[rows * columns];
    for (int i = 0; i < expected.length; i++) {
      double sum = 0;
      for (int k = 0; k < inner; k++) {
        sum += (double) a[i / columns * inner + k] * b[k * columns + i % columns];
      }
      expected[i] = 1 + 0.5 * sum;
    }
    try (MatrixProduct products = engine().products()) {
      for (Matrix right : List.of(Matrix.of(b, inner), Matrix.of(turned, columns).transposed())) {
        float[] sum = new float[rows * columns];
        Arrays.fill(sum, 1);
        products.add(0.5f, Matrix.of(a, rows), right, sum);
        for (int i = 0; i < sum.length; i++) assertEquals(expected[i], sum[i], 1e-6 * inner + 1e-5);
        float[] across = new float[columns * rows];
        products.add(1, right.transposed(), Matrix.of(a, rows).transposed(), across);
        for (int i = 0; i < sum.length; i++) {
          double other = 2 * (expected[i] - 1);
          assertEquals(other, across[i % columns * rows + i / columns], 2e-6 * inner + 1e-5);
        }
      }
      Matrix left = Matrix.of(new float[6], 2);
      assertThrows(IllegalArgumentException.class, () -> products.add(1, left, left, new float[4]));
    }
  }

  /** A loop of one's own does what the trainer does; batch norm follows the data in both. */
  @Test
  void gradientsLeadWhereStepsLead() {
    assumeTrains();
    Network network = adversary();
    Weights start = weights(network);
    Tensor in = random(1, 2, 1, 8, 8);
    Target truth = Target.of(adversaryTruth());
    TrainingPlan plan = plan("c2", new Loss.SquaredError(), new Optimizer.Sgd(0), 0);
    try (Trainer steps = engine().trainer(network, start, plan, device());
        Trainer own = engine().trainer(network, start, plan, device())) {
      for (int i = 0; i < 3; i++) {
        steps.step(in, truth, given(0.125f));
        Trainer.Gradients slope = own.gradients(in, truth);
        own.load(own.weights().plus(slope.weights(), -given(0.125f)));
      }
      Weights expected = steps.weights();
      own.weights()
          .tensors()
          .forEach((n, t) -> assertClose(doubles(expected.get(n).data()), t.data(), 1e-5, n));
      Tensor broken = random(0, 2, 1, 8, 8);
      broken.data()[17] = Float.NaN;
      assertEquals(Map.of(), own.gradients(broken, truth).weights().tensors());
    }
  }

  private static double[] doubles(float[] values) {
    return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
  }

  @Test
  void aStepByGivenSlopesIsThatByTheirLoss() {
    assumeTrains();
    Network network = adversary();
    Weights start = weights(network);
    Map<String, Tensor> in = Map.of("image", random(1, 2, 1, 8, 8));
    Map<String, Target> truth = Map.of("c2", Target.of(adversaryTruth()));
    try (Trainer byLoss = adversaryTrainer(network);
        Trainer bySlopes = adversaryTrainer(network)) {
      double expectedNorm = byLoss.step(in, truth, 1).gradientNorm();
      double norm = bySlopes.step(in, this::adversarySlopes, 1);
      assertEquals(expectedNorm, norm, tolerance(1e-5) * Math.max(1, norm));
      Map<String, float[]> expected = changes(start, byLoss.weights());
      changes(start, bySlopes.weights())
          .forEach((n, c) -> assertClose(doubles(expected.get(n)), c, 1e-5, n));
      Weights before = bySlopes.weights();
      bySlopes.step(in, found -> Map.of(), 1);
      assertSame(before, bySlopes.weights());
    }
  }

  /** By finite differences of the loss, batch norm looking at the minibatch. */
  @Test
  void gradientsOfInputsInTrainingAgreeWithFiniteDifferences() {
    assumeTrains();
    Network network = adversary();
    Weights start = weights(network);
    Map<String, double[]> w = Reference.doubles(start);
    Tensor x = random(1, 2, 1, 8, 8);
    float[] truth = adversaryTruth().data();
    Reference.Map4 at = Reference.of(x);
    Value loss =
        () -> {
          double[] y = Reference.run(network, w, Map.of("image", at), true).get("c2").v();
          double sum = 0;
          for (int i = 0; i < y.length; i++) sum += Math.pow(y[i] - truth[i], 2) / y.length;
          return sum;
        };
    try (Trainer t = adversaryTrainer(network)) {
      Tensor gradient = t.gradient(Map.of("image", x), this::adversarySlopes, "image");
      assertArrayEquals(x.shape(), gradient.shape());
      assertClose(differences(at.v(), loss), gradient.data(), 1e-5, "image");
      assertSame(start, t.weights());
      Tensor none = t.gradient(Map.of("image", x), found -> Map.of(), "image");
      assertArrayEquals(new float[x.length()], none.data());
    }
  }

  /** By the chain rule, as all goes through each of these layers. */
  @Test
  void gradientsOfLayersLeadToThoseOfInputs() {
    assumeTrue(can(Capability.GRADIENTS), engine().name() + " gives no gradients");
    Network network = classifier();
    Map<String, Tensor> in = Map.of("image", random(5, 2, 1, 8, 8));
    Tensor weight = random(6, 2, 3, 8, 8);
    try (Predictor p = engine().predictor(network, weights(network), device())) {
      Tensor whole = p.gradient(in, "prob", weight, "image");
      for (Layer layer : network.layers()) {
        Tensor there = p.gradient(in, "prob", weight, layer.name());
        assertArrayEquals(
            p.activations(in, List.of(layer.name())).get(layer.name()).shape(), there.shape());
        Tensor rest = p.gradient(in, layer.name(), there, "image");
        assertClose(doubles(whole), rest.data(), 1e-5, layer.name());
      }
      assertClose(doubles(weight), p.gradient(in, "prob", weight, "prob").data(), 0, "itself");
      Tensor later = p.gradient(in, "logits", weight, "prob");
      assertClose(new double[weight.length()], later.data(), 0, "what comes later");
    }
  }

  private static double[] doubles(Tensor t) {
    double[] values = new double[t.length()];
    for (int i = 0; i < values.length; i++) values[i] = t.data()[i];
    return values;
  }

  /**
   * By hand: 1 x 1 filters make a = x and b = -x of x = (3 -1; 2 -4), of which ReLU and pooling
   * leave 3 (top left) and 4 (bottom right). From these, c = 2 a - b = 2, d = 3 b - a = 9 and e =
   * -a - b = -7, of which ReLU leaves 0; the answer is c - 2 d + e.
   *
   * <p>Gradient: c and d are on, e is off; to a goes 2 + 2 = 4, to b -1 - 6 = -7, which to x is 4
   * and 7. Deconvnet: c gets 1, d nothing, since -2 is negative, and e 1; to a goes 2 - 1 = 1, to b
   * -1 - 1 = -2, which ends there. Guided: c gets 1, d and e nothing; to a goes 2, to b -1, which
   * ends there.
   */
  @Test
  void gradientsGoThroughRectifiersByRules() {
    assumeTrue(can(Capability.GRADIENTS), engine().name() + " gives no gradients");
    Network network =
        NetworkBuilder.input("in", Shape.of(1, 2, 2))
            .convolution("c1", 2, 1)
            .relu()
            .maxPool("p", 2)
            .convolution("c2", 3, 1)
            .relu()
            .flatten("f")
            .dense("out", 1)
            .build("out");
    Map<String, float[]> values =
        Map.of(
            "c1.weight", new float[] {1, -1},
            "c2.weight", new float[] {2, -1, -1, 3, -1, -1},
            "out.weight", new float[] {1, -2, 1});
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (Parameter p : Parameters.of(network)) {
      int[] shape = p.shape().stream().mapToInt(Integer::intValue).toArray();
      float[] zeros = new float[(int) p.length()];
      tensors.put(p.name(), new Tensor(p.axes(), shape, values.getOrDefault(p.name(), zeros)));
    }
    Map<String, Tensor> in =
        Map.of("in", new Tensor(Axes.NCHW, new int[] {1, 1, 2, 2}, new float[] {3, -1, 2, -4}));
    Tensor one = new Tensor(Axes.NC, new int[] {1, 1}, new float[] {1});
    try (Predictor p = engine().predictor(network, new Weights(tensors), device())) {
      assertEquals(-16, p.predict(in.get("in")).data()[0]);
      assertArrayEquals(
          new float[] {4, 0, 0, 7}, p.gradient(in, "out", one, "in").data(), "gradient");
      for (RectifierRule rule : List.of(RectifierRule.DECONVNET, RectifierRule.GUIDED)) {
        float kept = rule == RectifierRule.DECONVNET ? 1 : 2;
        assertArrayEquals(
            new float[] {kept, 0, 0, 0},
            p.gradient(in, "out", one, "in", rule).data(),
            rule.toString());
      }
    }
  }

  /**
   * From the definition, for every function, PReLU and formulas: rules concern rectifiers alone.
   */
  @Test
  void rulesConcernAllRectifiersAndNothingElse() {
    assumeTrue(can(Capability.GRADIENTS), engine().name() + " gives no gradients");
    List<Layer> layers = new ArrayList<>(List.of(new PRelu("f", "in", 3)));
    for (Function function : Function.values()) layers.add(new Activation("f", "in", function));
    for (String text : List.of("max(x, 0)", "x*sigmoid(1.7*x)", "x*x")) {
      layers.add(new Formula("f", "in", text));
    }
    Tensor x = random(7, 2, 3, 4, 5);
    Tensor weight = random(8, 2, 3, 4, 5);
    Tensor positive = Tensor.zeros(Axes.NCHW, 2, 3, 4, 5);
    for (int i = 0; i < weight.length(); i++) {
      positive.data()[i] = Math.max(0, weight.data()[i]);
    }
    for (Layer layer : layers) {
      Network network =
          new Network(
              List.of(new Network.Input("in", Shape.of(3, 4, 5))), List.of(layer), List.of("f"));
      try (Predictor p = engine().predictor(network, weights(network), device())) {
        Map<String, Tensor> in = Map.of("in", x);
        Tensor plain = p.gradient(in, "f", layer.rectifies() ? positive : weight, "in");
        Tensor through = layer.rectifies() ? positive : plain;
        assertClose(
            doubles(plain),
            p.gradient(in, "f", weight, "in", RectifierRule.GUIDED).data(),
            0,
            layer + " guided");
        assertClose(
            doubles(through),
            p.gradient(in, "f", weight, "in", RectifierRule.DECONVNET).data(),
            0,
            layer + " deconvnet");
      }
    }
  }

  /** All layers; where they are tried within others, the last one. */
  private List<String> looked(Case c) {
    return triesWithin()
        ? c.network().outputs()
        : c.network().layers().stream().map(Layer::name).toList();
  }

  private Tensor direction(Case c, Weights weights, Tensor x, String layer) {
    Map<String, Reference.Map4> in = Map.of("in", Reference.of(x));
    Map<String, double[]> w = Reference.doubles(weights);
    return random(3, Reference.run(c.network(), w, in, false).get(layer).tensor().shape());
  }

  /** By layer, how its activations, summed along a direction, change with each input value. */
  private Map<String, double[]> inputSlopes(Case c, Weights weights, Tensor x) {
    Map<String, double[]> w = Reference.doubles(weights);
    Reference.Map4 at = Reference.of(x);
    Map<String, double[]> slopes = new LinkedHashMap<>();
    for (String name : looked(c)) {
      float[] direction = direction(c, weights, x, name).data();
      Value along =
          () ->
              dot(Reference.run(c.network(), w, Map.of("in", at), false).get(name).v(), direction);
      slopes.put(name, differences(at.v(), along));
    }
    return slopes;
  }

  /**
   * An input near which slopes stay as they are: where little of a difference would choose another
   * maximum, or the other side of a kink, an engine that rounds may do so.
   */
  private Tensor steady(Case c, Weights weights, Slopes slopes) {
    double allowed = 2 * tolerance(1e-5);
    for (long seed = 2; seed < 40; seed++) {
      Tensor x = random(seed, c.input());
      if (allowed < 1e-3 || isSteady(weights, x, slopes, allowed)) return x;
    }
    throw new TestAbortedException("no input of " + c.name() + " whose slopes are steady");
  }

  private static boolean isSteady(Weights weights, Tensor x, Slopes slopes, double allowed) {
    Map<String, double[]> here = slopes.of(weights, x);
    Random random = new Random(7);
    for (int draw = 0; draw < 4; draw++) {
      Map<String, Tensor> near = new LinkedHashMap<>();
      weights.tensors().forEach((name, t) -> near.put(name, shaken(t, random)));
      Map<String, double[]> there = slopes.of(new Weights(near), shaken(x, random));
      for (String name : here.keySet()) {
        if (distance(here.get(name), there.get(name)) > allowed) return false;
      }
    }
    return true;
  }

  /** Moved by about as much as rounding to 8 binary digits does. */
  private static Tensor shaken(Tensor t, Random random) {
    float[] values = t.data().clone();
    for (int i = 0; i < values.length; i++) values[i] *= 1 + random.nextGaussian() / 256;
    return new Tensor(t.axes(), t.shape(), values);
  }

  /** Largest difference, relative to the largest value or 1. */
  private static double distance(double[] a, double[] b) {
    double scale = 1;
    double largest = 0;
    for (int i = 0; i < a.length; i++) {
      scale = Math.max(scale, Math.abs(a[i]));
      largest = Math.max(largest, Math.abs(a[i] - b[i]));
    }
    return largest / scale;
  }

  private interface Slopes {
    Map<String, double[]> of(Weights weights, Tensor input);
  }

  private interface Value {
    double get();
  }

  /** Central differences with respect to each of some values. */
  private static double[] differences(double[] at, Value f) {
    double[] d = new double[at.length];
    double h = 1e-6;
    for (int i = 0; i < d.length; i++) {
      double before = at[i];
      at[i] = before + h;
      double above = f.get();
      at[i] = before - h;
      double below = f.get();
      at[i] = before;
      d[i] = (above - below) / (2 * h);
    }
    return d;
  }

  private static double dot(double[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) sum += a[i] * b[i];
    return sum;
  }

  @TestFactory
  Stream<DynamicTest> parameterGradientsAgreeWithFiniteDifferences() {
    if (!can(Capability.TRAINING)) return Stream.empty();
    return tried()
        .filter(c -> !weights(c.network()).tensors().isEmpty())
        .map(c -> DynamicTest.dynamicTest(c.name(), () -> parameterGradients(c)));
  }

  /** With plain gradient descent and rate 1, weights change by minus their gradient. */
  private void parameterGradients(Case c) {
    Weights weights = weights(c.network());
    Tensor x = steady(c, weights, (w, at) -> weightSlopes(c, w, at));
    Map<String, double[]> slopes = weightSlopes(c, weights, x);
    String out = c.network().outputs().get(0);
    Tensor truth = truth(c, weights, x);
    double loss = loss(c, Reference.doubles(weights), x, truth);
    TrainingPlan plan =
        new TrainingPlan(
            List.of(new TrainingPlan.Objective(out, new Loss.SquaredError(), 1)),
            new Optimizer.Sgd(0),
            0,
            Double.POSITIVE_INFINITY,
            Set.of(),
            0);
    try (Trainer t = engine().trainer(c.network(), weights, plan, device())) {
      Trainer.Gradients found = t.gradients(x, Target.of(truth));
      assertEquals(loss, found.loss(), tolerance(1e-5) * Math.max(1, loss));
      assertEquals(slopes.keySet(), found.weights().tensors().keySet());
      for (Map.Entry<String, double[]> e : slopes.entrySet()) {
        Tensor gradient = found.weights().get(e.getKey());
        assertArrayEquals(weights.get(e.getKey()).shape(), gradient.shape());
        assertClose(e.getValue(), gradient.data(), 1e-5, "gradient of " + e.getKey());
        assertArrayEquals(
            weights.get(e.getKey()).data(), t.weights().get(e.getKey()).data(), e.getKey());
      }
      Trainer.Step step = t.step(Map.of("in", x), Map.of(out, Target.of(truth)), 1);
      assertEquals(loss, step.loss(), tolerance(1e-5) * Math.max(1, step.loss()));
      Weights after = t.weights();
      double squares = 0;
      for (Map.Entry<String, double[]> e : slopes.entrySet()) {
        double[] expected = e.getValue();
        float[] change = after.get(e.getKey()).data();
        for (int i = 0; i < change.length; i++) {
          change[i] = weights.get(e.getKey()).data()[i] - change[i];
          squares += expected[i] * expected[i];
        }
        assertClose(expected, change, 1e-5, e.getKey());
      }
      assertEquals(
          Math.sqrt(squares), step.gradientNorm(), tolerance(1e-5) * Math.sqrt(squares) + 1e-6);
      assertTrue(step.isFinite());
    }
  }

  private Tensor truth(Case c, Weights weights, Tensor x) {
    Map<String, Reference.Map4> in = Map.of("in", Reference.of(x));
    String out = c.network().outputs().get(0);
    Map<String, double[]> w = Reference.doubles(weights);
    return random(4, Reference.run(c.network(), w, in, true).get(out).tensor().shape());
  }

  private static double loss(Case c, Map<String, double[]> w, Tensor x, Tensor truth) {
    Map<String, Reference.Map4> in = Map.of("in", Reference.of(x));
    double[] y = Reference.run(c.network(), w, in, true).get(c.network().outputs().get(0)).v();
    double sum = 0;
    for (int i = 0; i < y.length; i++) sum += Math.pow(y[i] - truth.data()[i], 2) / y.length;
    return sum;
  }

  /** By trained parameter, how the loss changes with each of its values. */
  private Map<String, double[]> weightSlopes(Case c, Weights weights, Tensor x) {
    Map<String, double[]> w = Reference.doubles(weights);
    Tensor truth = truth(c, weights, x);
    Map<String, double[]> slopes = new LinkedHashMap<>();
    w.forEach(
        (name, values) -> {
          if (name.contains("running")) return;
          slopes.put(name, differences(values, () -> loss(c, w, x, truth)));
        });
    return slopes;
  }

  private static TrainingPlan plan(String layer, Loss loss, Optimizer optimizer, long seed) {
    return new TrainingPlan(List.of(new TrainingPlan.Objective(layer, loss, 1)), optimizer, seed);
  }

  /** Three classes, every kind of memory: batch norm, dropout, momentum. */
  private static Network classifier() {
    return NetworkBuilder.image(1)
        .convolution("c1", 4, 3)
        .batchNorm()
        .relu()
        .maxPool("p1", 2)
        .dropout(0.3)
        .convolution("c2", 5, 3)
        .relu()
        .upsample("u1", 2)
        .convolution("logits", 3, 1)
        .activation("prob", Function.SOFTMAX)
        .build();
  }

  private static Tensor classes(long seed, int n, int h, int w) {
    Tensor t = Tensor.zeros(Axes.NCHW, n, 1, h, w);
    Random random = new Random(seed);
    for (int i = 0; i < t.length(); i++) t.data()[i] = random.nextInt(3);
    return t;
  }

  private Trainer.Step step(Trainer trainer, int number) {
    return trainer.step(
        Map.of("image", random(number, 2, 1, 8, 10)),
        Map.of("logits", Target.of(classes(number, 2, 8, 10))),
        0.01);
  }

  private static void assertSame(Weights expected, Weights actual) {
    assertEquals(expected.tensors().keySet(), actual.tensors().keySet());
    expected
        .tensors()
        .forEach((name, t) -> assertArrayEquals(t.data(), actual.get(name).data(), name));
  }

  @Test
  void batchNormFollowsTheData() {
    assumeTrains();
    BatchNorm bn = new BatchNorm("b", "in", 2, 1e-3, 0.9);
    Network network = plane("", 2, 4, 5, bn).network();
    Weights weights = weights(network);
    Tensor x = random(1, 3, 2, 4, 5);
    try (Trainer t =
        engine()
            .trainer(
                network,
                weights,
                plan("b", new Loss.SquaredError(), new Optimizer.Sgd(0), 0),
                device())) {
      t.step(Map.of("in", x), Map.of("b", Target.of(random(2, 3, 2, 4, 5))), 0.1);
      for (int c = 0; c < 2; c++) {
        double mean = 0;
        double variance = 0;
        for (int i = 0; i < 60; i++) mean += x.data()[i / 20 * 40 + c * 20 + i % 20] / 60;
        for (int i = 0; i < 60; i++) {
          variance += Math.pow(x.data()[i / 20 * 40 + c * 20 + i % 20] - mean, 2) / 60;
        }
        assertEquals(
            0.9 * weights.get("b.running_mean").data()[c] + 0.1 * mean,
            t.weights().get("b.running_mean").data()[c],
            1e-6);
        assertEquals(
            0.9 * weights.get("b.running_var").data()[c] + 0.1 * variance,
            t.weights().get("b.running_var").data()[c],
            1e-6);
      }
    }
  }

  @Test
  void dropoutKeepsTheRightShareAndScalesIt() {
    assumeTrains();
    int n = 20_000;
    double rate = 0.3;
    Network network =
        NetworkBuilder.input("in", Shape.of(1))
            .dense("d", n)
            .dropout(rate)
            .layer(new Activation("out", "d_dropout", Function.IDENTITY))
            .build();
    Weights weights = weights(network);
    Tensor x = new Tensor(Axes.NC, new int[] {1, 1}, new float[] {1});
    // with target 0 the gradient of an output y is 2y / n: where it was dropped, nothing changes
    Target zeros = Target.of(Tensor.zeros(Axes.NC, 1, n));
    Loss loss = new Loss.SquaredError();
    try (Trainer t =
            engine()
                .trainer(network, weights, plan("out", loss, new Optimizer.Sgd(0), 1), device());
        Predictor p = engine().predictor(network, weights, device())) {
      float[] whole = p.predict(x).data();
      double rateOfLearning = n / 2.0;
      float[] before = weights.get("d.bias").data();
      t.step(Map.of("in", x), Map.of("out", zeros), rateOfLearning);
      float[] after = t.weights().get("d.bias").data();
      int kept = 0;
      for (int i = 0; i < n; i++) {
        if (after[i] == before[i]) continue;
        kept++;
        double expected = whole[i] / (1 - rate) / (1 - rate);
        assertEquals(
            expected, before[i] - after[i], tolerance(1e-4) * Math.max(1, Math.abs(expected)));
      }
      assertEquals(1 - rate, kept / (double) n, 0.015);
      t.step(Map.of("in", x), Map.of("out", zeros), rateOfLearning);
      float[] later = t.weights().get("d.bias").data();
      int again = 0;
      for (int i = 0; i < n; i++) if (after[i] != before[i] && later[i] != after[i]) again++;
      assertEquals((1 - rate) * (1 - rate), again / (double) n, 0.015);
    }
  }

  @Test
  void sameSeedSameResultAndResumingChangesNothing() {
    assumeTrains();
    for (Optimizer o :
        List.of(new Optimizer.Sgd(0.9), new Optimizer.Adam(), new Optimizer.AdamW(0.01))) {
      Network network = classifier();
      Weights weights = weights(network);
      TrainingPlan plan = plan("logits", new Loss.CrossEntropy(), o, 3);
      Weights once;
      Weights half;
      Weights memory;
      try (Trainer t = engine().trainer(network, weights, plan, device())) {
        for (int i = 0; i < 3; i++) step(t, i);
        half = t.weights();
        memory = t.optimizerState();
        for (int i = 3; i < 6; i++) step(t, i);
        once = t.weights();
      }
      try (Trainer t = engine().trainer(network, weights, plan, device())) {
        for (int i = 0; i < 6; i++) step(t, i);
        assertSame(once, t.weights());
      }
      try (Trainer t = engine().trainer(network, weights, plan, device())) {
        step(t, 9);
        t.restore(half, memory);
        for (int i = 3; i < 6; i++) step(t, i);
        assertSame(once, t.weights());
      }
      TrainingPlan other = plan("logits", new Loss.CrossEntropy(), o, 4);
      try (Trainer t = engine().trainer(network, weights, other, device())) {
        for (int i = 0; i < 6; i++) step(t, i);
        assertFalse(
            Arrays.equals(once.get("c2.weight").data(), t.weights().get("c2.weight").data()));
      }
    }
  }

  /**
   * Logistic regression on pixels and their neighbours is convex. Plain descent lowers its loss at
   * every step if the rate is below two through the largest curvature, which is at most half the
   * largest sum of squares that a logit looks at: 9 values of at most 1, and 1 for the bias.
   */
  @Test
  void everyStepOfAConvexProblemLowersTheLoss() {
    assumeTrains();
    Network network = NetworkBuilder.image(1).convolution("logits", 2, 3).build();
    TrainingPlan plan = plan("logits", new Loss.CrossEntropy(), new Optimizer.Sgd(0), 0);
    Tensor x = random(0, 4, 1, 8, 8);
    Tensor truth = Tensor.zeros(Axes.NCHW, 4, 1, 8, 8);
    for (int i = 0; i < x.length(); i++) {
      assertTrue(Math.abs(x.data()[i]) <= 1);
      truth.data()[i] = x.data()[i] > 0.1 ? 1 : 0;
    }
    try (Trainer t = engine().trainer(network, Initialization.of(network, 0), plan, device())) {
      double last = Double.POSITIVE_INFINITY;
      for (int i = 0; i < 50; i++) {
        double loss = t.step(Map.of("image", x), Map.of("logits", Target.of(truth)), 0.39).loss();
        assertTrue(loss < last, last + " then " + loss + " in step " + i);
        last = loss;
      }
      assertTrue(last < Math.log(2) / 2, "better than a guess: " + last);
    }
  }

  @Test
  void savedWeightsPredictTheSameBitForBit(@TempDir Path folder) throws IOException {
    assumeTrains();
    Network network = classifier();
    Path file = folder.resolve("weights.safetensors");
    Tensor x = random(8, 2, 1, 6, 6);
    Tensor before;
    try (Trainer t =
        engine()
            .trainer(
                network,
                weights(network),
                plan("logits", new Loss.CrossEntropy(), new Optimizer.Adam(), 0),
                device())) {
      step(t, 1);
      Weights trained = t.weights();
      Safetensors.write(file, trained, Map.of());
      try (Predictor p = engine().predictor(network, trained, device())) {
        before = p.predict(x);
      }
    }
    Weights read = Safetensors.read(file).weights();
    try (Predictor p = engine().predictor(network, read, device())) {
      assertArrayEquals(before.data(), p.predict(x).data());
    }
  }

  @Test
  void batchOfThreeEqualsThreeBatchesOfOne() {
    Network network = classifier();
    Tensor x = random(5, 3, 1, 16, 12);
    try (Predictor p = engine().predictor(network, weights(network), device())) {
      Tensor together = p.predict(x);
      for (int i = 0; i < 3; i++) {
        float[] alone = p.predict(x.slice(i, i + 1)).data();
        assertArrayEquals(together.slice(i, i + 1).data(), alone, 1e-6f);
      }
    }
  }

  @Test
  void sizesMayDifferFromCallToCall() {
    Network network = classifier();
    Weights weights = weights(network);
    Map<String, double[]> w = Reference.doubles(weights);
    try (Predictor p = engine().predictor(network, weights, device())) {
      for (int[] s : new int[][] {{8, 8}, {2, 14}, {8, 8}, {16, 6}}) {
        Tensor x = random(s[0], 1, 1, s[0], s[1]);
        double[] expected =
            Reference.run(network, w, Map.of("image", Reference.of(x)), false).get("prob").v();
        assertClose(expected, p.predict(x).data(), 2e-6, Arrays.toString(s));
      }
    }
  }

  @Test
  void severalThreadsMayPredict() throws Exception {
    Network network = classifier();
    ExecutorService threads = Executors.newFixedThreadPool(3);
    try (Predictor p = engine().predictor(network, weights(network), device())) {
      Tensor x = random(5, 1, 1, 8, 8);
      float[] expected = p.predict(x).data();
      List<Future<float[]>> results = new ArrayList<>();
      for (int i = 0; i < 20; i++) results.add(threads.submit(() -> p.predict(x).data()));
      for (Future<float[]> r : results) assertArrayEquals(expected, r.get());
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void frozenLayersStayAsTheyAre() {
    assumeTrains();
    Network network = classifier();
    Weights weights = weights(network);
    String bn = network.layers().get(1).name();
    TrainingPlan plan =
        new TrainingPlan(
            List.of(new TrainingPlan.Objective("logits", new Loss.CrossEntropy(), 1)),
            new Optimizer.AdamW(0.1),
            0.1,
            Double.POSITIVE_INFINITY,
            Set.of("c2", bn),
            0);
    try (Trainer t = engine().trainer(network, weights, plan, device())) {
      for (int i = 0; i < 3; i++) step(t, i);
      t.weights()
          .tensors()
          .forEach(
              (name, values) -> {
                boolean same = Arrays.equals(weights.get(name).data(), values.data());
                assertEquals(name.startsWith("c2.") || name.startsWith(bn + "."), same, name);
              });
    }
  }

  @Test
  void normalizationThatIsFrozenStaysAndLetsGradientsThrough() {
    assumeTrains();
    Network network =
        NetworkBuilder.image(1)
            .convolution("c1", 4, 3)
            .groupNorm(2)
            .relu()
            .convolution("c2", 4, 3)
            .layerNorm()
            .convolution("c3", 2, 1)
            .build();
    Weights weights = weights(network);
    Set<String> frozen = Set.of("c1_gn", "c2_ln");
    TrainingPlan plan =
        new TrainingPlan(
            List.of(squared("c3")), new Optimizer.Sgd(0), 0, Double.POSITIVE_INFINITY, frozen, 0);
    try (Trainer t = engine().trainer(network, weights, plan, device())) {
      t.step(
          Map.of("image", random(1, 2, 1, 8, 8)),
          Map.of("c3", Target.of(random(2, 2, 2, 8, 8))),
          0.1);
      for (Parameter p : Parameters.of(network)) {
        float[] after = t.weights().get(p.name()).data();
        boolean same = Arrays.equals(weights.get(p.name()).data(), after);
        assertEquals(frozen.contains(p.layer()), same, p.name());
      }
    }
  }

  /** What one step of plain gradient descent adds to the weights. */
  private Map<String, float[]> change(Set<String> frozen, TrainingPlan.Objective... objectives) {
    Network network =
        NetworkBuilder.image(1)
            .convolution("c1", 4, 3)
            .activation("t", Function.SIGMOID)
            .convolution("c2", 3, 3)
            .relu()
            .convolution("c3", 2, 1)
            .build();
    Weights weights = weights(network);
    TrainingPlan plan =
        new TrainingPlan(
            List.of(objectives),
            new Optimizer.Sgd(0),
            0,
            Double.POSITIVE_INFINITY,
            frozen,
            Map.of(),
            0);
    Map<String, float[]> change = new LinkedHashMap<>();
    try (Trainer t = engine().trainer(network, weights, plan, device())) {
      Map<String, Target> targets =
          Map.of(
              "c1", Target.of(random(5, 2, 4, 8, 8)),
              "c3", Target.of(random(6, 2, 2, 8, 8)));
      t.step(Map.of("image", random(1, 2, 1, 8, 8)), targets, 1);
      t.weights()
          .tensors()
          .forEach(
              (name, values) -> {
                float[] d = values.data().clone();
                for (int i = 0; i < d.length; i++) d[i] -= weights.get(name).data()[i];
                change.put(name, d);
              });
    }
    return change;
  }

  private static TrainingPlan.Objective squared(String layer) {
    return new TrainingPlan.Objective(layer, new Loss.SquaredError(), 1);
  }

  @Test
  void whatIsFrozenInFrontMakesNoDifferenceToTheRest() {
    assumeTrains();
    Map<String, float[]> all = change(Set.of(), squared("c3"));
    Map<String, float[]> behind = change(Set.of("c1", "c2"), squared("c3"));
    for (String name : all.keySet()) {
      float[] expected = name.startsWith("c3.") ? all.get(name) : new float[all.get(name).length];
      assertArrayEquals(expected, behind.get(name), 1e-6f, name);
    }
  }

  @Test
  void anObjectiveMayLieBeforeAnother() {
    assumeTrains();
    Map<String, float[]> first = change(Set.of(), squared("c1"));
    Map<String, float[]> last = change(Set.of(), squared("c3"));
    Map<String, float[]> both = change(Set.of(), squared("c1"), squared("c3"));
    for (String name : both.keySet()) {
      double[] sum = new double[first.get(name).length];
      for (int i = 0; i < sum.length; i++) sum[i] = first.get(name)[i] + last.get(name)[i];
      assertClose(sum, both.get(name), 1e-5, name);
    }
  }

  @Test
  void layersLearnAtTheirOwnRates() {
    assumeTrains();
    Network network = classifier();
    Weights weights = weights(network);
    Map<String, Double> rates = Map.of("c1", 0.5, "logits", 3.0);
    List<Weights> after = new ArrayList<>();
    for (Map<String, Double> r : List.of(Map.<String, Double>of(), rates)) {
      TrainingPlan plan =
          new TrainingPlan(
              List.of(new TrainingPlan.Objective("logits", new Loss.CrossEntropy(), 1)),
              new Optimizer.Sgd(0),
              0,
              Double.POSITIVE_INFINITY,
              Set.of(),
              r,
              0);
      try (Trainer t = engine().trainer(network, weights, plan, device())) {
        step(t, 1);
        after.add(t.weights());
      }
    }
    for (Parameter p : Parameters.of(network)) {
      if (!p.role().isTrained()) continue;
      double factor = rates.getOrDefault(p.layer(), 1.0);
      for (int i = 0; i < p.length(); i++) {
        float start = weights.get(p.name()).data()[i];
        double usual = after.get(0).get(p.name()).data()[i] - start;
        double own = after.get(1).get(p.name()).data()[i] - start;
        assertEquals(factor * usual, own, 1e-6, p.name());
      }
    }
  }

  @Test
  void numbersThatOverflowChangeNothing() {
    assumeTrains();
    Network network = classifier();
    Weights weights = weights(network);
    TrainingPlan plan = plan("logits", new Loss.CrossEntropy(), new Optimizer.Adam(), 0);
    try (Trainer t = engine().trainer(network, weights, plan, device())) {
      Weights memory = t.optimizerState();
      Tensor x = random(0, 2, 1, 8, 10);
      x.data()[17] = Float.NaN;
      Target target = Target.of(classes(0, 2, 8, 10));
      Trainer.Step step = t.step(Map.of("image", x), Map.of("logits", target), 0.01);
      assertFalse(step.isFinite());
      assertSame(weights, t.weights());
      assertSame(memory, t.optimizerState());
      assertTrue(step(t, 1).isFinite());
    }
  }

  @Test
  void objectivesAddUpAndTheGradientIsClipped() {
    assumeTrains();
    // y = w x for two outputs of one weight each: gradients 2 (w x - t) x, weighted 1 and 3
    Network network =
        new Network(
            List.of(new Network.Input("x", Shape.of(1))),
            List.of(new Dense("a", "x", 1, 1, false), new Dense("b", "x", 1, 1, false)),
            List.of("a", "b"));
    Map<String, Tensor> start = new LinkedHashMap<>();
    start.put("a.weight", new Tensor(Axes.OI, new int[] {1, 1}, new float[] {2}));
    start.put("b.weight", new Tensor(Axes.OI, new int[] {1, 1}, new float[] {-1}));
    Tensor one = new Tensor(Axes.NC, new int[] {1, 1}, new float[] {1});
    double l2 = 0.5;
    double ga = 2 * (2 - 1) + l2 * 2;
    double gb = 3 * 2 * (-1 - 1) + l2 * -1;
    double norm = Math.hypot(ga, gb);
    for (double clip : new double[] {Double.POSITIVE_INFINITY, 1}) {
      TrainingPlan plan =
          new TrainingPlan(
              List.of(
                  new TrainingPlan.Objective("a", new Loss.SquaredError(), 1),
                  new TrainingPlan.Objective("b", new Loss.SquaredError(), 3)),
              new Optimizer.Sgd(0),
              l2,
              clip,
              Set.of(),
              0);
      try (Trainer t = engine().trainer(network, new Weights(start), plan, device())) {
        Trainer.Step step =
            t.step(Map.of("x", one), Map.of("a", Target.of(one), "b", Target.of(one)), 0.1);
        assertEquals(1 + 3 * 4, step.loss(), 1e-5);
        assertEquals(norm, step.gradientNorm(), 1e-5);
        double scale = Math.min(1, clip / norm);
        assertEquals(2 - 0.1 * scale * ga, t.weights().get("a.weight").data()[0], 1e-6);
        assertEquals(-1 - 0.1 * scale * gb, t.weights().get("b.weight").data()[0], 1e-6);
      }
    }
  }

  @Test
  void whatDoesNotFitIsRefusedWithOneSentence() {
    Network network = classifier();
    Weights weights = weights(network);
    Map<String, Tensor> incomplete = new LinkedHashMap<>(weights.tensors());
    incomplete.remove("c2.bias");
    refused("c2.bias", () -> engine().predictor(network, new Weights(incomplete), device()));
    incomplete.put("c2.bias", Tensor.zeros(Axes.C, 4));
    refused("[5]", () -> engine().predictor(network, new Weights(incomplete), device()));
    try (Predictor p = engine().predictor(network, weights, device())) {
      Tensor x = random(0, 1, 1, 8, 8);
      refused("image", () -> p.predict(random(0, 1, 2, 8, 8)));
      refused("image", () -> p.predict(random(0, 1, 1)));
      refused("image", () -> p.predict(Map.of("picture", x)));
      refused("empty", () -> p.predict(Tensor.zeros(Axes.NCHW, 0, 1, 8, 8)));
      refused("c9", () -> p.activations(Map.of("image", x), List.of("c9")));
      assertEquals(3, p.predict(x).size('C'), "still usable");
    }
  }

  @Test
  void gradientsThatDoNotFitAreRefusedWithOneSentence() {
    Network network = classifier();
    Tensor x = random(0, 1, 1, 8, 8);
    try (Predictor p = engine().predictor(network, weights(network), device())) {
      Executable shape = () -> p.gradient(Map.of("image", x), "c1", x, "image");
      if (can(Capability.GRADIENTS)) {
        refused("[1, 4, 8, 8]", shape);
        refused("picture", () -> p.gradient(Map.of("image", x), "c1", x, "picture"));
      } else {
        assertThrows(UnsupportedOperationException.class, shape);
      }
      assertEquals(3, p.predict(x).size('C'), "still usable");
    }
  }

  @Test
  void trainingThatDoesNotFitIsRefusedWithOneSentence() {
    Network network = classifier();
    Weights weights = weights(network);
    TrainingPlan plan = plan("logits", new Loss.CrossEntropy(), new Optimizer.Adam(), 0);
    if (!can(Capability.TRAINING)) {
      assertThrows(
          UnsupportedOperationException.class,
          () -> engine().trainer(network, weights, plan, device()));
      return;
    }
    TrainingPlan nowhere = plan("logit", new Loss.CrossEntropy(), new Optimizer.Adam(), 0);
    refused("logit", () -> engine().trainer(network, weights, nowhere, device()));
    TrainingPlan frozen =
        new TrainingPlan(
            List.of(new TrainingPlan.Objective("logits", new Loss.CrossEntropy(), 1)),
            new Optimizer.Adam(),
            0,
            1,
            Set.of("nothing"),
            0);
    refused("nothing", () -> engine().trainer(network, weights, frozen, device()));
    TrainingPlan fast =
        new TrainingPlan(
            List.of(new TrainingPlan.Objective("logits", new Loss.CrossEntropy(), 1)),
            new Optimizer.Adam(),
            0,
            1,
            Set.of(),
            Map.of("c7", 2.0),
            0);
    refused("learning rate", () -> engine().trainer(network, weights, fast, device()));
    try (Trainer t = engine().trainer(network, weights, plan, device())) {
      Map<String, Tensor> inputs = Map.of("image", random(0, 1, 1, 8, 8));
      refused("logits", () -> t.step(inputs, Map.of(), 0.1));
      refused("shape", () -> t.step(inputs, Map.of("logits", Target.of(classes(0, 1, 8, 9))), 1));
      refused("step", () -> t.restore(weights, weights));
      assertSame(weights, t.weights());
    }
  }

  private static void refused(String part, Executable work) {
    SpyhopException e = assertThrows(SpyhopException.class, work);
    assertTrue(e.getMessage().contains(part), e.getMessage());
    assertFalse(e.getMessage().contains("\n"), e.getMessage());
  }

  /** To the last bit: what is given back is memory, and nothing that was computed. */
  @Test
  void trimmingChangesNoPrediction() {
    Network network =
        NetworkBuilder.image(2).convolution("c", 5, 3).relu().convolution("d", 3, 3).build();
    Tensor x = random(4, 1, 2, 9, 13);
    try (Predictor p = engine().predictor(network, weights(network), device())) {
      float[] before = p.predict(x).data();
      p.trim();
      assertArrayEquals(before, p.predict(x).data());
      p.trim();
      p.trim();
    }
  }

  @Test
  void closingTwiceIsHarmlessAndUseAfterwardsIsRefused() {
    Network network = classifier();
    Predictor p = engine().predictor(network, weights(network), device());
    p.close();
    p.close();
    assertThrows(IllegalStateException.class, () -> p.predict(random(0, 1, 1, 8, 8)));
    if (!can(Capability.TRAINING)) return;
    TrainingPlan plan = plan("logits", new Loss.CrossEntropy(), new Optimizer.Adam(), 0);
    Trainer t = engine().trainer(network, weights(network), plan, device());
    t.close();
    t.close();
    assertThrows(IllegalStateException.class, () -> step(t, 0));
    assertThrows(IllegalStateException.class, t::weights);
  }
}
