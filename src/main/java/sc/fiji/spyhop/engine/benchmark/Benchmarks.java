package sc.fiji.spyhop.engine.benchmark;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import sc.fiji.spyhop.engine.Device;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.engine.Loss;
import sc.fiji.spyhop.engine.Optimizer;
import sc.fiji.spyhop.engine.Precision;
import sc.fiji.spyhop.engine.Predictor;
import sc.fiji.spyhop.engine.Target;
import sc.fiji.spyhop.engine.Trainer;
import sc.fiji.spyhop.engine.TrainingPlan;
import sc.fiji.spyhop.engine.selection.Engines;
import sc.fiji.spyhop.expression.LossFormula;
import sc.fiji.spyhop.expression.LossFormula.Output;
import sc.fiji.spyhop.network.Activation;
import sc.fiji.spyhop.network.Formula;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.Preset;
import sc.fiji.spyhop.network.Presets;
import sc.fiji.spyhop.network.Quantization;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.network.UNet;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.weights.Initialization;
import sc.fiji.spyhop.weights.Weights;

/**
 * Times of well-known networks on random data, to compare engines and machines: a LeNet, a U-Net
 * (base 16, depth 4, no batch norm, 1.96 million parameters), VGG-19, ResNet-18 and MobileNetV2;
 * training with Adam; and of networks that are given. One case copies its input to the device and
 * its result back, as every use does. Every case is repeated for some seconds before it is timed,
 * since Java compiles what is used often meanwhile.
 */
public final class Benchmarks {

  private static final String OWN_LAYER = "x*sigmoid(1.7*x)";
  private static final String OWN_LOSS = "mean((p-t)^2*(1+4*t))";

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

  /**
   * A network with weights, to predict with.
   *
   * @param name such as that of a model
   */
  public record Trained(String name, Network network, Weights weights) {

    private Case toCase() {
      Shape input = network.inputs().get(0).shape();
      Shape image = input.isFixed() ? input : Shape.of(input.channels(), OPEN_SIDE, OPEN_SIDE);
      String size = image.space().get(0) + "x" + image.space().get(1);
      return new Case(
          name + " " + size + " infer b1",
          1,
          image,
          5,
          15,
          network,
          Optional.of(weights),
          List.of());
    }
  }

  /**
   * Trains if there are objectives.
   *
   * @param image of the input, without open sizes
   * @param weights drawn at random if empty
   */
  private record Case(
      String name,
      int items,
      Shape image,
      int warmUps,
      int runs,
      Network network,
      Optional<Weights> weights,
      List<TrainingPlan.Objective> objectives) {

    Case(
        String name,
        int items,
        int side,
        int warmUps,
        int runs,
        Network network,
        List<TrainingPlan.Objective> objectives) {
      this(
          name,
          items,
          Shape.of(network.inputs().get(0).shape().channels(), side, side),
          warmUps,
          runs,
          network,
          Optional.empty(),
          objectives);
    }
  }

  /** Height and width of the images for a network that takes any. */
  private static final int OPEN_SIDE = 512;

  private static final double WARM_UP_SECONDS = 3;

  private Benchmarks() {}

  /**
   * Names of the cases, in the order they are run.
   *
   * @param trained more networks, which come last
   */
  public static List<String> names(List<Trained> trained) {
    return cases(trained).map(Case::name).toList();
  }

  private static Stream<Case> cases(List<Trained> trained) {
    return Stream.concat(cases().stream(), trained.stream().map(Trained::toCase));
  }

  /**
   * Runs the cases whose name contains a text.
   *
   * @param engine to run all of them, or empty for each on the engine that would be chosen
   * @param precision in which that one is asked to compute
   * @param trained more networks, which come last
   * @param listener told of each result as it is there
   */
  public static List<Result> run(
      Optional<Engine> engine,
      Precision precision,
      List<Trained> trained,
      String filter,
      Consumer<Result> listener) {
    List<Result> results = new ArrayList<>();
    for (Case c : cases(trained).toList()) {
      if (!c.name().contains(filter)) continue;
      Engine chosen =
          engine.orElseGet(
              () ->
                  c.objectives().isEmpty()
                      ? Engines.forPrediction(c.network(), Quantization.NONE, precision)
                      : Engines.forTraining(precision));
      Result result = run(chosen, chosen.devices().get(0), c);
      results.add(result);
      listener.accept(result);
    }
    return results;
  }

