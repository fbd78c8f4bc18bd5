package sc.fiji.spyhop.engine.selection;

import static sc.fiji.spyhop.network.Padding.SAME;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.Capability;
import sc.fiji.spyhop.engine.Device;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.engine.Loss;
import sc.fiji.spyhop.engine.Matrix;
import sc.fiji.spyhop.engine.MatrixProduct;
import sc.fiji.spyhop.engine.Optimizer;
import sc.fiji.spyhop.engine.Predictor;
import sc.fiji.spyhop.engine.Target;
import sc.fiji.spyhop.engine.Trainer;
import sc.fiji.spyhop.engine.TrainingPlan;
import sc.fiji.spyhop.network.Convolution;
import sc.fiji.spyhop.network.Dense;
import sc.fiji.spyhop.network.Flatten;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.NetworkBuilder;
import sc.fiji.spyhop.network.Parameter;
import sc.fiji.spyhop.network.Parameters;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.network.Shapes;
import sc.fiji.spyhop.network.TransposedConvolution;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.util.Strings;
import sc.fiji.spyhop.weights.Initialization;
import sc.fiji.spyhop.weights.Weights;

/**
 * Whether an engine computes right. Small networks run forward and backward, and what comes is
 * compared with {@link Reference}: activations value by value, gradients by the slope along a
 * random direction, of which finite differences in double precision tell the true one.
 */
final class ArithmeticCheck {

  /** Error allowed, relative to the largest value of a map, in single precision. */
  private static final double TOLERANCE = 1e-4;

  /** The same on a GPU, which may round products to 10 bits (TF32). */
  private static final double GPU_TOLERANCE = 1e-2;

  /** The same in 16 bits, of which 8 are digits: each map is rounded by up to 1/512. */
  private static final double BFLOAT16_TOLERANCE = 2e-2;

  /** How far a single weight or pixel moves for finite differences. */
  private static final double STEP = 1e-6;

  /** Pixels a side of the map that a single layer is tried on: plain Java is slow. */
  private static final int SIDE = 8;

  private final Engine engine;
  private final Device device;
  private final double tolerance;

  private ArithmeticCheck(Engine engine, Device device) {
    this.engine = engine;
    this.device = device;
    tolerance = tolerance(device);
  }

  private static double tolerance(Device device) {
    if (device.arithmetic().equals(Device.BFLOAT16)) return BFLOAT16_TOLERANCE;
    return device.kind() == Device.Kind.GPU ? GPU_TOLERANCE : TOLERANCE;
  }

  /**
   * Tries layers whose channels do not fill the blocks that libraries compute in, on odd sizes:
   * convolutions with strides and groups, transposed convolution, batch norm, pooling, dense.
   *
   * <p>Of an engine that does not take all of these, each by itself.
   *
   * @return what is wrong, in words without a full stop; nothing if all is right
   */
  static Optional<String> faultOf(Engine engine, Device device) {
    return tried(engine)
        .flatMap(n -> faultOf(engine, device, n, 2, n.inputs().get(0).shape()).stream())
        .findFirst()
        .or(() -> new ArithmeticCheck(engine, device).product());
  }

  /** That nothing can be tried; absent if something can. */
  static Optional<String> untried(Engine engine) {
    return tried(engine).findAny().isPresent()
        ? Optional.empty()
        : Optional.of(
            "it takes none of the networks that engines are tried on, so that nobody knows whether"
                + " its numbers are right");
  }

  private static Stream<Network> tried(Engine engine) {
    Network whole = network();
    return engine.supports(whole) ? Stream.of(whole) : single().filter(engine::supports);
  }

  /** Small networks, for engines that do not know all layers. */
  private static Stream<Network> single() {
    Shape image = Shape.of(3, 7, 9);
    return Stream.of(
        NetworkBuilder.input("image", image).convolution("convolution", 5, 3).build(),
        NetworkBuilder.input("image", image).convolution("convolution", 5, 3).relu().build(),
        NetworkBuilder.input("image", image).convolution("pointwise", 5, 1).build(),
        NetworkBuilder.input("image", image)
            .layer(new Flatten("flatten", "image"))
            .layer(new Dense("dense", "flatten", 3 * 7 * 9, 10, true))
            .build(),
        NetworkBuilder.input("values", Shape.of(7)).dense("dense", 5).build());
  }

