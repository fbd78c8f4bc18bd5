package sc.fiji.spyhop.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;

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
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;

/**
 * Networks that Keras, PyTorch and ONNX's own tools wrote predict what those say. {@code
 * foreign_networks.py} and {@code normalized_networks.py} in {@code src/test/python} made the
 * files, and say how.
 */
class ForeignNetworksTest {

  @TempDir Path folder;

  private InputStream resource(String name) {
    return ForeignNetworksTest.class.getResourceAsStream(name);
  }

  private void copy(String from, String to) throws IOException {
    try (InputStream in = resource(from)) {
      Files.copy(from.endsWith(".gz") ? new GZIPInputStream(in) : in, folder.resolve(to));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "keras/classifier, .h5",
    "keras/map, .h5",
    "keras/sequential, .h5",
    "keras/archive, .keras",
    "keras/norms, .h5",
    "keras/functions, .h5",
    "onnx/blocks, .onnx",
    "onnx/decoder, .onnx",
    "onnx/old, .onnx",
    "onnx/constants, .onnx",
    "onnx/shapes, .onnx",
    "onnx/reductions, .onnx",
    "onnx/nnunet-17, .onnx",
    "onnx/nnunet-18, .onnx",
    "onnx/resunet-17, .onnx",
    "onnx/resunet-18, .onnx",
    "onnx/resunet-21, .onnx",
    "onnx/convnext-11, .onnx",
    "onnx/convnext-17, .onnx",
    "onnx/convnext-18, .onnx",
    "onnx/decompositions, .onnx",
    "onnx/tensorflow, .onnx",
    "onnx/groups-18, .onnx",
    "onnx/functions_older, .onnx",
    "onnx/functions_newer, .onnx",
    "onnx/spread_older, .onnx",
    "onnx/spread_newer, .onnx",
    "onnx/attention_older, .onnx",
    "onnx/attention_newer, .onnx",
    "onnx/operators, .onnx",
    "caffe/classifier, .caffemodel",
    "caffe/map, .caffemodel"
  })
  void predictsTheSame(String name, String ending) throws IOException {
    copy(name + (name.startsWith("keras") ? ending + ".gz" : ending), "net" + ending);
    if (name.startsWith("caffe")) copy(name + ".prototxt", "net.prototxt");
    JsonNode told;
    try (InputStream in = resource(name + ".json")) {
      told = JsonMapper.builder().build().readTree(in);
    }
    float[] expected = new float[told.path("expected").size()];
    for (int i = 0; i < expected.length; i++) {
      expected[i] = (float) told.path("expected").get(i).asDouble();
    }
    Imported net = Source.of(folder.resolve("net" + ending)).read(Optional.empty());
    float[] actual = run(net, told.path("shape"));
    assertEquals(expected.length, actual.length);
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], actual[i], 2e-5 * Math.max(1, Math.abs(expected[i])));
    }
  }

  private static float[] run(Imported net, JsonNode sizes) {
    int[] shape = {1, sizes.get(0).asInt(), sizes.get(1).asInt(), sizes.get(2).asInt()};
    float[] pixels = new float[shape[1] * shape[2] * shape[3]];
    for (int i = 0; i < pixels.length; i++) pixels[i] = (float) (37 * i % 101 / 50.0 - 1);
    Engine engine = Engines.forPrediction(net.network());
    try (Predictor p = engine.predictor(net.network(), net.weights(), engine.devices().get(0))) {
      String input = net.network().inputs().get(0).name();
      return p.predict(Map.of(input, new Tensor(Axes.NCHW, shape, pixels))).get(0).data();
    }
  }
}