  private static List<Case> cases() {
    Network lenet = Presets.lenet(1, 10);
    Network unet = UNet.of(1, new UNet.Head("logits", 1)).withoutBatchNorm().network();
    Network resnet = photos(Preset.RESNET18);
    return List.of(
        new Case(
            "lenet train b128",
            128,
            28,
            10,
            40,
            lenet,
            List.of(new TrainingPlan.Objective("fc2", new Loss.CrossEntropy(), 1))),
        new Case("lenet infer b128", 128, 28, 10, 40, lenet, List.of()),
        new Case(
            "unet16 256x256 train b4",
            4,
            256,
            3,
            12,
            unet,
            List.of(new TrainingPlan.Objective("logits", new Loss.BinaryCrossEntropy(), 1))),
        unet("squared error", unet, new Loss.SquaredError()),
        unet(OWN_LOSS, unet, new Loss.Formula(LossFormula.parse(OWN_LOSS, Output.IDENTITY))),
        unet("[" + OWN_LAYER + "]", withOwnLayers(unet), new Loss.BinaryCrossEntropy()),
        new Case("unet16 256x256 infer b4", 4, 256, 3, 15, unet, List.of()),
        new Case("unet16 256x256 infer b1", 1, 256, 5, 25, unet, List.of()),
        new Case("vgg19 infer b1", 1, 224, 3, 10, photos(Preset.VGG19), List.of()),
        new Case(
            "resnet18 train b8",
            8,
            224,
            3,
            12,
            resnet,
            List.of(
                new TrainingPlan.Objective(resnet.outputs().get(0), new Loss.CrossEntropy(), 1))),
        new Case("resnet18 infer b1", 1, 224, 5, 25, resnet, List.of()),
        new Case("mobilenetv2 infer b1", 1, 224, 5, 25, photos(Preset.MOBILENETV2), List.of()));
  }

  private static Case unet(String what, Network network, Loss loss) {
    return new Case(
        "unet16 256x256 train b4 " + what,
        4,
        256,
        3,
        12,
        network,
        List.of(new TrainingPlan.Objective("logits", loss, 1)));
  }

  /** With a formula wherever there is a ReLU. */
  private static Network withOwnLayers(Network network) {
    List<Layer> layers =
        network.layers().stream()
            .map(
                l ->
                    l instanceof Activation a && a.function() == Layer.Function.RELU
                        ? new Formula(a.name(), a.input(), OWN_LAYER)
                        : l)
            .toList();
    return new Network(network.inputs(), layers, network.outputs());
  }

  /** As it was published for ImageNet. */
  private static Network photos(Preset preset) {
    return preset.of(preset.defaultInput(), preset.defaultClasses());
  }

  private static Result run(Engine engine, Device device, Case c) {
    Network network = c.network();
    Weights weights = c.weights().orElseGet(() -> Initialization.of(network, 0));
    Random random = new Random(0);
    Shape image = c.image();
    Tensor input = random(random, c.items(), image.channels(), image);
    if (c.objectives().isEmpty()) {
      try (Predictor predictor = engine.predictor(network, weights, device)) {
        return time(c, predictor.device(), () -> predictor.predict(input));
      }
    }
    TrainingPlan.Objective objective = c.objectives().get(0);
    Tensor truth;
    if (objective.loss() instanceof Loss.CrossEntropy) {
      truth = Tensor.zeros(Axes.NC, c.items(), 1);
      for (int i = 0; i < truth.length(); i++) truth.data()[i] = i % 10;
    } else {
      truth = random(random, c.items(), 1, image);
      for (int i = 0; i < truth.length(); i++) truth.data()[i] = Math.round(truth.data()[i]);
    }
    TrainingPlan plan = new TrainingPlan(c.objectives(), new Optimizer.Adam(), 0);
    Map<String, Tensor> inputs = Map.of(network.inputs().get(0).name(), input);
    Map<String, Target> targets = Map.of(objective.layer(), Target.of(truth));
    try (Trainer trainer = engine.trainer(network, weights, plan, device)) {
      return time(c, trainer.device(), () -> trainer.step(inputs, targets, 1e-3));
    }
  }

  private static Result time(Case c, Device device, Runnable work) {
    long began = System.nanoTime();
    for (int i = 0; i < c.warmUps() || System.nanoTime() - began < WARM_UP_SECONDS * 1e9; i++) {
      work.run();
    }
    double[] ms = new double[c.runs()];
    for (int i = 0; i < ms.length; i++) {
      long start = System.nanoTime();
      work.run();
      ms[i] = (System.nanoTime() - start) / 1e6;
    }
    Arrays.sort(ms);
    double median = (ms[(ms.length - 1) / 2] + ms[ms.length / 2]) / 2;
    return new Result(c.name(), c.items(), median, ms[0], ms.length, device.toString());
  }

  private static Tensor random(Random random, int items, int channels, Shape image) {
    List<Integer> space = image.space();
    Tensor t = Tensor.zeros(Axes.NCHW, items, channels, space.get(0), space.get(1));
    for (int i = 0; i < t.length(); i++) t.data()[i] = random.nextFloat();
    return t;
  }
}
