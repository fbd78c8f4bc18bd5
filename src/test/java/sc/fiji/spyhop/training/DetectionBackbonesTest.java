package sc.fiji.spyhop.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import net.imglib2.img.array.ArrayImgs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.dataset.Augmentation;
import sc.fiji.spyhop.dataset.Dataset;
import sc.fiji.spyhop.dataset.Sample;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.engine.Optimizer;
import sc.fiji.spyhop.engine.Target;
import sc.fiji.spyhop.engine.Trainer;
import sc.fiji.spyhop.engine.TrainingPlan;
import sc.fiji.spyhop.engine.selection.Engines;
import sc.fiji.spyhop.image.Colors;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.Interpolation;
import sc.fiji.spyhop.image.Normalization;
import sc.fiji.spyhop.image.PixelSize;
import sc.fiji.spyhop.image.Resize;
import sc.fiji.spyhop.model.Model;
import sc.fiji.spyhop.model.ModelFile;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.Notation;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.prediction.Annotation;
import sc.fiji.spyhop.prediction.Box;
import sc.fiji.spyhop.prediction.ImageSize;
import sc.fiji.spyhop.prediction.Keypoint;
import sc.fiji.spyhop.prediction.KeypointLayout;
import sc.fiji.spyhop.prediction.LocalizedObject;
import sc.fiji.spyhop.prediction.Pose;
import sc.fiji.spyhop.task.AnnotationTask;
import sc.fiji.spyhop.task.BoxRegression;
import sc.fiji.spyhop.task.Classification;
import sc.fiji.spyhop.task.Ends;
import sc.fiji.spyhop.task.KeypointDetection;
import sc.fiji.spyhop.task.Localization;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.weights.Initialization;

/** Boxes and keypoints are learnt on features of whatever network the user names. */
class DetectionBackbonesTest {

  private static final int SIDE = 64;
  private static final Engine ENGINE = Engines.forTraining();

  @TempDir static Path folder;

