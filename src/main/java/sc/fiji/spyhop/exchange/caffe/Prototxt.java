package sc.fiji.spyhop.exchange.caffe;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.TextFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.exchange.caffe.proto.LayerParameter;
import sc.fiji.spyhop.exchange.caffe.proto.NetParameter;
import sc.fiji.spyhop.exchange.caffe.proto.V1LayerParameter;
import sc.fiji.spyhop.util.AtomicFile;

/** Reads the architecture in a {@code .prototxt}; what is not declared is skipped. */
final class Prototxt {

  /** The smallest layer takes some bytes here, and some hundred when it is read. */
  private static final long MAX_BYTES = 4L << 20;

  /** Warns of all that is skipped. */
  private static final Logger WARNINGS = Logger.getLogger(TextFormat.class.getName());

  private Prototxt() {}

  /**
   * @return with all layers as those of the second version
   * @throws SpyhopException with the line, if it cannot be read or is of another form
   */
  static NetParameter read(Path file) {
    NetParameter.Builder net = NetParameter.newBuilder();
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new SpyhopException(file + ": expected a prototxt of at most 4 MB.");
      }
      parse(Files.readString(file), net);
    } catch (TextFormat.ParseException e) {
      throw new SpyhopException(file + ": is not a prototxt (line " + e.getMessage() + ").", e);
    } catch (IOException e) {
      throw new SpyhopException(
          file + ": cannot be read as text (" + AtomicFile.reason(e) + ").", e);
    }
    net.getLayersList().forEach(layer -> net.addLayer(ofSecondVersion(layer)));
    return net.clearLayers().build();
  }

  private static void parse(String text, NetParameter.Builder net)
      throws TextFormat.ParseException {
    Level before = WARNINGS.getLevel();
    WARNINGS.setLevel(Level.OFF);
    try {
      TextFormat.Parser.newBuilder().setAllowUnknownFields(true).build().merge(text, net);
    } finally {
      WARNINGS.setLevel(before);
    }
  }

  /** Fields have the same names in both versions; the type is of another kind. */
  private static LayerParameter ofSecondVersion(V1LayerParameter layer) {
    LayerParameter.Builder second = LayerParameter.newBuilder();
    for (Map.Entry<FieldDescriptor, Object> field : layer.getAllFields().entrySet()) {
      String name = field.getKey().getName();
      if (!name.equals("type")) {
        second.setField(second.getDescriptorForType().findFieldByName(name), field.getValue());
      }
    }
    return second.setType(layer.getType().name()).build();
  }
}
