package sc.fiji.spyhop.exchange.caffe;

import com.google.protobuf.ByteString;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.exchange.caffe.proto.LayerWeights;
import sc.fiji.spyhop.exchange.caffe.proto.NetWeights;
import sc.fiji.spyhop.exchange.caffe.proto.V1LayerWeights;
import sc.fiji.spyhop.util.ProtobufFile;

/** Reads the weights in a {@code .caffemodel}; layers of the first version too. */
final class CaffeModelReader {

  private CaffeModelReader() {}

  /**
   * @return by the name of the layer
   * @throws SpyhopException if it cannot be read or is no such file
   */
  static Map<String, List<CaffeBlob>> read(Path file) {
    NetWeights net = ProtobufFile.read(file, NetWeights.getDefaultInstance(), "a caffemodel");
    Map<String, List<CaffeBlob>> layers = new LinkedHashMap<>();
    for (V1LayerWeights layer : net.getLayersList()) {
      put(layers, file, layer.getName(), layer.getBlobsList());
    }
    for (LayerWeights layer : net.getLayerList()) {
      put(layers, file, layer.getName(), layer.getBlobsList());
    }
    if (layers.isEmpty()) {
      throw new SpyhopException(
          file + ": expected a caffemodel with layers, received a file without any.");
    }
    return layers;
  }

  private static void put(
      Map<String, List<CaffeBlob>> layers, Path file, String name, List<ByteString> blobs) {
    try {
      if (!blobs.isEmpty()) layers.put(name, blobs.stream().map(CaffeBlob::of).toList());
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new SpyhopException(
          file + ": layer " + name + " is not sound (" + e.getMessage() + ").", e);
    }
  }
}