  /** A bright square on noise, with its box and its middle. */
  private static Dataset<Annotation> squares() {
    Random random = new Random(7);
    List<Sample<Annotation>> samples = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      int x = 4 + random.nextInt(36);
      int y = 4 + random.nextInt(36);
      float[] pixels = new float[SIDE * SIDE];
      for (int p = 0; p < pixels.length; p++) {
        boolean inside = p % SIDE >= x && p % SIDE < x + 20 && p / SIDE >= y && p / SIDE < y + 20;
        pixels[p] = random.nextFloat() + (inside ? 3 : 0);
      }
      Frame frame =
          new Frame("s" + i, ArrayImgs.floats(pixels, SIDE, SIDE, 1), PixelSize.UNCALIBRATED);
      Keypoint middle = new Keypoint("middle", x + 10, y + 10, 1, Keypoint.Visibility.VISIBLE);
      samples.add(
          new Sample<>(
              frame,
              new Annotation(
                  new ImageSize(SIDE, SIDE),
                  List.of(new LocalizedObject(new Box(x, y, 20, 20), "square")),
                  List.of(new Pose(List.of(middle))))));
    }
    return Dataset.ofSamples(samples);
  }

  private static TrainingResult train(AnnotationTask task, DetectionTraining.Plan plan) {
    return new Training<>(
            plan.network(),
            plan.weights(),
            task,
            plan.input(),
            squares(),
            Dataset.ofSamples(List.<Sample<Annotation>>of()),
            TrainingOptions.DETECTION
                .with()
                .epochs(1)
                .stepsPerEpoch(2)
                .batch(3)
                .augmentation(Augmentation.NONE)
                .build())
        .run(
            ENGINE,
            ENGINE.devices().get(0),
            Checkpoints.NONE,
            TrainingListener.NONE,
            Progress.NONE);
  }

  private static DetectionTraining.Plan plan(AnnotationTask task, String backbone) {
    Dataset<Annotation> set = squares();
    return DetectionTraining.plan(
        set,
        task,
        new DetectionTraining.Design(backbone, List.of()),
        task.mapped()
            ? DetectionTraining.scaled(set, Optional.empty())
            : any -> new Resize.Stretch(SIDE, SIDE, Interpolation.ANTIALIASED),
        1,
        Progress.NONE);
  }

  private static KeypointDetection points(int stride) {
    return KeypointDetection.of(
        new KeypointLayout(List.of("middle"), List.of(), List.of()), stride);
  }

  private static BoxRegression box() {
    Dataset<Annotation> set = squares();
    List<Annotation> truth = new ArrayList<>();
    for (int i = 0; i < set.size(); i++) truth.add(set.get(i).truth());
    return BoxRegression.of("square", truth);
  }

  /**
   * A small step against the gradient lowers the loss by its length times that of the gradient,
   * which holds only if the gradient is right in all layers together; and trainings come to an end.
   */
  private static void assertLearns(AnnotationTask task, DetectionTraining.Plan plan) {
    Dataset<Annotation> set = squares();
    Ends ends = Ends.of(plan.network(), task);
    Map<String, List<Tensor>> values = new HashMap<>();
    Map<String, List<Tensor>> weights = new HashMap<>();
    List<Tensor> pixels = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      pixels.add(plan.input().read(set.get(i).frame()));
      ends.targets(task.encode(set.get(i).truth()))
          .forEach(
              (layer, target) -> {
                values.computeIfAbsent(layer, l -> new ArrayList<>()).add(target.values());
                target
                    .weights()
                    .ifPresent(w -> weights.computeIfAbsent(layer, l -> new ArrayList<>()).add(w));
              });
    }
    Map<String, Target> targets = new HashMap<>();
    values.forEach(
        (layer, v) ->
            targets.put(
                layer,
                new Target(
                    joined(v),
                    Optional.ofNullable(weights.get(layer)).map(DetectionBackbonesTest::joined))));
    Map<String, Tensor> inputs = Map.of(plan.network().inputs().get(0).name(), joined(pixels));
    TrainingPlan descent =
        new TrainingPlan(
            ends.objectives(task, ""),
            new Optimizer.Sgd(0),
            0,
            Double.POSITIVE_INFINITY,
            Set.of(),
            0);
    try (Trainer trainer =
        ENGINE.trainer(plan.network(), plan.weights(), descent, ENGINE.devices().get(0))) {
      Trainer.Step before = trainer.step(inputs, targets, 1e-30);
      double squared = before.gradientNorm() * before.gradientNorm();
      double fall = 1e-3 * before.loss(); // so little that the gradient hardly changes
      trainer.step(inputs, targets, fall / squared);
      double after = trainer.step(inputs, targets, 1e-30).loss();
      assertEquals(fall, before.loss() - after, 0.1 * fall);
    }
    TrainingResult result = train(task, plan);
    assertEquals(StopReason.FINISHED, result.reason());
    assertTrue(Double.isFinite(result.history().epochs().get(0).loss()));
  }

  private static Tensor joined(List<Tensor> parts) {
    return Tensor.concatenate(parts.toArray(Tensor[]::new));
  }

  @ParameterizedTest
  @ValueSource(strings = {"resnet18", "mobilenetv2"})
  void presetsLearn(String preset) {
    Localization boxes = Localization.of(List.of("square"), 4);
    assertLearns(boxes, plan(boxes, preset));
  }

  /** A bundle's weights are where training begins. */
  @Test
  void bundlesLearn() {
    Network network =
        Notation.parse("8C3 BN MP2 16C3 BN MP2 16C3 BN MP2 GAP FC3", Shape.of(1, 32, 32));
    Model model =
        new Model(
            new ModelSpec(
                "trunk",
                "",
                Classification.of(List.of("a", "b", "c")),
                new ModelSpec.Input(
                    Axes.NCHW,
                    1,
                    Colors.NONE,
                    new Resize.Stretch(32, 32, Interpolation.BILINEAR),
                    new Normalization.ZScore(),
                    PixelSize.UNCALIBRATED),
                new ModelSpec.Inference(64, 0),
                ModelSpec.Training.UNKNOWN,
                "",
                "",
                ""),
            network,
            Initialization.of(network, 3));
    Path file = folder.resolve("trunk.spyhop");
    ModelFile.write(model, file);
    String kernel = network.layers().get(0).name() + ".weight";
    for (AnnotationTask task : List.of(Localization.of(List.of("square"), 4), points(2), box())) {
      DetectionTraining.Plan plan = plan(task, file.toString());
      assertArrayEquals(
          model.weights().get(kernel).data(), plan.weights().get(kernel).data(), kernel);
      assertEquals(new Normalization.ZScore(), plan.input().normalization());
      assertLearns(task, plan);
    }
  }
}
