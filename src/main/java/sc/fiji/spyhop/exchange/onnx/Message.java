package sc.fiji.spyhop.exchange.onnx;

import com.google.protobuf.CodedOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A message of the protocol buffer format, gathered field by field. Its size is known before it is
 * written, as the message around it needs.
 */
final class Message {

  private interface Field {
    void writeTo(CodedOutputStream out) throws IOException;
  }

  /** Writes as many bytes as it was said to have. */
  interface Content {
    void writeTo(CodedOutputStream out) throws IOException;
  }

  private static final int LENGTH_DELIMITED = 2;

  private final List<Field> fields = new ArrayList<>();
  private long size;

  /** Bytes it takes. */
  long size() {
    return size;
  }

  void writeTo(CodedOutputStream out) throws IOException {
    for (Field field : fields) field.writeTo(out);
  }

  Message number(int field, long value) {
    size += CodedOutputStream.computeInt64Size(field, value);
    fields.add(out -> out.writeInt64(field, value));
    return this;
  }

  Message real(int field, float value) {
    size += CodedOutputStream.computeFloatSize(field, value);
    fields.add(out -> out.writeFloat(field, value));
    return this;
  }

  Message text(int field, String value) {
    size += CodedOutputStream.computeStringSize(field, value);
    fields.add(out -> out.writeString(field, value));
    return this;
  }

  /** As {@link #text}, but left out if empty, which means the same. */
  Message textIfAny(int field, String value) {
    return value.isEmpty() ? this : text(field, value);
  }

  Message message(int field, Message value) {
    return bytes(field, value.size, value::writeTo);
  }

  Message bytes(int field, long length, Content content) {
    size += CodedOutputStream.computeTagSize(field);
    size += CodedOutputStream.computeUInt64SizeNoTag(length) + length;
    fields.add(
        out -> {
          out.writeTag(field, LENGTH_DELIMITED);
          out.writeUInt64NoTag(length);
          content.writeTo(out);
        });
    return this;
  }
}
