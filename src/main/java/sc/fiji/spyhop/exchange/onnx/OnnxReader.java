package sc.fiji.spyhop.exchange.onnx;

import com.google.protobuf.UnsafeByteOperations;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.exchange.onnx.proto.AttributeProto;
import sc.fiji.spyhop.exchange.onnx.proto.GraphProto;
import sc.fiji.spyhop.exchange.onnx.proto.ModelProto;
import sc.fiji.spyhop.exchange.onnx.proto.NodeProto;
import sc.fiji.spyhop.exchange.onnx.proto.TensorProto;
import sc.fiji.spyhop.exchange.onnx.proto.TensorProto.DataType;
import sc.fiji.spyhop.util.AtomicFile;
import sc.fiji.spyhop.util.FileNames;
import sc.fiji.spyhop.util.ProtobufFile;
import sc.fiji.spyhop.util.Strings;

/**
 * Reads ONNX files. Each tensor has as many values as its shape says; those in other files are read
 * if these lie in the same folder or below.
 */
final class OnnxReader {

  private static final int MAX_DIMENSIONS = 16;

  /** Most numbers in one attribute. */
  private static final int MAX_SETTINGS = 1 << 20;

  private final Path file;

  private OnnxReader(Path file) {
    this.file = file;
  }

  /**
   * Reads a model. No tensor of it refers to other files any more.
   *
   * @throws SpyhopException if it cannot be read, is not an ONNX model, is cut off, or refers to
   *     files elsewhere; names the file
   */
  static ModelProto read(Path file) {
    ModelProto model = ProtobufFile.read(file, ModelProto.getDefaultInstance(), "an ONNX model");
    if (model.getGraph().getNodeCount() == 0) {
      throw new SpyhopException(
          file + ": expected an ONNX model, received a file without a single operation.");
    }
    try {
      TrainingMode.refuse(file, model.getGraph());
      return new OnnxReader(file).complete(model);
    } catch (IOException e) {
      throw new SpyhopException(file + ": cannot be read (" + AtomicFile.reason(e) + ").", e);
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new SpyhopException(file + ": is not a sound ONNX model (" + e.getMessage() + ").", e);
    }
  }

  private ModelProto complete(ModelProto model) throws IOException {
    GraphProto graph = model.getGraph();
    GraphProto.Builder complete = graph.toBuilder();
    for (int i = 0; i < graph.getInitializerCount(); i++) {
      TensorProto tensor = complete(graph.getInitializer(i));
      if (tensor != graph.getInitializer(i)) complete.setInitializer(i, tensor);
    }
    for (int i = 0; i < graph.getNodeCount(); i++) {
      NodeProto node = graph.getNode(i);
      for (int k = 0; k < node.getAttributeCount(); k++) {
        AttributeProto attribute = node.getAttribute(k);
        if (Math.max(attribute.getIntsCount(), attribute.getFloatsCount()) > MAX_SETTINGS) {
          throw new IllegalArgumentException("more than " + MAX_SETTINGS + " numbers in a list");
        }
        if (!attribute.hasT()) continue;
        TensorProto tensor = complete(attribute.getT());
        if (tensor != attribute.getT()) {
          complete.getNodeBuilder(i).getAttributeBuilder(k).setT(tensor);
        }
      }
    }
    return model.toBuilder().setGraph(complete).build();
  }

  /** Checked, and with values that were in another file; else the very same. */
  private TensorProto complete(TensorProto tensor) throws IOException {
    String name = tensor.getName();
    List<Long> shape = tensor.getDimsList();
    if (shape.size() > MAX_DIMENSIONS) {
      throw new IllegalArgumentException("tensor " + name + " of " + shape.size() + " dimensions");
    }
    if (Stored.type(tensor) == DataType.UNDEFINED) {
      throw new SpyhopException(
          Strings.format(
              "%s: tensor %s has a type not known here (%d).", file, name, tensor.getDataType()));
    }
    long count = count(name, shape);
    if (Stored.type(tensor) == DataType.STRING) return tensor;
    if (tensor.getExternalDataCount() > 0) {
      ByteBuffer values = external(tensor, count * Stored.bytes(tensor));
      return tensor.toBuilder().setRawData(UnsafeByteOperations.unsafeWrap(values)).build();
    }
    if (Stored.count(tensor) != count) {
      throw new SpyhopException(
          Strings.format(
              "%s: tensor %s: expected %d values for shape %s, received %d.",
              file, name, count, shape, Stored.count(tensor)));
    }
    return tensor;
  }

  private long count(String name, List<Long> shape) {
    long count = 1;
    for (long size : shape) {
      if (size < 0) {
        throw new SpyhopException(
            Strings.format("%s: tensor %s has the impossible shape %s.", file, name, shape));
      }
      count = Math.multiplyExact(count, size);
    }
    if (count > Integer.MAX_VALUE) {
      throw new SpyhopException(
          Strings.format(
              "%s: tensor %s of shape %s has more values than can be held.", file, name, shape));
    }
    return count;
  }

  /** Values in a file beside this one. */
  private ByteBuffer external(TensorProto tensor, long expected) throws IOException {
    String name = tensor.getName();
    Map<String, String> where = new HashMap<>();
    tensor.getExternalDataList().forEach(e -> where.put(e.getKey(), e.getValue()));
    String location = where.getOrDefault("location", "");
    Path folder = FileNames.folder(file).toRealPath();
    Path other = folder.resolve(location).normalize();
    boolean outside = location.isBlank() || !other.startsWith(folder) || other.equals(folder);
    if (!outside && Files.exists(other)) outside = !other.toRealPath().startsWith(folder);
    if (outside) {
      throw new SpyhopException(
          Strings.format(
              "%s: tensor %s: expected its values in a file within %s, but it names \"%s\"; refused.",
              file, name, folder, location));
    }
    if (!Files.isRegularFile(other)) {
      throw new SpyhopException(
          Strings.format(
              "%s: keeps values of tensor %s in %s, which is not there. Put it beside the model.",
              file, name, location));
    }
    long offset = Long.parseLong(where.getOrDefault("offset", "0"));
    long size = Files.size(other);
    long length = Long.parseLong(where.getOrDefault("length", Long.toString(size - offset)));
    if (offset < 0 || length != expected || Math.addExact(offset, length) > size) {
      throw new SpyhopException(
          Strings.format(
              "%s: tensor %s: expected %d bytes from byte %d of %s, which has %d in all.",
              file, name, expected, offset, location, size));
    }
    if (length > Integer.MAX_VALUE) {
      throw new SpyhopException(file + ": tensor " + name + " is too large.");
    }
    try (FileChannel channel = FileChannel.open(other)) {
      return channel.map(FileChannel.MapMode.READ_ONLY, offset, length);
    }
  }
}
