package sc.fiji.spyhop.exchange;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sc.fiji.spyhop.engine.selection.Engines;
import sc.fiji.spyhop.exchange.graph.Imported;
import sc.fiji.spyhop.network.OnnxGraph;

/**
 * Architectures of torchvision and Keras, with few channels and random weights, written by their
 * own exporters; expected values are those of PyTorch and Keras. See {@code
 * src/test/python/small_networks.py}.
 */
class SmallNetworksTest {

  @TempDir Path folder;

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
    "mobilenet_v3_keras.keras, mobilenet_v3_keras",
    "nasnet.h5, nasnet"
  })
  void saysWhatItsOwnProgramSays(String file, String name) throws IOException {
    ForeignNetwork foreign = ForeignNetwork.of("small/" + file, "small/" + name, folder);
    Imported net = foreign.read();
    assertTrue(OnnxGraph.fileIn(net.network()).isEmpty());
    foreign.assertSaid(foreign.run(net, Engines.forTraining()));
  }
}