  /**
   * Tries one layer of a network, on a map of at most {@link #SIDE} pixels a side unless the layer
   * takes one size only. Layers with several inputs are not tried.
   *
   * @param shapes of all feature maps of the network
   * @return what is wrong, in words without a full stop; nothing if all is right
   */
  static Optional<String> faultOfLayer(
      Engine engine, Device device, Network network, String name, Map<String, Shape> shapes) {
    Layer layer =
        network.layers().stream().filter(l -> l.name().equals(name)).findFirst().orElseThrow();
    if (layer.inputs().size() != 1 || layer.ownFunction().isPresent()) return Optional.empty();
    String input = layer.input();
    Shape whole = shapes.get(input);
    Shape part =
        new Shape(whole.channels(), whole.space().stream().map(s -> Math.min(s, SIDE)).toList());
    for (Shape shape : List.of(part, whole)) {
      Network alone =
          new Network(List.of(new Network.Input(input, shape)), List.of(layer), List.of(name));
      try {
        Shapes.of(alone);
      } catch (SpyhopException e) {
        continue; // too small for its kernel
      }
      return faultOf(engine, device, alone, 1, shape);
    }
    return Optional.empty();
  }

  /**
   * Tries one network, with weights of its own.
   *
   * @param network with one input and one output
   * @param batch number of samples
   * @param shape of the input, without open sizes
   * @return what is wrong, in words without a full stop; nothing if all is right, or the engine
   *     cannot run such a network
   */
  static Optional<String> faultOf(
      Engine engine, Device device, Network network, int batch, Shape shape) {
    int[] sizes =
        IntStream.concat(
                IntStream.of(batch, shape.channels()),
                shape.space().stream().mapToInt(Integer::intValue))
            .toArray();
    return faultOf(engine, device, network, sizes);
  }

  private static Optional<String> faultOf(
      Engine engine, Device device, Network network, int[] shape) {
    if (!engine.supports(network)) return Optional.empty();
    Tensor x = random(1, shape.length == 2 ? Axes.NC : Axes.NCHW, shape);
    Known known = new Known(network, x);
    ArithmeticCheck check = new ArithmeticCheck(engine, device);
    Set<Capability> can = engine.capabilities();
    Optional<String> fault = Optional.empty();
    if (can.contains(Capability.PREDICTION)) {
      try (Predictor predictor = engine.predictor(network, known.weights, device)) {
        fault = check.activations(predictor, known);
        if (fault.isEmpty() && can.contains(Capability.GRADIENTS)) {
          fault = check.inputGradient(predictor, known);
        }
      }
    }
    if (fault.isEmpty() && can.contains(Capability.TRAINING)) fault = check.training(known);
    return fault;
  }

  static Network network() {
    List<Integer> one = List.of(1, 1);
    List<Integer> two = List.of(2, 2);
    List<Integer> three = List.of(3, 3);
    String c1 = "convolution";
    String c2 = "strided_convolution";
    String c3 = "grouped_convolution";
    return NetworkBuilder.input("image", Shape.of(3, 7, 9))
        .layer(new Convolution(c1, "image", 3, 5, three, one, one, SAME, false))
        .batchNorm()
        .relu()
        .layer(new Convolution(c2, c1 + "_relu", 5, 20, three, two, one, SAME, true))
        .relu()
        .layer(new Convolution(c3, c2 + "_relu", 20, 20, three, one, one, SAME, true, 4))
        .convolution("deep_convolution", 17, 3)
        .layer(
            new TransposedConvolution(
                "transposed_convolution", "deep_convolution", 17, 6, two, two, SAME, true))
        .maxPool("pooling", 2)
        .convolution("pointwise_convolution", 7, 1)
        .layer(new Flatten("flatten", "pointwise_convolution"))
        .layer(new Dense("dense", "flatten", 7 * 4 * 5, 10, true))
        .build();
  }

