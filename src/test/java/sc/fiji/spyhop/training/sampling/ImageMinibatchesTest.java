package sc.fiji.spyhop.training.sampling;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import net.imglib2.img.array.ArrayImgs;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.dataset.Augmentation;
import sc.fiji.spyhop.dataset.Dataset;
import sc.fiji.spyhop.dataset.Sample;
import sc.fiji.spyhop.engine.Device;
import sc.fiji.spyhop.engine.Predictor;
import sc.fiji.spyhop.engine.RectifierRule;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.Normalization;
import sc.fiji.spyhop.image.PixelSize;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.NetworkBuilder;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.prediction.ClassScores;
import sc.fiji.spyhop.task.Classification;
import sc.fiji.spyhop.task.Ends;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;

class ImageMinibatchesTest {

  private static final Network NETWORK =
      NetworkBuilder.input("image", Shape.of(1, 2, 2))
          .flatten("flat")
          .dense("fc", 2)
          .activation("p", sc.fiji.spyhop.network.Layer.Function.SOFTMAX)
          .build();

  /** Says the same of all, and counts how many it is shown at once. */
  private static final class Counter implements Predictor {
    private final List<Integer> shown = new ArrayList<>();

    @Override
    public Network network() {
      return NETWORK;
    }

    @Override
    public Device device() {
      return new Device(Device.Kind.CPU, 0, "test");
    }

    @Override
    public Map<String, Tensor> activations(Map<String, Tensor> inputs, Collection<String> layers) {
      int n = inputs.get("image").size('N');
      shown.add(n);
      float[] half = new float[2 * n];
      Arrays.fill(half, 0.5f);
      return Map.of(NETWORK.outputs().get(0), new Tensor(Axes.NC, new int[] {n, 2}, half));
    }

    @Override
    public Tensor gradient(
        Map<String, Tensor> inputs,
        Collection<String> layers,
        UnaryOperator<Map<String, Tensor>> slopes,
        String of,
        RectifierRule rule) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
  }

  private static Dataset<ClassScores> images(int n) {
    List<Sample<ClassScores>> samples = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      byte[] pixels = {(byte) i, 1, 2, 3};
      samples.add(
          new Sample<>(
              new Frame(
                  "image" + i, ArrayImgs.unsignedBytes(pixels, 2, 2, 1), PixelSize.UNCALIBRATED),
              ClassScores.certain(i % 2, 2)));
    }
    return Dataset.ofSamples(samples);
  }

  @Test
  void validationLooksAtNoMoreImagesAtOnceThanTraining() {
    Classification task = Classification.of(List.of("a", "b"));
    ModelSpec.Input input =
        new ModelSpec.Input(
            Axes.NCHW,
            1,
            Normalization.ofEachImage("min_max").orElseThrow(),
            PixelSize.UNCALIBRATED);
    MinibatchSampler sampler =
        MinibatchSampler.of(
            new TrainingImages<>(
                NETWORK,
                input,
                images(6),
                images(8),
                new SamplingOptions(3, 2, 0, Augmentation.NONE, 1)),
            task,
            Ends.of(NETWORK, task),
            Progress.NONE);
    Counter counter = new Counter();
    sampler.score(counter, e -> {}, Progress.NONE);
    assertEquals(List.of(3, 3, 2), counter.shown);
  }
}
