package sc.fiji.spyhop.exchange.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.engine.Predictor;
import sc.fiji.spyhop.engine.selection.Engines;
import sc.fiji.spyhop.exchange.graph.Imported;
import sc.fiji.spyhop.exchange.graph.SharedData;
import sc.fiji.spyhop.exchange.graph.SharedData.Ranked;
import sc.fiji.spyhop.ij.ChannelChoice;
import sc.fiji.spyhop.ij.Frames;
import sc.fiji.spyhop.ij.ImageFiles;
import sc.fiji.spyhop.image.Colors;
import sc.fiji.spyhop.image.Interpolation;
import sc.fiji.spyhop.image.Normalization;
import sc.fiji.spyhop.image.PixelSize;
import sc.fiji.spyhop.image.Resize;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.tensor.Axes;

/** Networks trained on ImageNet predict what the same files predict in ONNX Runtime. */
class PretrainedOnnxTest {

  private static final Normalization TF =
      new Normalization.Fixed(
          List.of(127.5, 127.5, 127.5), List.of(1 / 127.5, 1 / 127.5, 1 / 127.5));
  private static final Normalization CAFFE =
      new Normalization.Fixed(List.of(104.0, 117.0, 123.0), List.of(1.0, 1.0, 1.0));

  @Test
  void mobileNetV1() {
    check("mobilenet_v1_0.25_128_fp32", Colors.RGB, TF, 1);
  }

  @Test
  void mobileNetV2() {
    check("mobilenet_v2_1.0_224_fp32", Colors.RGB, TF, 1);
  }

  @Test
  void squeezeNet() {
    check("squeezenet1.0_decoded_fp32", Colors.BGR, CAFFE, 0);
  }

  /**
   * @param first index of the class that the tables call 0
   */
  private static void check(String name, Colors colors, Normalization normalization, int first) {
    Path file = SharedData.file("pretrained/" + name + ".onnx");
    Imported imported = OnnxImport.read(file, Optional.empty());
    Shape shape = imported.network().inputs().get(0).shape();
    ModelSpec.Input input =
        new ModelSpec.Input(
            Axes.NCHW,
            3,
            colors,
            new Resize.Cover(
                shape.space().get(1), shape.space().get(0), Interpolation.ANTIALIASED_ROUNDED),
            normalization,
            PixelSize.UNCALIBRATED);
    Engine engine = Engines.forPrediction(imported.network());
    try (Predictor predictor =
        engine.predictor(imported.network(), imported.weights(), engine.devices().get(0))) {
      for (Map.Entry<String, List<Ranked>> photo :
          SharedData.topFive(name + "_reference_top5.csv").entrySet()) {
        var image = ImageFiles.open(SharedData.file(photo.getKey()));
        var frame = Frames.of(image, ChannelChoice.AUTO, 3, colors).get(1, 1);
        float[] p = predictor.predict(input.read(frame)).data();
        compare(photo.getKey(), photo.getValue(), p, first);
      }
    }
  }

  private static void compare(String photo, List<Ranked> expected, float[] p, int first) {
    List<Integer> order =
        IntStream.range(first, p.length)
            .boxed()
            .sorted((a, b) -> Float.compare(p[b], p[a]))
            .map(i -> i - first)
            .toList();
    for (int i = 0; i < expected.size(); i++) {
      Ranked e = expected.get(i);
      assertEquals(e.probability(), p[first + e.index()], 1e-4, photo + ", rank " + i);
      for (Ranked other : expected.subList(0, i)) {
        if (other.probability() - e.probability() > 0.01) {
          assertTrue(order.indexOf(other.index()) < order.indexOf(e.index()), photo);
        }
      }
    }
  }
}