  /** A product of sizes that do not fill blocks, one of the matrices being turned. */
  private Optional<String> product() {
    int rows = 19;
    int inner = 37;
    int columns = 23;
    float[] a = random(3, Axes.NC, rows, inner).data();
    float[] b = random(4, Axes.NC, columns, inner).data();
    float[] found = new float[rows * columns];
    try (MatrixProduct products = engine.products()) {
      products.add(2, Matrix.of(a, rows), Matrix.of(b, columns).transposed(), found);
    }
    for (int i = 0; i < found.length; i++) {
      double right = 0;
      for (int k = 0; k < inner; k++) {
        right += 2.0 * a[i / columns * inner + k] * b[i % columns * inner + k];
      }
      if (!(Math.abs(right - found[i]) <= tolerance * inner)) {
        return fault("a product of matrices", right, found[i]);
      }
    }
    return Optional.empty();
  }

  private Optional<String> activations(Predictor predictor, Known known) {
    List<String> layers = known.network.layers().stream().map(Layer::name).toList();
    Map<String, Tensor> found = predictor.activations(known.inputs(), layers);
    for (String layer : layers) {
      double[] right = known.maps.get(layer).v();
      float[] values = found.get(layer).data();
      double scale = 1e-3;
      for (double v : right) scale = Math.max(scale, Math.abs(v));
      for (int i = 0; i < right.length; i++) {
        if (!(Math.abs(right[i] - values[i]) <= tolerance * scale)) {
          return fault("layer " + layer, right[i], values[i]);
        }
      }
    }
    return Optional.empty();
  }

  private Optional<String> inputGradient(Predictor predictor, Known known) {
    double[] values =
        doubles(predictor.gradient(known.inputs(), known.output, known.truth, known.input));
    double found = dot(values, known.direction);
    double expected = (known.weighted(STEP) - known.weighted(-STEP)) / (2 * STEP);
    return Math.abs(found - expected) <= 10 * tolerance * Math.max(norm(values), 1e-3)
        ? Optional.empty()
        : fault("the slope along the gradient to the input", expected, found);
  }

  /** Weights change by minus their gradient: plain gradient descent with a rate of 1. */
  private Optional<String> training(Known known) {
    TrainingPlan plan =
        new TrainingPlan(
            List.of(new TrainingPlan.Objective(known.output, new Loss.SquaredError(), 1)),
            new Optimizer.Sgd(0),
            0);
    Trainer.Step step;
    Weights after;
    try (Trainer trainer = engine.trainer(known.network, known.weights, plan, device)) {
      step = trainer.step(known.inputs(), Map.of(known.output, Target.of(known.truth)), 1);
      after = trainer.weights();
    }
    double loss = known.loss(0, Map.of());
    if (!(Math.abs(step.loss() - loss) <= tolerance * loss)) {
      return fault("the loss", loss, step.loss());
    }
    Map<String, double[]> gradients = new LinkedHashMap<>();
    for (Parameter p : Parameters.of(known.network)) {
      if (!p.role().isTrained()) continue;
      double[] gradient = doubles(known.weights.get(p.name()));
      float[] to = after.get(p.name()).data();
      for (int i = 0; i < gradient.length; i++) gradient[i] -= to[i];
      gradients.put(p.name(), gradient);
    }
    Optional<String> fault = gradients("all weights", known, gradients, gradients.keySet());
    if (fault.isEmpty()) return fault;
    for (String name : gradients.keySet()) {
      Optional<String> one = gradients(name, known, gradients, Set.of(name));
      if (one.isPresent()) return one;
    }
    return fault;
  }

  /**
   * Compares the slope of the loss along a direction with the one that follows from the gradients.
   * A parameter moves the further the shorter its gradient is, so that none is lost among others.
   */
  private Optional<String> gradients(
      String what, Known known, Map<String, double[]> gradients, Set<String> moved) {
    double longest = gradients.values().stream().mapToDouble(ArithmeticCheck::norm).max().orElse(0);
    double shortest = Math.max(1e-3 * longest, 1e-6);
    Map<String, double[]> direction = new LinkedHashMap<>();
    double found = 0;
    for (String name : moved) {
      double[] gradient = gradients.get(name);
      double[] d = signs(name, gradient.length);
      double by = 1 / Math.max(shortest, norm(gradient));
      for (int i = 0; i < d.length; i++) d[i] *= by;
      found += dot(gradient, d);
      direction.put(name, d);
    }
    double step = STEP * shortest;
    double expected = (known.loss(step, direction) - known.loss(-step, direction)) / (2 * step);
    return Math.abs(found - expected) <= 10 * tolerance * Math.sqrt(moved.size())
        ? Optional.empty()
        : fault("the slope of the loss along the gradient of " + what, expected, found);
  }

