package sc.fiji.spyhop.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.weights.Initialization;
import sc.fiji.spyhop.weights.Weights;

/**
 * Times of well-known networks on random data, to compare engines and machines: a LeNet, a U-Net
 * (base 16, depth 4, no batch norm, 1.96 million parameters) and VGG-19; training with Adam. One
 * case copies its input to the device and its result back, as every use does.
 */
public final class Benchmarks {

  /**
   * Time of one case.
   *
   * @param items samples worked on at once
   * @param medianMs of all runs, milliseconds
   * @param minMs the fastest run
   * @param runs number of runs timed, after some to warm up
   * @param device where it ran
   */
  public record Result(
      String name, int items, double medianMs, double minMs, int runs, String device) {}

  private record Case(String name, int items, int warmUps, int runs, Network network, Loss loss) {
    boolean trains() {
      return name.contains(" train ");
    }
  }

  private static final Loss NO_LOSS = new Loss.SquaredError();

  private Benchmarks() {}

  /** Names of the cases, in the order they are run. */
  public static List<String> names() {
    return cases().stream().map(Case::name).toList();
  }

  /**
   * Runs the cases whose name contains a text.
   *
   * @param listener told of each result as it is there
   */
  public static List<Result> run(
      Engine engine, Device device, String filter, Consumer<Result> listener) {
    List<Result> results = new ArrayList<>();
    for (Case c : cases()) {
      if (!c.name().contains(filter)) continue;
      Result result = run(engine, device, c);
      results.add(result);
      listener.accept(result);
    }
    return results;
  }

  private static List<Case> cases() {
    Network lenet = lenet();
    Network unet = unet();
    return List.of(
        new Case("lenet train b128", 128, 10, 40, lenet, new Loss.CrossEntropy()),
        new Case("lenet infer b128", 128, 10, 40, lenet, NO_LOSS),
        new Case("unet16 256x256 train b4", 4, 3, 12, unet, new Loss.BinaryCrossEntropy()),
        new Case("unet16 256x256 infer b4", 4, 3, 15, unet, NO_LOSS),
        new Case("unet16 256x256 infer b1", 1, 5, 25, unet, NO_LOSS),
        new Case("vgg19 infer b1", 1, 3, 10, vgg19(), NO_LOSS));
  }

  private static Result run(Engine engine, Device device, Case c) {
    Network network = c.network();
    Weights weights = Initialization.of(network, 0);
    Random random = new Random(0);
    int channels = network.inputs().get(0).shape().channels();
    int side = c.name().startsWith("lenet") ? 28 : c.name().startsWith("unet") ? 256 : 224;
    Tensor input = random(random, c.items(), channels, side, side);
    String in = network.inputs().get(0).name();
    String out = network.outputs().get(0);
    if (!c.trains()) {
      try (Predictor predictor = engine.predictor(network, weights, device)) {
        return time(c, predictor.device(), () -> predictor.predict(input));
      }
    }
    Tensor truth;
    if (c.loss() instanceof Loss.CrossEntropy) {
      truth = Tensor.zeros(Axes.NC, c.items(), 1);
      for (int i = 0; i < truth.length(); i++) truth.data()[i] = i % 10;
    } else {
      truth = random(random, c.items(), 1, side, side);
      for (int i = 0; i < truth.length(); i++) truth.data()[i] = Math.round(truth.data()[i]);
    }
    TrainingPlan plan =
        new TrainingPlan(
            List.of(new TrainingPlan.Objective(out, c.loss(), 1)), new Optimizer.Adam(), 0);
    Target target = new Target(truth, Optional.empty());
    try (Trainer trainer = engine.trainer(network, weights, plan, device)) {
      return time(
          c, trainer.device(), () -> trainer.step(Map.of(in, input), Map.of(out, target), 1e-3));
    }
  }

