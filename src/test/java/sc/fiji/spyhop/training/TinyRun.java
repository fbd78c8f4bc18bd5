package sc.fiji.spyhop.training;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.engine.Loss;
import sc.fiji.spyhop.engine.Optimizer;
import sc.fiji.spyhop.engine.Target;
import sc.fiji.spyhop.engine.TrainingPlan.Objective;
import sc.fiji.spyhop.engine.selection.Engines;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.NetworkBuilder;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.training.diagnosis.Diagnostic;
import sc.fiji.spyhop.training.diagnosis.Symptom;
import sc.fiji.spyhop.training.sampling.Minibatch;
import sc.fiji.spyhop.weights.Initialization;
import sc.fiji.spyhop.weights.Weights;

/**
 * A training by the real engine that takes a moment: images of 12 x 12 pixels of noise with a
 * bright square in one of four corners, which is the class. Every minibatch is the whole training
 * set, so that a loss only changes where weights do.
 */
final class TinyRun {

  static final int SIDE = 12;

  /** Images and what is to be said about them: one number each. */
  record Data(float[][] images, float[] truth) {

    Data withTruth(float[] other) {
      return new Data(images, other);
    }
  }

  /** Squares in corners, brighter than the noise by so much. */
  static Data corners(int n, int classes, double contrast, long seed) {
    Random random = new Random(seed);
    float[][] images = new float[n][SIDE * SIDE];
    float[] truth = new float[n];
    for (int k = 0; k < n; k++) {
      int c = k % classes;
      truth[k] = c;
      int x0 = 1 + 6 * (c % 2) + random.nextInt(2);
      int y0 = 1 + 6 * (c / 2) + random.nextInt(2);
      for (int i = 0; i < SIDE * SIDE; i++) {
        int x = i % SIDE;
        int y = i / SIDE;
        boolean in = x >= x0 && x < x0 + 3 && y >= y0 && y < y0 + 3;
        images[k][i] = (float) (random.nextGaussian() * 0.5 + (in ? contrast : 0));
      }
    }
    return new Data(images, truth);
  }

  /** Named conv, conv_relu, pool, fc, fc_relu, answer. */
  static Network network(int outputs) {
    return NetworkBuilder.input("image", Shape.of(1, SIDE, SIDE))
        .convolution("conv", 8, 3)
        .relu()
        .maxPool("pool", 2)
        .flatten("flat")
        .dense("fc", 16)
        .relu()
        .dense("answer", outputs)
        .build();
  }

  /**
   * Named flat, answer. With either loss its training is a convex problem, so that differences in
   * rounding do not grow from step to step.
   */
  static Network linear(int outputs) {
    return NetworkBuilder.input("image", Shape.of(1, SIDE, SIDE))
        .flatten("flat")
        .dense("answer", outputs)
        .build();
  }

  static final Loss CLASSES = new Loss.CrossEntropy();
  static final Loss VALUE = new Loss.SquaredError();

  final Network network;
  final Loss loss;
  final Data train;
  final Data validation;
  Weights weights;
  Checkpoints checkpoints = Checkpoints.NONE;
  Progress progress = Progress.NONE;
  Engine engine = Engines.forTraining();
  private boolean watched = true;
  TrainingOptions options =
      TrainingOptions.DEFAULT
          .with()
          .epochs(8)
          .stepsPerEpoch(10)
          .learningRate(1e-2)
          .averaging(0)
          .optimizer(new Optimizer.Adam())
          .build();

  final List<Diagnostic> findings = new ArrayList<>();
  final List<String> messages = new ArrayList<>();
  TrainingResult result;

  TinyRun(Network network, Loss loss, Data train, Data validation) {
    this.network = network;
    this.loss = loss;
    this.train = train;
    this.validation = validation;
    this.weights = Initialization.of(network, 1);
  }

  /** Classes, in 16 images. */
  static TinyRun classes(int n) {
    return classes(n, network(n), 16);
  }

  /** Classes, in 64 images, by a network that leaves nothing but the convex problem. */
  static TinyRun linearClasses(int n) {
    return classes(n, linear(n), 64);
  }

  private static TinyRun classes(int n, Network network, int images) {
    return new TinyRun(network, CLASSES, corners(images, n, 2, 1), corners(images, n, 2, 2));
  }

  /**
   * Four classes by a network that tells them apart: a logit is four times the sum of the pixels in
   * its corner, about 72 where the square is and 0 elsewhere, give or take 12. The rate is so small
   * that weights stay as they are.
   */
  static TinyRun knowing() {
    return linearClasses(4)
        .set("answer.weight", TinyRun::corner)
        .set("answer.bias", i -> 0)
        .with(o -> o.learningRate(1e-30).epochs(3));
  }

