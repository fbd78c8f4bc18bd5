package sc.fiji.spyhop.exchange;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sc.fiji.spyhop.engine.selection.Engines;
import sc.fiji.spyhop.exchange.graph.Imported;

/**
 * Networks that Keras, PyTorch and ONNX's own tools wrote predict what those say. {@code
 * foreign_networks.py} and {@code normalized_networks.py} in {@code src/test/python} made the
 * files, and say how.
 */
class ForeignNetworksTest {

  @TempDir Path folder;

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
    ForeignNetwork foreign = ForeignNetwork.of(name + ending, folder);
    if (name.startsWith("caffe")) {
      try (InputStream in = getClass().getResourceAsStream(name + ".prototxt")) {
        Files.copy(in, folder.resolve("net.prototxt"));
      }
    }
    Imported net = foreign.read();
    foreign.assertSaid(foreign.run(net, Engines.forPrediction(net.network())));
  }
}