  private static Optional<String> fault(String what, double expected, double found) {
    return Optional.of(
        Strings.format("%s should be %.6g here and comes out as %.6g", what, expected, found));
  }

  private static double norm(double[] values) {
    return Math.sqrt(dot(values, values));
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) sum += a[i] * b[i];
    return sum;
  }

  private static double[] doubles(Tensor t) {
    double[] values = new double[t.length()];
    for (int i = 0; i < values.length; i++) values[i] = t.data()[i];
    return values;
  }

  /** 1 and -1 by chance, always the same for a name. */
  private static double[] signs(String name, int length) {
    Random random = new Random(name.hashCode());
    double[] signs = new double[length];
    for (int i = 0; i < length; i++) signs[i] = random.nextBoolean() ? 1 : -1;
    return signs;
  }

  private static Tensor random(long seed, Axes axes, int... shape) {
    Tensor t = Tensor.zeros(axes, shape);
    Random random = new Random(seed);
    for (int i = 0; i < t.length(); i++) t.data()[i] = 2 * random.nextFloat() - 1;
    return t;
  }

  /** A network, weights and an input whose answers plain Java knows. */
  private static final class Known {
    final Network network;
    final Weights weights;
    final Tensor x;
    final String input;
    final String output;

    /** Activations of all layers. */
    final Map<String, Reference.Map4> maps;

    /** In which the input moves. */
    final double[] direction;

    /** Of the shape of the output: target of the loss, and weights of a sum. */
    final Tensor truth;

    Known(Network network, Tensor x) {
      this.network = network;
      this.x = x;
      input = network.inputs().get(0).name();
      output = network.outputs().get(0);
      weights = shaken(Initialization.of(network, 1));
      direction = signs(input, x.length());
      maps = run(0);
      Tensor y = maps.get(output).tensor();
      truth = random(2, y.axes(), y.shape());
    }

    /** None is 0 or 1, so that none can be left out unnoticed. */
    private static Weights shaken(Weights initial) {
      Map<String, Tensor> tensors = new LinkedHashMap<>();
      Random random = new Random(3);
      initial
          .tensors()
          .forEach(
              (name, t) -> {
                float[] values = t.data().clone();
                float by = 0.5f / (float) Math.sqrt(Math.max(1, values.length / t.size(0)));
                for (int i = 0; i < values.length; i++) values[i] += by * random.nextFloat();
                tensors.put(name, new Tensor(t.axes(), t.shape(), values));
              });
      return new Weights(tensors);
    }

    Map<String, Tensor> inputs() {
      return Map.of(input, x);
    }

    /** Activations of prediction, with the input moved by a step along its direction. */
    Map<String, Reference.Map4> run(double step) {
      Reference.Map4 at = Reference.of(x);
      for (int i = 0; i < at.v().length; i++) at.v()[i] += step * direction[i];
      return Reference.run(network, Reference.doubles(weights), Map.of(input, at), false);
    }

    /** Sum of the output, each value weighted by the truth. */
    double weighted(double step) {
      return dot(run(step).get(output).v(), doubles(truth));
    }

    /** Mean squared error of training, with weights moved by a step along a direction. */
    double loss(double step, Map<String, double[]> along) {
      Map<String, double[]> w = Reference.doubles(weights);
      along.forEach(
          (name, d) -> {
            for (int i = 0; i < d.length; i++) w.get(name)[i] += step * d[i];
          });
      Map<String, Reference.Map4> in = Map.of(input, Reference.of(x));
      double[] y = Reference.run(network, w, in, true).get(output).v();
      double sum = 0;
      for (int i = 0; i < y.length; i++) {
        double difference = y[i] - truth.data()[i];
        sum += difference * difference / y.length;
      }
      return sum;
    }
  }
}
