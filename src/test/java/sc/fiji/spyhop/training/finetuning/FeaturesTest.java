package sc.fiji.spyhop.training.finetuning;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.DoubleStream;
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

  /** Shows planes of these greys to a network that leaves them as they are. */
  private static <R> R of(Function<Features<ClassScores>, R> question, int... greys) {
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
      return question.apply(features);
    }
  }

  /** The variance of 0, 10, 20 and 30 is 125; of the same grey everywhere there is none. */
  @Test
  void featuresAreBroughtToAVarianceOfOne() {
    assertEquals(1 / Math.sqrt(125), of(Features::scale, 0, 10, 20, 30), 1e-6);
    assertEquals(1, of(Features::scale, 7, 7, 7), 0);
    Set<Float> shown = new TreeSet<>();
    for (float v : of(f -> f.make(1, 0), 0, 10, 20, 30).inputs().get("as_is").data()) shown.add(v);
    List<Double> expected =
        DoubleStream.of(0, 10, 20, 30).mapToObj(g -> g / Math.sqrt(125)).toList();
    assertEquals(4, shown.size(), shown.toString());
    int i = 0;
    for (float v : shown) assertEquals(expected.get(i++), v, 1e-6);
  }

  @Test
  void manyImagesNeedLessShrinkage() {
    assertEquals(0.2, of(Features::shrinkage, new int[200]), 1e-12);
    assertEquals(0.1, of(Features::shrinkage, new int[400]), 1e-12);
  }
}
