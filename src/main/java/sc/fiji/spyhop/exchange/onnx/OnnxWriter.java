package sc.fiji.spyhop.exchange.onnx;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.exchange.onnx.proto.GraphProto;
import sc.fiji.spyhop.exchange.onnx.proto.ModelProto;
import sc.fiji.spyhop.exchange.onnx.proto.TensorProto;
import sc.fiji.spyhop.tensor.Tensor;

/**
 * Writes models in the ONNX format. Weights become {@code raw_data} on the way out, so that there
 * is no second copy of them in memory.
 */
public final class OnnxWriter {

  private static final int CHUNK = 1 << 16;

  private OnnxWriter() {}

  /**
   * Bytes that a model takes.
   *
   * @throws SpyhopException if it takes 2 GB or more, which one protocol buffer cannot hold
   */
  public static int size(OnnxModel model) {
    long size =
        frame(model).getSerializedSize() + field(ModelProto.GRAPH_FIELD_NUMBER, graph(model));
    if (size > Integer.MAX_VALUE) {
      throw new SpyhopException(
          "An ONNX model in one piece holds less than 2 GB, this one takes "
              + (size >> 20)
              + " MB.");
    }
    return (int) size;
  }

  /**
   * Writes to a stream, which stays open.
   *
   * @throws SpyhopException if the model takes 2 GB or more; nothing is written
   * @throws IOException if the stream fails
   */
  public static void write(OnnxModel model, OutputStream out) throws IOException {
    size(model);
    write(model, CodedOutputStream.newInstance(out, CHUNK));
  }

  /**
   * The bytes outside of Java's heap, from position to limit.
   *
   * @throws SpyhopException if the model takes 2 GB or more
   */
  public static ByteBuffer toDirectBuffer(OnnxModel model) {
    ByteBuffer bytes = ByteBuffer.allocateDirect(size(model));
    try {
      write(model, CodedOutputStream.newInstance(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.rewind();
  }

  /**
   * The bytes on Java's heap.
   *
   * @throws SpyhopException if the model takes 2 GB or more
   */
  public static byte[] toBytes(OnnxModel model) {
    byte[] bytes = new byte[size(model)];
    try {
      write(model, CodedOutputStream.newInstance(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes;
  }

  private static void write(OnnxModel model, CodedOutputStream out) throws IOException {
    frame(model).writeTo(out);
    start(out, ModelProto.GRAPH_FIELD_NUMBER, graph(model));
    model.frame().getGraph().writeTo(out);
    for (Map.Entry<String, Tensor> weight : model.weights().entrySet()) {
      Tensor tensor = weight.getValue();
      TensorProto head = head(weight.getKey(), tensor);
      start(out, GraphProto.INITIALIZER_FIELD_NUMBER, tensor(head, tensor));
      head.writeTo(out);
      start(out, TensorProto.RAW_DATA_FIELD_NUMBER, raw(tensor));
      values(out, tensor.data());
    }
    out.flush();
  }

  /** All but the graph. */
  private static ModelProto frame(OnnxModel model) {
    return model.frame().toBuilder().clearGraph().build();
  }

  /** All but the values. */
  private static TensorProto head(String name, Tensor tensor) {
    TensorProto.Builder head =
        TensorProto.newBuilder().setName(name).setDataType(TensorProto.DataType.FLOAT_VALUE);
    for (int size : tensor.shape()) head.addDims(size);
    return head.build();
  }

  // -- Bytes that parts take --

  private static long graph(OnnxModel model) {
    long size = model.frame().getGraph().getSerializedSize();
    for (Map.Entry<String, Tensor> weight : model.weights().entrySet()) {
      Tensor tensor = weight.getValue();
      size +=
          field(GraphProto.INITIALIZER_FIELD_NUMBER, tensor(head(weight.getKey(), tensor), tensor));
    }
    return size;
  }

  private static long tensor(TensorProto head, Tensor tensor) {
    return head.getSerializedSize() + field(TensorProto.RAW_DATA_FIELD_NUMBER, raw(tensor));
  }

  private static long raw(Tensor tensor) {
    return (long) tensor.length() * Float.BYTES;
  }

  private static long field(int number, long size) {
    return CodedOutputStream.computeTagSize(number)
        + CodedOutputStream.computeUInt64SizeNoTag(size)
        + size;
  }

  /** Starts a field of some bytes, which have to follow. */
  private static void start(CodedOutputStream out, int number, long size) throws IOException {
    out.writeTag(number, WireFormat.WIRETYPE_LENGTH_DELIMITED);
    out.writeUInt64NoTag(size);
  }

  private static void values(CodedOutputStream out, float[] values) throws IOException {
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < values.length; i += CHUNK / Float.BYTES) {
      int n = Math.min(CHUNK / Float.BYTES, values.length - i);
      chunk.asFloatBuffer().put(values, i, n);
      out.write(chunk.array(), 0, n * Float.BYTES);
    }
  }
}