  /** The same by four of 16 units, the others of which let nothing through: fc_relu. */
  static TinyRun knowingWithDeadUnits() {
    Network network =
        NetworkBuilder.input("image", Shape.of(1, SIDE, SIDE))
            .flatten("flat")
            .dense("fc", 16)
            .relu()
            .dense("answer", 4)
            .build();
    return classes(4, network, 64)
        .set("fc.weight", i -> i < 4 * SIDE * SIDE ? corner(i) : 0)
        .set("fc.bias", i -> i < 4 ? 0 : -1000)
        .set("answer.weight", i -> i / 16 == i % 16 ? 1 : 0)
        .set("answer.bias", i -> 0)
        .with(o -> o.learningRate(1e-30).epochs(3));
  }

  /** Weights, [class][row][column]. */
  private static double corner(int i) {
    int x = i % SIDE / (SIDE / 2);
    int y = i / SIDE % SIDE / (SIDE / 2);
    return i / (SIDE * SIDE) == x + 2 * y ? 4 : 0;
  }

  TinyRun with(Consumer<TrainingOptions.Builder> change) {
    TrainingOptions.Builder builder = options.with();
    change.accept(builder);
    options = builder.build();
    return this;
  }

  TinyRun unwatched() {
    watched = false;
    return this;
  }

  /** Changes values of a parameter, all but those for which there is no number. */
  TinyRun set(String parameter, java.util.function.IntToDoubleFunction value) {
    Map<String, Tensor> changed = new LinkedHashMap<>(weights.tensors());
    Tensor old = changed.get(parameter);
    float[] data = old.data().clone();
    for (int i = 0; i < data.length; i++) {
      double v = value.applyAsDouble(i);
      if (!Double.isNaN(v)) data[i] = (float) v;
    }
    changed.put(parameter, new Tensor(old.axes(), old.shape(), data));
    weights = new Weights(changed);
    return this;
  }

  TinyRun run() {
    findings.clear();
    messages.clear();
    TrainingListener listener =
        new TrainingListener() {
          @Override
          public void message(String text) {
            messages.add(text);
          }

          @Override
          public void finding(Diagnostic finding) {
            findings.add(finding);
            TrainingListener.super.finding(finding);
          }
        };
    List<Objective> objectives = List.of(new Objective("answer", loss, 1));
    List<Minibatch> probe =
        validation.images.length == 0 ? List.of() : List.of(minibatch(validation, "v"));
    Minibatch whole = minibatch(train, "t");
    TrainingSetup setup = new TrainingSetup(engine, engine.devices().get(0), network, objectives);
    result =
        new TrainingLoop(
                setup,
                options,
                options.stepsPerEpoch(),
                (epoch, index) -> whole,
                Optional.empty(),
                new CheckpointStore(checkpoints, options, Map.of(), listener),
                !watched
                    ? TrainingObserver.NONE
                    : new Diagnostics(
                        setup,
                        List.of("north-west", "north-east", "south-west", "south-east"),
                        Set.of(),
                        () -> probe,
                        List.of(),
                        listener),
                listener,
                progress)
            .run(weights, false);
    return this;
  }

  private static Minibatch minibatch(Data data, String prefix) {
    int n = data.images.length;
    float[] pixels = new float[n * SIDE * SIDE];
    List<String> names = new ArrayList<>();
    for (int k = 0; k < n; k++) {
      System.arraycopy(data.images[k], 0, pixels, k * SIDE * SIDE, SIDE * SIDE);
      names.add(prefix + k);
    }
    return new Minibatch(
        Map.of("image", new Tensor(Axes.NCHW, new int[] {n, 1, SIDE, SIDE}, pixels)),
        Map.of("answer", Target.of(new Tensor(Axes.NC, new int[] {n, 1}, data.truth))),
        names);
  }

  Set<Symptom> symptoms() {
    return findings.stream().map(Diagnostic::symptom).collect(java.util.stream.Collectors.toSet());
  }

  /** The text of the only finding of a kind. */
  String text(Symptom symptom) {
    List<String> texts =
        findings.stream().filter(f -> f.symptom() == symptom).map(Diagnostic::text).toList();
    if (texts.size() != 1) throw new AssertionError(symptom + ": " + texts + "\n" + report());
    return texts.get(0);
  }

  String report() {
    return String.join("\n", messages) + "\n" + result.history().csv();
  }
}
