package sc.fiji.spyhop.exchange.onnx;

import com.google.protobuf.CodedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import sc.fiji.spyhop.SpyhopException;

/**
 * Writes models as protocol buffers, with the field numbers of <a
 * href="https://github.com/onnx/onnx/blob/main/onnx/onnx.proto">onnx.proto</a>. Values of tensors
 * become {@code raw_data}.
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
    return checkedSize(model(model));
  }

  /**
   * Writes to a stream, which stays open.
   *
   * @throws SpyhopException if the model takes 2 GB or more; nothing is written
   */
  public static void write(OnnxModel model, OutputStream out) throws IOException {
    Message message = model(model);
    checkedSize(message);
    CodedOutputStream coded = CodedOutputStream.newInstance(out, CHUNK);
    message.writeTo(coded);
    coded.flush();
  }

  /**
   * The bytes outside of Java's heap, from position to limit.
   *
   * @throws SpyhopException if the model takes 2 GB or more
   */
  public static ByteBuffer toDirectBuffer(OnnxModel model) {
    Message message = model(model);
    ByteBuffer bytes = ByteBuffer.allocateDirect(checkedSize(message));
    CodedOutputStream coded = CodedOutputStream.newInstance(bytes);
    try {
      message.writeTo(coded);
      coded.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.rewind();
  }

  private static int checkedSize(Message message) {
    if (message.size() > Integer.MAX_VALUE) {
      throw new SpyhopException(
          "An ONNX model in one piece holds less than 2 GB, this one takes "
              + (message.size() >> 20)
              + " MB.");
    }
    return (int) message.size();
  }

  private static Message model(OnnxModel model) {
    Message m =
        new Message()
            .number(1, model.irVersion())
            .textIfAny(2, model.producer())
            .textIfAny(3, model.producerVersion())
            .textIfAny(6, model.documentation())
            .message(7, graph(model.graph()));
    for (Map.Entry<String, Long> opset : model.opsets().entrySet()) {
      m.message(8, new Message().textIfAny(1, opset.getKey()).number(2, opset.getValue()));
    }
    for (Map.Entry<String, String> pair : model.metadata().entrySet()) m.message(14, pair(pair));
    return m;
  }

  private static Message pair(Map.Entry<String, String> pair) {
    return pair(pair.getKey(), pair.getValue());
  }

  private static Message pair(String key, String value) {
    return new Message().text(1, key).text(2, value);
  }

  private static Message graph(OnnxGraph graph) {
    Message m = new Message();
    for (OnnxNode node : graph.nodes()) m.message(1, node(node));
    m.text(2, graph.name());
    for (OnnxTensor tensor : graph.initializers()) m.message(5, tensor(tensor));
    for (OnnxValue value : graph.inputs()) m.message(11, value(value));
    for (OnnxValue value : graph.outputs()) m.message(12, value(value));
    for (OnnxValue value : graph.values()) m.message(13, value(value));
    return m;
  }

  private static Message node(OnnxNode node) {
    Message m = new Message();
    for (String input : node.inputs()) m.text(1, input);
    for (String output : node.outputs()) m.text(2, output);
    m.textIfAny(3, node.name()).text(4, node.op());
    node.attributes().forEach((name, attribute) -> m.message(5, attribute(name, attribute)));
    return m.textIfAny(7, node.domain());
  }

  private static Message attribute(String name, OnnxAttribute attribute) {
    Message m = new Message().text(1, name);
    if (attribute instanceof OnnxAttribute.Real a) {
      return m.real(2, a.value()).number(20, 1);
    } else if (attribute instanceof OnnxAttribute.Int a) {
      return m.number(3, a.value()).number(20, 2);
    } else if (attribute instanceof OnnxAttribute.Text a) {
      return m.text(4, a.value()).number(20, 3);
    } else if (attribute instanceof OnnxAttribute.Constant a) {
      return m.message(5, tensor(a.value())).number(20, 4);
    } else if (attribute instanceof OnnxAttribute.Reals a) {
      for (float value : a.values()) m.real(7, value);
      return m.number(20, 6);
    } else if (attribute instanceof OnnxAttribute.Ints a) {
      for (long value : a.values()) m.number(8, value);
      return m.number(20, 7);
    } else if (attribute instanceof OnnxAttribute.Texts a) {
      for (String value : a.values()) m.text(9, value);
      return m.number(20, 8);
    }
    throw new IllegalArgumentException("onnx: attribute " + name + " has a kind not written here");
  }

  private static Message value(OnnxValue value) {
    Message type = new Message().number(1, value.type().code());
    value
        .shape()
        .ifPresent(
            dimensions -> {
              Message shape = new Message();
              for (OnnxValue.Dimension d : dimensions) {
                Message dimension = new Message();
                d.size().ifPresent(size -> dimension.number(1, size));
                shape.message(1, dimension.textIfAny(2, d.symbol()));
              }
              type.message(2, shape);
            });
    return new Message().text(1, value.name()).message(2, new Message().message(1, type));
  }

  private static Message tensor(OnnxTensor tensor) {
    Message m = new Message();
    for (long size : tensor.shape()) m.number(1, size);
    m.number(2, tensor.type().code()).textIfAny(8, tensor.name());
    OnnxTensor.Values values = tensor.values();
    if (values instanceof OnnxTensor.Floats v) {
      return raw(m, v.values().length, 4, (b, i) -> b.putFloat(v.values()[i]));
    } else if (values instanceof OnnxTensor.Doubles v) {
      return raw(m, v.values().length, 8, (b, i) -> b.putDouble(v.values()[i]));
    } else if (values instanceof OnnxTensor.Longs v) {
      return raw(m, v.values().length, 8, (b, i) -> b.putLong(v.values()[i]));
    } else if (values instanceof OnnxTensor.Ints v) {
      return raw(m, v.values().length, 4, (b, i) -> b.putInt(v.values()[i]));
    } else if (values instanceof OnnxTensor.Raw v) {
      return m.bytes(9, v.bytes().remaining(), out -> out.write(v.bytes().duplicate()));
    } else if (values instanceof OnnxTensor.External v) {
      m.message(13, pair("location", v.location()));
      m.message(13, pair("offset", Long.toString(v.offset())));
      if (v.length() >= 0) m.message(13, pair("length", Long.toString(v.length())));
      return m.number(14, 1);
    }
    throw new AssertionError(values);
  }

  private interface Put {
    void at(ByteBuffer bytes, int i);
  }

  private static Message raw(Message m, int count, int width, Put put) {
    return m.bytes(
        9,
        (long) count * width,
        out -> {
          ByteBuffer chunk = ByteBuffer.allocate(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
          for (int i = 0; i < count; i++) {
            put.at(chunk, i);
            if (!chunk.hasRemaining() || i == count - 1) {
              out.write(chunk.flip());
              chunk.clear();
            }
          }
        });
  }
}
