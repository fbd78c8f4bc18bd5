package sc.fiji.spyhop.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import net.imglib2.img.array.ArrayImgs;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.dataset.Augmentation;
import sc.fiji.spyhop.dataset.Dataset;
import sc.fiji.spyhop.dataset.Sample;
import sc.fiji.spyhop.engine.Device;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.engine.Optimizer;
import sc.fiji.spyhop.engine.selection.Engines;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.Normalization;
import sc.fiji.spyhop.image.PixelSize;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.NetworkBuilder;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.prediction.ClassScores;
import sc.fiji.spyhop.prediction.LabelMap;
import sc.fiji.spyhop.task.Classification;
import sc.fiji.spyhop.task.SemanticSegmentation;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.training.diagnosis.Diagnostic;
import sc.fiji.spyhop.training.diagnosis.Symptom;
import sc.fiji.spyhop.weights.Initialization;

/**
 * Trainings as they are run, on images with a truth. The networks have one layer, whose training is
 * a convex problem, and steps are small: differences in rounding do not grow.
 */
class TaskDiagnosticsTest {

  private static final int SIDE = 32;

  /** Noise with a square of class 1, brighter by so much; or without. */
  private static Dataset<LabelMap> set(String prefix, int n, int contrast, boolean square) {
    List<Sample<LabelMap>> samples = new ArrayList<>();
    for (int k = 0; k < n; k++) {
      Random random = new Random(prefix.hashCode() + k);
      byte[] pixels = new byte[SIDE * SIDE];
      LabelMap truth = new LabelMap(SIDE, SIDE);
      int left = random.nextInt(SIDE - 8);
      int top = random.nextInt(SIDE - 8);
      for (int i = 0; i < pixels.length; i++) {
        int x = i % SIDE - left;
        int y = i / SIDE - top;
        boolean in = square && x >= 0 && x < 8 && y >= 0 && y < 8;
        truth.set(i, in ? 1 : 0);
        pixels[i] = (byte) (20 + random.nextInt(60) + (in ? contrast : 0));
      }
      samples.add(
          new Sample<>(
              new Frame(
                  prefix + k,
                  ArrayImgs.unsignedBytes(pixels, SIDE, SIDE, 1),
                  PixelSize.UNCALIBRATED),
              truth));
    }
    return Dataset.ofSamples(samples);
  }

  private static Map<Symptom, String> findings(Training<?> training, Engine engine, Device device) {
    List<Diagnostic> findings = new ArrayList<>();
    TrainingListener listener =
        new TrainingListener() {
          @Override
          public void message(String text) {
            assertFalse(text.startsWith("Warning: the training cannot be watched"), text);
          }

          @Override
          public void finding(Diagnostic finding) {
            findings.add(finding);
          }
        };
    TrainingResult result = training.run(engine, device, Checkpoints.NONE, listener, Progress.NONE);
    assertEquals(StopReason.FINISHED, result.reason());
    return findings.stream().collect(Collectors.toMap(Diagnostic::symptom, Diagnostic::text));
  }

  private static Map<Symptom, String> pixels(
      Dataset<LabelMap> train, Dataset<LabelMap> validation) {
    return findings(
        new Training<>(
            PixelEngine.NETWORK,
            PixelEngine.INITIAL,
            new SemanticSegmentation(List.of("background", "bright"), List.of(), -1, 0),
            new ModelSpec.Input(Axes.NCHW, 1, new Normalization.MinMax(), PixelSize.UNCALIBRATED),
            train,
            validation,
            TrainingOptions.DEFAULT
                .with()
                .epochs(10)
                .stepsPerEpoch(10)
                .batch(4)
                .crop(16)
                .learningRate(1)
                .averaging(0.9)
                .build()),
        new PixelEngine(),
        PixelEngine.DEVICE);
  }

  private static Dataset<ClassScores> corners(String prefix, int n, int classes, long seed) {
    TinyRun.Data data = TinyRun.corners(n, classes, 2, seed);
    List<Sample<ClassScores>> samples = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      Frame frame =
          new Frame(
              prefix + i,
              ArrayImgs.floats(data.images()[i], TinyRun.SIDE, TinyRun.SIDE, 1),
              PixelSize.UNCALIBRATED);
      samples.add(new Sample<>(frame, ClassScores.certain((int) data.truth()[i], 4)));
    }
    return Dataset.ofSamples(samples);
  }

  private static Map<Symptom, String> images(
      Dataset<ClassScores> train, Dataset<ClassScores> validation) {
    Classification task =
        Classification.of(List.of("north-west", "north-east", "south-west", "south-east"));
    Network network =
        NetworkBuilder.input("image", Shape.of(1, TinyRun.SIDE, TinyRun.SIDE))
            .flatten("flat")
            .dense("classes_logits", 4)
            .activation("classes", Layer.Function.SOFTMAX)
            .build("classes");
    Engine engine = Engines.forTraining();
    return findings(
        new Training<>(
            network,
            Initialization.of(network, 1),
            task,
            new ModelSpec.Input(Axes.NCHW, 1, new Normalization.ZScore(), PixelSize.UNCALIBRATED),
            train,
            validation,
            TrainingOptions.DEFAULT
                .with()
                .epochs(8)
                .batch(16)
                .augmentation(Augmentation.NONE)
                .optimizer(new Optimizer.Sgd(0))
                .learningRate(0.05)
                .averaging(0.9)
                .build()),
        engine,
        engine.devices().get(0));
  }

  @Test
  void silentWhenImagesAreClassified() {
    assertEquals(Map.of(), images(corners("t", 80, 4, 1), corners("v", 40, 4, 2)));
  }

  /** Of four classes, training has three and validation two. */
  @Test
  void saysWhichClassesOfImagesHaveNoExample() {
    Map<Symptom, String> found = images(corners("t", 60, 3, 1), corners("v", 40, 2, 2));
    String text = found.get(Symptom.CLASS_WITHOUT_EXAMPLES);
    assertTrue(text.contains("No training image shows class \"south-east\""), text);
    assertTrue(
        text.contains(
            "No validation image shows any of the classes \"south-west\", \"south-east\""),
        text);
    assertEquals(1, found.size(), found.toString());
  }

  @Test
  void silentWhenPixelsAreLearned() {
    assertEquals(Map.of(), pixels(set("t", 4, 120, true), set("v", 3, 120, true)));
    assertEquals(Map.of(), pixels(set("t", 4, 120, true), set("v", 0, 120, true)));
  }

  @Test
  void saysWhenAllIsBackground() {
    String text =
        pixels(set("t", 4, 0, true), set("v", 3, 0, true)).get(Symptom.NO_BETTER_THAN_GUESSING);
    assertTrue(text.contains("always saying \"background\" would be right in"), text);
  }

  @Test
  void saysWhichClassHasNoExample() {
    String text =
        pixels(set("t", 4, 120, true), set("v", 3, 120, false)).get(Symptom.CLASS_WITHOUT_EXAMPLES);
    assertTrue(text.startsWith("No validation image shows class \"bright\""), text);
  }
}
