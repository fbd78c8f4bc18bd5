package sc.fiji.spyhop.exchange.caffe;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.engine.Predictor;
import sc.fiji.spyhop.engine.selection.Engines;
import sc.fiji.spyhop.exchange.graph.Imported;
import sc.fiji.spyhop.exchange.graph.SharedData;
import sc.fiji.spyhop.exchange.onnx.OnnxImport;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;

/** The same detector of faces, as its authors published it for Caffe and as ONNX. */
class PretrainedCaffeTest {

  @Test
  void detectorGivesTheSameAsOnnx() {
    Imported caffe =
        CaffeImport.read(
            SharedData.file("pretrained/RFB-320.prototxt"),
            SharedData.file("pretrained/RFB-320.caffemodel"),
            Optional.empty());
    Imported onnx =
        OnnxImport.read(
            SharedData.file("pretrained/version-RFB-320_simplified.onnx"), Optional.empty());
    assertEquals(8, caffe.network().outputs().size());
    assertTrue(caffe.notes().get(0).contains("cut off"), caffe.notes().toString());
    float[] pixels = new float[3 * 240 * 320];
    SplittableRandom random = new SplittableRandom(3);
    for (int i = 0; i < pixels.length; i++) pixels[i] = (float) random.nextDouble(-1, 1);
    Tensor input = new Tensor(Axes.NCHW, new int[] {1, 3, 240, 320}, pixels);
    List<Tensor> a = bySize(outputs(caffe, input));
    List<Tensor> b = bySize(outputs(onnx, input));
    assertEquals(8, b.size());
    double largest = 0;
    for (int i = 0; i < 8; i++) {
      assertArrayEquals(a.get(i).shape(), b.get(i).shape());
      for (int k = 0; k < a.get(i).length(); k++) {
        largest = Math.max(largest, Math.abs(a.get(i).data()[k] - b.get(i).data()[k]));
        assertEquals(a.get(i).data()[k], b.get(i).data()[k], 1e-4);
      }
    }
    assertTrue(spread(a.get(0)) > 0.1, "outputs that do not depend on the input prove nothing");
  }

  /** Scores and boxes by falling size, whichever the files name first. */
  private static List<Tensor> bySize(List<Tensor> outputs) {
    List<Tensor> sorted = new ArrayList<>(outputs);
    sorted.sort((x, y) -> Integer.compare(y.length(), x.length()));
    return sorted;
  }

  private static double spread(Tensor t) {
    double min = Double.MAX_VALUE;
    double max = -min;
    for (float v : t.data()) {
      min = Math.min(min, v);
      max = Math.max(max, v);
    }
    return max - min;
  }

  private static List<Tensor> outputs(Imported imported, Tensor input) {
    Engine engine = Engines.forPrediction(imported.network());
    try (Predictor predictor =
        engine.predictor(imported.network(), imported.weights(), engine.devices().get(0))) {
      return predictor.predict(Map.of(imported.network().inputs().get(0).name(), input));
    }
  }
}
