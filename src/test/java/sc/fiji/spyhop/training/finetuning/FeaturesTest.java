package sc.fiji.spyhop.training.finetuning;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.imglib2.img.array.ArrayImgs;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.dataset.Dataset;
import sc.fiji.spyhop.dataset.Sample;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.engine.Predictor;
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
import sc.fiji.spyhop.task.Classification;
import sc.fiji.spyhop.task.Ends;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.weights.Initialization;

class FeaturesTest {

  private static final Network SAME =
      NetworkBuilder.input("image", Shape.of(1, 4, 4))
          .activation("as_is", Layer.Function.RELU)
          .build();

  /** Images of one grey value each, of two classes by turns. */
  private static Dataset<ClassScores> planes(String prefix, int... greys) {
    List<Sample<ClassScores>> samples = new ArrayList<>();
    for (int i = 0; i < greys.length; i++) {
      byte[] pixels = new byte[16];
      Arrays.fill(pixels, (byte) greys[i]);
      Frame frame =
          new Frame(prefix + i, ArrayImgs.unsignedBytes(pixels, 4, 4, 1), PixelSize.UNCALIBRATED);
      samples.add(new Sample<>(frame, ClassScores.certain(i % 2, 2)));
    }
    return Dataset.ofSamples(samples);
  }

  private static double shrinkage(int... greys) {
    Classification task = Classification.of(List.of("dark", "bright"));
    Network top =
        NetworkBuilder.input("as_is", Shape.of(1, 4, 4))
            .globalPool("pooled", Layer.PoolingKind.AVERAGE)
            .dense("logits", 2)
            .activation("classes", Layer.Function.SOFTMAX)
            .build();
    Engine engine = Engines.forTraining();
    try (Predictor predictor =
            engine.predictor(SAME, Initialization.of(SAME, 1), engine.devices().get(0));
        Features<ClassScores> features =
            new Features<>(
                task,
                Ends.of(top, task),
                new ModelSpec.Input(
                    Axes.NCHW,
                    1,
                    new Normalization.Fixed(List.of(0.0), List.of(1.0)),
                    PixelSize.UNCALIBRATED),
                predictor,
                planes("train", greys),
                planes("validation", 0, 250),
                FineTuning.HEAD,
                Long.MAX_VALUE,
                Progress.NONE)) {
      return features.shrinkage();
    }
  }

  /** The variance of 0, 10, 20 and 30 is 125; ten times the contrast gives a hundred times it. */
  @Test
  void aHeadIsShrunkInProportionToTheVarianceOfItsFeatures() {
    assertEquals(0.2 * 125, shrinkage(0, 10, 20, 30), 1e-6);
    assertEquals(0.2 * 1.25, shrinkage(7, 8, 9, 10), 1e-6);
  }

  /** Of 0 and 20, as often, the variance is 100; of 400 images half as much is asked as of 200. */
  @Test
  void manyImagesNeedLessOfIt() {
    for (int count : new int[] {200, 400}) {
      int[] greys = new int[count];
      for (int i = 0; i < count; i++) greys[i] = i % 2 * 20;
      assertEquals(0.2 * 100 * 200 / count, shrinkage(greys), 1e-6);
    }
  }
}
