package sc.fiji.spyhop.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.engine.Predictor;
import sc.fiji.spyhop.engine.selection.Engines;
import sc.fiji.spyhop.exchange.graph.Imported;
import sc.fiji.spyhop.network.OnnxGraph;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;

/**
 * Architectures of torchvision and Keras, with few channels and random weights, written by their
 * own exporters; expected values are those of PyTorch and Keras. See {@code
 * src/test/python/small_networks.py}.
 */
class SmallNetworksTest {

  @TempDir Path folder;

  private static InputStream resource(String name) {
    return SmallNetworksTest.class.getResourceAsStream("small/" + name);
  }

  @ParameterizedTest
  @CsvSource({
    "convnext-11.onnx, convnext",
    "convnext-18.onnx, convnext",
    "densenet-11.onnx, densenet",
    "densenet-18.onnx, densenet",
    "efficientnet-11.onnx, efficientnet",
    "efficientnet-18.onnx, efficientnet",
    "mobilenet_v2-11.onnx, mobilenet_v2",
    "mobilenet_v2-18.onnx, mobilenet_v2",
    "mobilenet_v3-11.onnx, mobilenet_v3",
    "mobilenet_v3-18.onnx, mobilenet_v3",
    "regnet-11.onnx, regnet",
    "regnet-18.onnx, regnet",
    "resnet-11.onnx, resnet",
    "resnet-18.onnx, resnet",
    "shufflenet_v2-11.onnx, shufflenet_v2",
    "shufflenet_v2-18.onnx, shufflenet_v2",
    "convnext_keras.h5, convnext_keras",
    "convnext_keras.keras, convnext_keras",
    "efficientnet_keras.keras, efficientnet_keras",
    "nasnet.h5, nasnet"
  })
  void saysWhatItsOwnProgramSays(String file, String name) throws IOException {
    Path path = folder.resolve(file);
    boolean packed = !file.endsWith(".onnx");
    try (InputStream in = resource(packed ? file + ".gz" : file)) {
      Files.write(path, (packed ? new GZIPInputStream(in) : in).readAllBytes());
    }
    JsonNode told;
    try (InputStream in = resource(name + ".json")) {
      told = JsonMapper.builder().build().readTree(in);
    }
    Imported net = Source.of(path).read(Optional.empty());
    assertTrue(OnnxGraph.fileIn(net.network()).isEmpty());
    int[] shape = {1, 0, 0, 0};
    for (int i = 0; i < 3; i++) shape[i + 1] = told.path("shape").get(i).asInt();
    float[] pixels = new float[shape[1] * shape[2] * shape[3]];
    for (int i = 0; i < pixels.length; i++) pixels[i] = (float) (37 * i % 101 / 50.0 - 1);
    Engine engine = Engines.forTraining();
    try (Predictor p = engine.predictor(net.network(), net.weights(), engine.devices().get(0))) {
      String input = net.network().inputs().get(0).name();
      float[] found = p.predict(Map.of(input, new Tensor(Axes.NCHW, shape, pixels))).get(0).data();
      assertEquals(told.path("expected").size(), found.length);
      for (int i = 0; i < found.length; i++) {
        assertEquals(told.path("expected").get(i).asDouble(), found[i], 2e-5, "class " + i);
      }
    }
  }
}