  private static Result time(Case c, Device device, Runnable work) {
    for (int i = 0; i < c.warmUps(); i++) work.run();
    double[] ms = new double[c.runs()];
    for (int i = 0; i < ms.length; i++) {
      long start = System.nanoTime();
      work.run();
      ms[i] = (System.nanoTime() - start) / 1e6;
    }
    Arrays.sort(ms);
    double median = (ms[(ms.length - 1) / 2] + ms[ms.length / 2]) / 2;
    return new Result(c.name(), c.items(), median, ms[0], ms.length, device.description());
  }

  private static Tensor random(Random random, int... shape) {
    Tensor t = Tensor.zeros(Axes.NCHW, shape);
    for (int i = 0; i < t.length(); i++) t.data()[i] = random.nextFloat();
    return t;
  }

  /** Puts layers after one another; remembers the last one's name. */
  private static final class Chain {
    final List<Layer> layers = new ArrayList<>();
    String last = "input";
    int channels;

    Chain(int channels) {
      this.channels = channels;
    }

    Chain add(Layer layer) {
      layers.add(layer);
      last = layer.name();
      return this;
    }

    Chain convolution(String name, int filters, int kernel, Layer.Padding padding) {
      List<Integer> one = List.of(1, 1);
      List<Integer> k = List.of(kernel, kernel);
      add(new Layer.Convolution(name, last, channels, filters, k, one, one, padding, true));
      channels = filters;
      return this;
    }

    Chain relu() {
      return add(new Layer.Activation(last + "-relu", last, Layer.Function.RELU));
    }

    Chain pool(String name) {
      List<Integer> two = List.of(2, 2);
      return add(
          new Layer.Pooling(name, last, Layer.PoolingKind.MAX, two, two, Layer.Padding.VALID));
    }

    Chain dense(String name, int features, int units) {
      return add(new Layer.Dense(name, last, features, units, true));
    }

    Chain pair(String name, int filters) {
      return convolution(name + "a", filters, 3, Layer.Padding.SAME)
          .relu()
          .convolution(name + "b", filters, 3, Layer.Padding.SAME)
          .relu();
    }

    Network network(Shape input) {
      return new Network(List.of(new Network.Input("input", input)), layers, List.of(last));
    }
  }

  private static Network lenet() {
    return new Chain(1)
        .convolution("c1", 20, 5, Layer.Padding.VALID)
        .relu()
        .pool("p1")
        .convolution("c2", 50, 5, Layer.Padding.VALID)
        .relu()
        .pool("p2")
        .add(new Layer.Flatten("flat", "p2"))
        .dense("fc1", 800, 256)
        .relu()
        .dense("fc2", 256, 10)
        .network(Shape.of(1, 28, 28));
  }

  private static Network unet() {
    int depth = 4;
    Chain c = new Chain(1);
    List<String> kept = new ArrayList<>();
    for (int d = 0; d <= depth; d++) {
      if (d > 0) c.pool("p" + d);
      c.pair("d" + d, 16 << d);
      kept.add(c.last);
    }
    for (int d = depth - 1; d >= 0; d--) {
      String up = "up" + d;
      List<Integer> two = List.of(2, 2);
      c.add(new Layer.Upsampling(up, c.last, two, Layer.Interpolation.NEAREST));
      c.add(new Layer.Concat("cat" + d, List.of(up, kept.get(d))));
      c.channels += 16 << d;
      c.pair("u" + d, 16 << d);
    }
    return c.convolution("head", 1, 1, Layer.Padding.SAME)
        .network(Shape.of(1, Shape.ANY, Shape.ANY));
  }

  private static Network vgg19() {
    Chain c = new Chain(3);
    int[][] blocks = {{64, 2}, {128, 2}, {256, 4}, {512, 4}, {512, 4}};
    for (int b = 0; b < blocks.length; b++) {
      for (int i = 0; i < blocks[b][1]; i++) {
        c.convolution("c" + (b + 1) + (i + 1), blocks[b][0], 3, Layer.Padding.SAME).relu();
      }
      c.pool("p" + (b + 1));
    }
    return c.add(new Layer.Flatten("flat", c.last))
        .dense("fc1", 25088, 4096)
        .relu()
        .dense("fc2", 4096, 4096)
        .relu()
        .dense("fc3", 4096, 1000)
        .network(Shape.of(3, 224, 224));
  }
}
